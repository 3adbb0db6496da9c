"""What is written down of an agreement's life, once and for ever: its steps, and its award."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from purchasing.models.lifecycle import State


class StatusChange(models.Model):
    """One step of an agreement's life. Rows are only ever added."""

    agreement = models.ForeignKey("purchasing.Agreement", on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    """None: the clock did it."""
    verb = models.CharField(max_length=14)
    from_state = models.CharField(max_length=14, choices=State.choices, blank=True)
    to_state = models.CharField(max_length=14, choices=State.choices)
    reason = models.TextField(_("reason"), blank=True)
    version = models.PositiveIntegerField()
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["version", "pk"]
        constraints = [models.UniqueConstraint(fields=["agreement", "version"], name="status_change_once_a_version")]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.get_to_state_display()}"


class Award(models.Model):
    """Who won, at whose price, and why. Never changed."""

    agreement = models.OneToOneField("purchasing.Agreement", on_delete=models.PROTECT, related_name="award_row")
    vendor = models.CharField(_("vendor"), max_length=150)
    price_source = models.CharField(_("price source"), max_length=300)
    price_expires = models.DateField(_("price held until"), null=True, blank=True)
    rationale = models.TextField(_("why this vendor"))
    board_date = models.DateField(_("board approval"), null=True, blank=True)
    awarded_at = models.DateTimeField(_("awarded"))
    awarded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        constraints = [
            models.CheckConstraint(condition=~Q(vendor="") & ~Q(rationale=""), name="award_names_vendor_and_reason")
        ]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.vendor}"
