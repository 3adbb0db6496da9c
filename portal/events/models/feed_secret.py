"""A person's secret address for calendar feeds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.districts.models import User
from portal.districts.models.secret_address import SecretAddress


class FeedSecret(SecretAddress):
    """Opens calendar feeds and nothing else."""

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="feed_secret")

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return str(self.person)
