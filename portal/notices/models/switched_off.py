"""What somebody does not want to be told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SwitchedOff(models.Model):
    """A person does not want mail of this kind."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="switched_off")
    kind = models.CharField(_("kind"), max_length=40)

    class Meta:
        verbose_name = _("mail switched off")
        verbose_name_plural = _("mail switched off")
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="switched_off_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind}"
