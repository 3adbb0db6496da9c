"""What each district plans and commits, the record of every change, and what stood at the closing."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.search.entries.indexing import IndexedModel, IndexedQuerySet, Touched
from purchasing.models.lifecycle import State
from purchasing.models.lines import entries_of


class ParticipationState(models.TextChoices):
    """Where a district stands. PLANNED has named a quantity, JOINED is bound by one."""

    INVITED = "invited", _("Not answered")
    INTERESTED = "interested", _("Interested")
    PLANNED = "planned", _("Plans to buy")
    JOINED = "joined", _("Committed")
    DECLINED = "declined", _("Not this time")
    WITHDRAWN = "withdrawn", _("Withdrawn")


ANSWERED: frozenset[str] = frozenset(
    {ParticipationState.PLANNED, ParticipationState.JOINED, ParticipationState.DECLINED, ParticipationState.WITHDRAWN}
)
"""Answers to the call for commitments. Interest was an answer to the survey only."""


def answers_in(state: str) -> frozenset[str]:
    """The answers to what an agreement in this state asks."""
    return ANSWERED | {ParticipationState.INTERESTED} if state == State.INTEREST else ANSWERED


class Authority(models.TextChoices):
    BOARD = "board", _("Our board approves it")
    DELEGATED = "delegated", _("Within my delegated authority")


class ParticipationQuerySet(IndexedQuerySet["Participation"]):
    unindexed = frozenset({"state", "reason", "invited_at", "answered_at", "answered_by", "answered_by_id"})

    def touched(self) -> Touched:
        """Who is asked sees the agreement, and all that belongs to it."""
        return entries_of(self.order_by().values_list("agreement_id", flat=True))


class Participation(IndexedModel):
    """One district's part in one agreement."""

    agreement = models.ForeignKey("purchasing.Agreement", on_delete=models.PROTECT, related_name="participations")
    district = models.ForeignKey("districts.District", on_delete=models.PROTECT, related_name="participations")
    state = models.CharField(
        _("answer"), max_length=10, choices=ParticipationState.choices, default=ParticipationState.INVITED
    )
    reason = models.TextField(_("reason"), blank=True)
    invited_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["district__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "district"], name="participation_once"),
            models.CheckConstraint(
                condition=Q(state__in=ParticipationState.values), name="participation_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district}: {self.get_state_display()}"


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def counting(self) -> CommitmentQuerySet:
        """Those that are not released: the only ones a total counts."""
        return self.filter(released_at=None)


class Commitment(models.Model):
    """One district's quantity of one line: `committed` binds and sets the price, `planned` does neither.

    `planned` is what the district means to take in all; it is zero once that is committed.
    """

    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="commitments")
    line = models.ForeignKey("purchasing.LineItem", on_delete=models.PROTECT, related_name="commitments")
    planned = models.PositiveIntegerField(_("planned"), default=0)
    committed = models.PositiveIntegerField(_("committed"), default=0)
    authority = models.CharField(_("authority"), max_length=10, choices=Authority.choices, blank=True)
    board_date = models.DateField(_("board date"), null=True, blank=True)
    evidence = models.CharField(_("resolution or policy"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    reported_by = models.CharField(_("reported by"), max_length=150, blank=True)
    reported_how = models.CharField(_("how"), max_length=10, blank=True)
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(_("changed"))

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["line__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "line"], name="commitment_once_a_line"),
            models.CheckConstraint(
                condition=Q(committed=0)
                | Q(authority=Authority.BOARD, board_date__isnull=False)
                | (Q(authority=Authority.DELEGATED) & ~Q(evidence="")),
                name="commitment_binds_with_authority",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation}: {self.committed} ({self.planned})"


class EntryKind(models.TextChoices):
    PLANNED = "planned", _("Planned")
    REPORTED = "reported", _("Entered by the regional office")
    COMMITTED = "committed", _("Committed")
    CHANGED = "changed", _("Changed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    RESTORED = "restored", _("Restored")
    RELEASED = "released", _("Released")
    INTERESTED = "interested", _("Interested")
    DECLINED = "declined", _("Declined")


class CommitmentEntry(models.Model):
    """One change of a district's quantity or answer, with both figures before and after. Rows are only ever added.

    A row says all by itself (no reading of other rows is needed), so that a chain of hashes can be laid over them.
    """

    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="entries")
    line = models.ForeignKey(
        "purchasing.LineItem", on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    """None for an answer about the whole agreement: interested, declined."""
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    planned_before = models.PositiveIntegerField(default=0)
    planned_after = models.PositiveIntegerField(default=0)
    committed_before = models.PositiveIntegerField(default=0)
    committed_after = models.PositiveIntegerField(default=0)
    authority = models.CharField(max_length=10, choices=Authority.choices, blank=True)
    board_date = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=200, blank=True)
    reported_by = models.CharField(max_length=150, blank=True)
    reported_how = models.CharField(max_length=10, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    """The commitment's version after the change; 0 without a line."""

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.participation_id}/{self.line_id}: {self.kind} {self.committed_after}"


class QuantitySnapshot(models.Model):
    """What every district had planned and committed when the quantities were fixed."""

    agreement = models.ForeignKey("purchasing.Agreement", on_delete=models.PROTECT, related_name="snapshots")
    at = models.DateTimeField(_("at"))
    superseded_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    class Meta:
        verbose_name = _("fixed quantities")
        verbose_name_plural = _("fixed quantities")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(superseded_at__isnull=True), name="snapshot_in_force_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} @ {self.at:%Y-%m-%d %H:%M}"


class SnapshotRow(models.Model):
    """Rows are only ever added."""

    snapshot = models.ForeignKey(QuantitySnapshot, on_delete=models.PROTECT, related_name="rows")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey("purchasing.LineItem", on_delete=models.PROTECT, related_name="+")
    planned = models.PositiveIntegerField()
    committed = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "participation", "line"], name="snapshot_row_once")]

    def __str__(self) -> str:
        return f"{self.snapshot_id}: {self.participation_id}/{self.line_id} {self.committed}"
