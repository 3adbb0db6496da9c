"""A person's secret address for feeds of searches."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.districts.models.secret_address import SecretAddress


class SearchFeedSecret(SecretAddress):
    """Opens feeds of searches and nothing else."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="search_feed_secret")

    class Meta:
        db_table = "search_searchfeedsecret"
        verbose_name = _("feed address")
        verbose_name_plural = _("feed addresses")

    def __str__(self) -> str:
        return str(self.person)
