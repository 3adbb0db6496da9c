"""What every deed of a district does before and after what is its own.

The agreement's row is locked first and what is stored is judged; then the quantity, its record and the line's total are
written in one transaction. The total's CHECK keeps the cap where there is no row lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from portal.districts.models import District, User
from portal.refusals import Refused, Stale
from purchasing.deeds.evidence import Approval, Report
from purchasing.deeds.notify import less_committed
from purchasing.deeds.transition import close_if_due
from purchasing.models.agreements import Agreement
from purchasing.models.lifecycle import State
from purchasing.models.lines import LineItem
from purchasing.models.quantities import Commitment, CommitmentEntry, Participation
from purchasing.models.units import counted

MOST_UNITS = 1_000_000


class CapReached(Refused):
    """More than the cap leaves. `left` units may still be committed."""

    def __init__(self, line: LineItem, left: int) -> None:
        self.left = left
        super().__init__(
            _("Cap reached: %(left)s left of %(item)s.") % {"left": counted(left, line.unit), "item": line.name}
        )


class Closed(Refused):
    """The agreement does not take quantities now: no other quantity would do."""


@dataclass(slots=True)
class DistrictDeed:
    """One district's deed under way: the locked agreement's participation and its commitments by line."""

    participation: Participation
    by: User
    at: datetime
    rows: dict[int, Commitment] = field(default_factory=dict)
    entries: list[CommitmentEntry] = field(default_factory=list)

    def answer(self, state: str, reason: str = "") -> None:
        mine = self.participation
        mine.state, mine.reason, mine.answered_at, mine.answered_by = state, reason, self.at, self.by
        mine.save(update_fields=["state", "reason", "answered_at", "answered_by"])

    def version(self, line_id: int) -> int:
        """Of the line's quantity; 0 where there is none."""
        return self.rows[line_id].version if line_id in self.rows else 0

    def say(self, kind: str, reason: str = "") -> None:
        """An entry about the whole agreement."""
        self.entries.append(
            CommitmentEntry(participation=self.participation, at=self.at, by=self.by, kind=kind, reason=reason)
        )

    def set(
        self,
        line: LineItem,
        kind: str,
        *,
        planned: int,
        committed: int,
        approval: Approval | None = None,
        report: Report | None = None,
        note: str = "",
    ) -> None:
        """Write one line's two figures, the entry that records it, and the line's total. No change writes nothing."""
        row = self.rows.get(line.pk) or Commitment(
            participation=self.participation, line=line, version=0, changed_at=self.at
        )
        before = (row.planned, row.committed)
        if before == (planned, committed) and approval is None and report is None:
            return
        row.planned, row.committed, row.changed_at, row.note = planned, committed, self.at, note or row.note
        if approval is not None:
            row.authority, row.board_date = approval.authority, approval.board_date
            row.evidence = approval.evidence.strip()
        row.reported_by, row.reported_how, row.reported_at = "", "", None
        if report is not None:
            row.reported_by, row.reported_how, row.reported_at = report.by.strip(), report.how, report.at
        _save(row)
        self.rows[line.pk] = row
        self.entries.append(
            CommitmentEntry(
                participation=self.participation,
                line=line,
                at=self.at,
                by=self.by,
                kind=kind,
                planned_before=before[0],
                committed_before=before[1],
                planned_after=planned,
                committed_after=committed,
                authority=row.authority if committed else "",
                board_date=row.board_date if committed else None,
                evidence=row.evidence if committed else "",
                reported_by=row.reported_by,
                reported_how=row.reported_how,
                reported_at=row.reported_at,
                reason=note,
                version=row.version,
            )
        )
        _count(line, committed - before[1])


def _save(row: Commitment) -> None:
    """Insert, or update only what was read: no row lock is relied on."""
    seen, row.version = row.version, row.version + 1
    if row.pk is None:
        row.save()
        return
    fields = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    if not Commitment.objects.filter(pk=row.pk, version=seen).update(**fields):
        raise Stale(_("Somebody changed this quantity at the same moment. Reload the page and look again."))


def _count(line: LineItem, more: int) -> None:
    """Move the line's total by `more`; the condition is judged by the database, on what is stored."""
    if not more:
        return
    fits = Q(cap=None) | Q(cap__gte=F("committed") + more)
    rows = LineItem.objects.filter(pk=line.pk)
    if not (rows.filter(fits) if more > 0 else rows).update(committed=F("committed") + more):
        cap, committed = rows.values_list("cap", "committed").get()
        raise CapReached(line, max((cap or 0) - committed, 0))


@contextmanager
def for_district(
    agreement: Agreement,
    district: District | int,
    *,
    by: User,
    at: datetime,
    taken_at: Callable[[Agreement, datetime], bool],
) -> Iterator[DistrictDeed]:
    """Close what is due, lock the agreement, judge its state, read what the district has; write entries at the end.

    The district's answer, too, is read under the lock: read before it, a commitment made meanwhile would be unseen.
    """
    close_if_due(agreement, at)
    with transaction.atomic():
        stored = (
            Agreement.objects.select_for_update(no_key=True).only("state", "closes_at", "zone").get(pk=agreement.pk)
        )
        participation = Participation.objects.filter(agreement=agreement, district=id_of(district)).first()
        if participation is None:
            raise PermissionDenied
        if not taken_at(stored, at):
            raise Closed(
                _("This agreement is “%(state)s”: quantities cannot be changed now. Ask its lead agency.")
                % {"state": State(stored.state_at(at)).label}
            )
        rows = Commitment.objects.filter(participation=participation)
        deed = DistrictDeed(participation, by, at, {row.line_id: row for row in rows})
        yield deed
        CommitmentEntry.objects.bulk_create(deed.entries)
        if any(entry.committed_after < entry.committed_before for entry in deed.entries):
            less = {entry.line_id: entry.committed_before - entry.committed_after for entry in deed.entries}
            less_committed(agreement, less, at)


def lines_named(agreement: Agreement, quantities: Mapping[int, int]) -> dict[int, LineItem]:
    """The lines named, in a fixed order, all of them this agreement's. Refuses impossible quantities."""
    if any(not 0 <= quantity <= MOST_UNITS for quantity in quantities.values()):
        raise Refused(_("A quantity is a whole number from 0 to 1,000,000."))
    lines = {line.pk: line for line in agreement.lines.filter(pk__in=quantities).order_by("pk")}
    if len(lines) != len(quantities):
        raise Refused(_("That item is not part of this agreement."))
    return lines


def id_of(district: District | int) -> int:
    return district if isinstance(district, int) else district.pk
