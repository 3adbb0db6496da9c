"""What a meeting talks about, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.districts.models import District, User
from portal.districts.models.standing import standing_of
from portal.events.models.edited import Edited
from portal.events.models.meetings import Meeting, MinutesState, _readable
from portal.events.models.series import MeetingSeries
from portal.search.indexed import IndexedModel, IndexedQuerySet, Touched

if TYPE_CHECKING:
    from portal.districts.models.standing import Standing


class ItemKind(models.TextChoices):
    INFORMATION = "information", _("Information")
    DISCUSSION = "discussion", _("Discussion")
    DECISION = "decision", _("Decision")


class AgendaItemQuerySet(IndexedQuerySet["AgendaItem"]):
    unindexed = frozenset({"version", "minutes_planned", "kind", "linked_kind", "linked_id", "is_finished", "repeats"})

    def touched(self) -> Touched:
        """The items, and the meetings that name them; the minutes hold their notes."""
        rows = list(self.order_by().values_list("pk", "meeting_id"))
        meetings = list({meeting_id for _pk, meeting_id in rows})
        return [("agenda-item", [pk for pk, _ in rows]), ("meeting", meetings), ("minutes", meetings)]

    def accepted(self) -> AgendaItemQuerySet:
        """On the agenda, in order; what members proposed is not, until the host takes it."""
        return self.filter(is_proposal=False).order_by("position", "pk")


class AgendaItem(IndexedModel, Edited):
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind.choices, default=ItemKind.DISCUSSION)
    minutes_planned = models.PositiveSmallIntegerField(_("minutes"), default=10)
    owner = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who leads it"),
        help_text=_("Empty: the host."),
    )
    body = models.TextField(_("what it is about"), max_length=10_000, blank=True)
    notes = models.TextField(_("minutes"), max_length=50_000, blank=True)
    version = models.PositiveIntegerField(default=0)
    """Rises with every save of the notes, so that a stale one is noticed."""
    linked_kind = models.CharField(max_length=40, blank=True)
    """With `linked_id`: a thing that search knows; resolved by `portal.search.links` for each reader."""
    linked_id = models.BigIntegerField(null=True, blank=True)
    carried_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carried_to", editable=False
    )
    repeats = models.BooleanField(_("on every agenda"), default=False)
    is_finished = models.BooleanField(_("finished"), default=False)
    is_proposal = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    EDITED = ("title", "kind", "minutes_planned", "owner", "body", "repeats")

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "carried_from"], name="agenda_item_carried_once"),
            models.CheckConstraint(
                condition=Q(linked_kind="", linked_id__isnull=True) | (~Q(linked_kind="") & Q(linked_id__isnull=False)),
                name="agenda_item_link_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["linked_kind", "linked_id"], name="agenda_item_by_link")]

    def __str__(self) -> str:
        return self.title

    @property
    def link_key(self) -> tuple[str, int] | None:
        return (self.linked_kind, self.linked_id) if self.linked_id is not None else None


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
        """The county's, once the minutes they stand in are sent round; before that the host's."""
        standing: Standing = standing_of(user)
        if standing.is_officer:
            return self.all()
        if not standing.is_member:
            return self.none()
        hosted = Q(series__regional_office__in=standing.office_ids)
        return self.filter(hosted | (_readable(standing) & ~Q(meeting__minutes_state=MinutesState.DRAFT)))

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

    def close(self, *, by: User | None, at: datetime) -> None:
        """A second press changes nothing."""
        if self.closed_at is None:
            self.closed_at, self.closed_by = at, by
            self.save(update_fields=["closed_at", "closed_by"])

    def reopen(self) -> None:
        self.closed_at = self.closed_by = None
        self.save(update_fields=["closed_at", "closed_by"])
