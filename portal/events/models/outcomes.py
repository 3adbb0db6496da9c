"""What came of a meeting: decisions, and actions that districts or the host took on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.districts.models import District, User
from portal.districts.models.standing import standing_of
from portal.events.models.agendas import AgendaItem
from portal.events.models.meetings import Meeting, MinutesState, readable_to
from portal.events.models.series import MeetingSeries
from portal.search.entries.indexing import IndexedModel, IndexedQuerySet, Touched


class DecisionQuerySet(IndexedQuerySet["Decision"]):
    def touched(self) -> Touched:
        return [("minutes", list(self.order_by().values_list("meeting_id", flat=True)))]


class Decision(IndexedModel):
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    item = models.ForeignKey(AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions")
    text = models.TextField(_("decision"), max_length=2000)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class ActionItemQuerySet(IndexedQuerySet["ActionItem"]):
    kind = "action"

    def visible_to(self, user: Any) -> ActionItemQuerySet:
        """The county's, once the minutes they stand in are sent out; before that the host's."""
        standing = standing_of(user)
        if standing.is_officer:
            return self.all()
        if not standing.is_member:
            return self.none()
        hosted = Q(series__regional_office__in=standing.office_ids)
        return self.filter(hosted | (readable_to(standing) & ~Q(meeting__minutes_state=MinutesState.DRAFT)))

    def sent_round(self) -> ActionItemQuerySet:
        """Those that every member of the county may know."""
        return self.exclude(meeting__minutes_state=MinutesState.DRAFT)

    def open(self) -> ActionItemQuerySet:
        """Not closed; those due first come first, those without a date last."""
        return self.filter(closed_at__isnull=True).order_by(models.F("due").asc(nulls_last=True), "pk")


class ActionItem(IndexedModel):
    """Something a district or the host took on; it belongs to the series and stays on its pages until closed."""

    series = models.ForeignKey(MeetingSeries, on_delete=models.CASCADE, related_name="actions")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="actions")
    item = models.ForeignKey(AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="actions")
    text = models.TextField(_("what is to be done"), max_length=1000)
    owner = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who does it"),
        help_text=_("Empty: the host."),
    )
    due = models.DateField(_("due"), null=True, blank=True)
    closed_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["series"], condition=Q(closed_at__isnull=True), name="action_open_in_series"),
        ]

    def __str__(self) -> str:
        return self.text

    def close(self, *, by: User, at: datetime) -> None:
        """A second press changes nothing."""
        if self.closed_at is None:
            self.closed_at, self.closed_by = at, by
            self.save(update_fields=["closed_at", "closed_by"])

    def reopen(self) -> None:
        self.closed_at = self.closed_by = None
        self.save(update_fields=["closed_at", "closed_by"])
