"""The days that law or the chapter's policy sets for buying."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class BuyingRule(models.Model):
    """Numbers that law or the chapter's policy sets, in force from a day on; an officer edits them."""

    in_force_from = models.DateField(_("in force from"), unique=True)
    open_days = models.PositiveSmallIntegerField(
        _("days open for commitments, at least"), default=1, help_text=_("From opening to closing.")
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days from public notice to bid closing, at least"), default=10, help_text=_("As your statute says.")
    )

    class Meta:
        verbose_name = _("buying rule")
        verbose_name_plural = _("buying rules")
        ordering = ["-in_force_from"]

    def __str__(self) -> str:
        return str(_("Buying rules from %(day)s") % {"day": self.in_force_from})

    @classmethod
    def on(cls, day: date) -> BuyingRule:
        """The rule in force on the day; the defaults where none is written."""
        return cls.objects.filter(in_force_from__lte=day).first() or cls(in_force_from=day)
