"""Who comes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.districts.models import District, User


class Reply(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    MAYBE = "maybe", _("Maybe")
    NO = "no", _("No")


class Rsvp(models.Model):
    """One person's answer, or what a district reported by phone (`person` is None). The latest for a date counts.

    Where the meeting moves, nobody has answered for its new date; what was said for the old one stays, and counts again
    if the meeting moves back.
    """

    meeting = models.ForeignKey("events.Meeting", on_delete=models.CASCADE, related_name="rsvps")
    person = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="rsvps")
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """The district the person speaks for; None for hosts and officers."""
    starts_at = models.DateTimeField(_("for the date"))
    """When the meeting was to start as the answer was given."""
    answer = models.CharField(_("answer"), max_length=10, choices=Reply.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered"))
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person", "starts_at"],
                condition=Q(person__isnull=False),
                name="rsvp_once_a_person_and_date",
            ),
            models.UniqueConstraint(
                fields=["meeting", "district", "starts_at"],
                condition=Q(person__isnull=True),
                name="rsvp_by_phone_once_a_district_and_date",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(district__isnull=False), name="rsvp_is_somebodys"
            ),
            models.CheckConstraint(condition=Q(answer__in=Reply.values), name="rsvp_answer_known"),
        ]

    def __str__(self) -> str:
        return f"{self.district or self.person}: {self.get_answer_display()}"
