"""Who came."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.districts.models import District
from portal.events.models.meetings import Meeting


class Attendance(models.Model):
    """A district that was there, with how many people."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="attendance")
    people = models.PositiveSmallIntegerField(_("people"), default=1)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["district__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "district"], name="attendance_once_a_district"),
            models.CheckConstraint(condition=Q(people__gt=0), name="attendance_of_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.district}: {self.people}"
