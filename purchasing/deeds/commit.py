"""A district's deeds in an agreement: show interest, plan, commit, withdraw, decline; and the host's entry for it.

Every deed locks the agreement's row first and judges what is stored, then writes the quantity, its record and the
line's total in one transaction. The total's CHECK keeps the cap where there is no row lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from purchasing import rules
from purchasing.deeds.notify import less_committed
from purchasing.models.agreements import Agreement
from purchasing.models.lifecycle import IllegalTransition, State
from purchasing.models.lines import LineItem
from purchasing.models.quantities import (
    Authority,
    Commitment,
    CommitmentEntry,
    EntryKind,
    Participation,
    ParticipationState,
)
from purchasing.models.units import counted

if TYPE_CHECKING:
    from portal.districts.models import District, User

MOST_UNITS = 1_000_000


class CapReached(IllegalTransition):
    """More than the cap leaves. `left` units may still be committed."""

    def __init__(self, line: LineItem, left: int) -> None:
        self.left = left
        super().__init__(
            _("Cap reached: %(left)s left of %(item)s.") % {"left": counted(left, line.unit), "item": line.name}
        )


class Closed(IllegalTransition):
    """The agreement does not take quantities now."""


class Stale(IllegalTransition):
    """The district's quantity changed since the person looked at it."""

    @classmethod
    def told(cls, changed: Iterable[tuple[LineItem, Commitment | None, int]]) -> Stale:
        """Both figures of each line: what stands now, and what was sent."""
        return cls(
            " ".join(
                _("%(item)s: your district's quantity became %(now)s while you were looking; you sent %(sent)s.")
                % {
                    "item": line.name,
                    "now": f"{row.planned or row.committed:,}" if row else "0",
                    "sent": f"{sent:,}",
                }
                for line, row, sent in changed
            )
        )


@dataclass(frozen=True, slots=True)
class Approval:
    """What makes a commitment binding: a board date, or a policy that delegates."""

    authority: str
    board_date: date | None = None
    evidence: str = ""

    def missing(self) -> str:
        """The sentence that says what is missing; empty when it binds."""
        if self.authority == Authority.BOARD and self.board_date is None:
            return _("Give the date of the board meeting that approves this.")
        if self.authority == Authority.DELEGATED and not self.evidence.strip():
            return _("Name the policy that lets you sign for your district, and its limit.")
        if self.authority not in Authority.values:
            return _("Say who approves this: your board, or you within your delegated authority.")
        return ""


@dataclass(frozen=True, slots=True)
class Report:
    """Who in the district said the quantity, how (phone, mail, person) and when."""

    by: str
    how: str
    at: datetime


@dataclass(slots=True)
class _Deed:
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
def _deed(
    agreement: Agreement,
    district: District | int,
    *,
    by: User,
    at: datetime,
    taken_at: Callable[[Agreement, datetime], bool],
) -> Iterator[_Deed]:
    """Settle what is due, lock the agreement, judge its state, read what the district has; write entries at the end.

    The district's answer, too, is read under the lock: read before it, a commitment made meanwhile would be unseen.
    """
    agreement.settle(at)
    district_id = district if isinstance(district, int) else district.pk
    with transaction.atomic():
        stored = (
            Agreement.objects.select_for_update(no_key=True).only("state", "closes_at", "zone").get(pk=agreement.pk)
        )
        participation = Participation.objects.filter(agreement=agreement, district=district_id).first()
        if participation is None:
            raise PermissionDenied
        if not taken_at(stored, at):
            raise Closed(
                _("This agreement is “%(state)s”: quantities cannot be changed now. Ask its lead agency.")
                % {"state": State(stored.state_at(at)).label}
            )
        rows = Commitment.objects.filter(participation=participation)
        deed = _Deed(participation, by, at, {row.line_id: row for row in rows})
        yield deed
        CommitmentEntry.objects.bulk_create(deed.entries)
        if any(entry.committed_after < entry.committed_before for entry in deed.entries):
            less = {entry.line_id: entry.committed_before - entry.committed_after for entry in deed.entries}
            less_committed(agreement, less, at)


def _lines(agreement: Agreement, quantities: Mapping[int, int]) -> dict[int, LineItem]:
    """The lines named, in a fixed order, all of them this agreement's. Refuses impossible quantities."""
    if any(not 0 <= quantity <= MOST_UNITS for quantity in quantities.values()):
        raise IllegalTransition(_("A quantity is a whole number from 0 to 1,000,000."))
    lines = {line.pk: line for line in agreement.lines.filter(pk__in=quantities).order_by("pk")}
    if len(lines) != len(quantities):
        raise IllegalTransition(_("That item is not part of this agreement."))
    return lines


def show_interest(agreement: Agreement, district: District | int, *, by: User, at: datetime) -> None:
    """Say yes to the survey. It binds nobody."""
    _require(rules.may_plan(by, _pk(district)))
    with _deed(agreement, district, by=by, at=at, taken_at=Agreement.takes_answers_at) as deed:
        if deed.participation.state not in {ParticipationState.PLANNED, ParticipationState.JOINED}:
            deed.answer(ParticipationState.INTERESTED)
            deed.say(EntryKind.INTERESTED)


def plan(
    agreement: Agreement,
    district: District | int,
    quantities: Mapping[int, int],
    *,
    by: User,
    at: datetime,
    note: str = "",
) -> None:
    """Save what the district means to take in all, by line id. It binds nobody and moves no price.

    As much as is committed is no plan beside it. Zero takes a plan back, and with the last one the answer; of what is
    committed nothing is taken back so.
    """
    _require(rules.may_plan(by, _pk(district)))
    _plan(agreement, district, quantities, EntryKind.PLANNED, by=by, at=at, note=note, report=None)


def report(
    agreement: Agreement,
    district: District | int,
    quantities: Mapping[int, int],
    *,
    by: User,
    at: datetime,
    said: Report,
    note: str = "",
) -> str:
    """The host enters what a district reported: planned until that district's buyer commits it.

    None of every item is a no; a district that said no by itself keeps its own reason. Returns the participation's
    state.
    """
    _require(rules.may_run(by, agreement))
    if not said.by.strip() or not said.how:
        raise IllegalTransition(_("Write down who said it, and how."))
    if said.at > at:
        raise IllegalTransition(_("A report cannot come from the future."))
    return _plan(agreement, district, quantities, EntryKind.REPORTED, by=by, at=at, note=note, report=said)


def _plan(
    agreement: Agreement,
    district: District | int,
    quantities: Mapping[int, int],
    kind: str,
    *,
    by: User,
    at: datetime,
    note: str,
    report: Report | None,
) -> str:
    lines = _lines(agreement, quantities)
    with _deed(agreement, district, by=by, at=at, taken_at=Agreement.takes_answers_at) as deed:
        for pk, line in lines.items():
            bound = deed.rows[pk].committed if pk in deed.rows else 0
            if bound and not quantities[pk]:
                raise IllegalTransition(
                    _("%(item)s: %(n)s committed. Only the district's buyer can lower or withdraw that.")
                    % {"item": line.name, "n": counted(bound, line.unit)}
                )
            planned = 0 if quantities[pk] == bound else quantities[pk]
            deed.set(line, kind, planned=planned, committed=bound, report=report, note=note)
        mine = deed.participation
        if any(row.committed for row in deed.rows.values()):
            return mine.state
        if any(row.planned for row in deed.rows.values()):
            deed.answer(ParticipationState.PLANNED)
        elif mine.state in {ParticipationState.DECLINED, ParticipationState.WITHDRAWN}:
            return mine.state
        elif report is not None and not agreement.lines.exclude(pk__in=lines).exists():
            deed.answer(
                ParticipationState.DECLINED, _("%(who)s told the regional office.") % {"who": report.by.strip()}
            )
        elif mine.state == ParticipationState.PLANNED:
            deed.answer(ParticipationState.INVITED)
        return mine.state


def commit(
    agreement: Agreement,
    district: District | int,
    quantities: Mapping[int, int],
    *,
    by: User,
    at: datetime,
    approval: Approval,
    seen: Mapping[int, int] | None = None,
    note: str = "",
) -> None:
    """Bind the district to these quantities, by line id; lines not named stay as they are.

    `seen` holds the versions the buyer looked at, 0 for a line without a quantity: another one of a line named raises
    `Stale`. Raises `CapReached`, `Closed` or another `IllegalTransition`, and then nothing is written.
    """
    _require(rules.may_commit(by, _pk(district)))
    if missing := approval.missing():
        raise IllegalTransition(missing)
    if not any(quantities.values()):
        raise IllegalTransition(_("Enter how many your district commits to, or withdraw."))
    if (
        approval.board_date
        and agreement.closes_at
        and approval.board_date > agreement.closes_at.astimezone(agreement.tz).date()
    ):
        raise IllegalTransition(_("That board meeting comes after the closing. Choose one that comes before it."))
    lines = _lines(agreement, quantities)
    with _deed(agreement, district, by=by, at=at, taken_at=Agreement.is_open_at) as deed:
        if changed := [pk for pk in lines if deed.version(pk) != (seen or {}).get(pk, deed.version(pk))]:
            raise Stale.told((lines[pk], deed.rows.get(pk), quantities[pk]) for pk in changed)
        for pk, line in lines.items():
            before = deed.rows[pk].committed if pk in deed.rows else 0
            kind = EntryKind.CHANGED if before else EntryKind.COMMITTED
            if quantities[pk] or before:
                deed.set(line, kind, planned=0, committed=quantities[pk], approval=approval, note=note)
            elif pk in deed.rows:
                deed.set(line, EntryKind.PLANNED, planned=0, committed=0, note=note)
        if deed.participation.state != ParticipationState.JOINED:
            deed.answer(ParticipationState.JOINED)


def withdraw(agreement: Agreement, district: District | int, *, by: User, at: datetime, reason: str = "") -> None:
    """Take back everything the district committed and planned; only while the agreement is open."""
    _require(rules.may_commit(by, _pk(district)))
    lines = {line.pk: line for line in agreement.lines.all()}
    with _deed(agreement, district, by=by, at=at, taken_at=Agreement.is_open_at) as deed:
        for pk in sorted(deed.rows):
            deed.set(lines[pk], EntryKind.WITHDRAWN, planned=0, committed=0, note=reason)
        deed.answer(ParticipationState.WITHDRAWN, reason)
        log(instance=agreement, action="purchasing.withdraw", user=by, timestamp=at, data={"district": _pk(district)})


def decline(agreement: Agreement, district: District | int, *, by: User, at: datetime, reason: str = "") -> None:
    """Say "not this time". Any member may, as long as the district is not bound; plans are dropped."""
    _require(rules.may_plan(by, _pk(district)))
    lines = {line.pk: line for line in agreement.lines.all()}
    with _deed(agreement, district, by=by, at=at, taken_at=Agreement.takes_answers_at) as deed:
        if any(row.committed for row in deed.rows.values()):
            raise IllegalTransition(_("Your district has committed. Its buyer can withdraw until the closing."))
        for pk in sorted(deed.rows):
            deed.set(lines[pk], EntryKind.DECLINED, planned=0, committed=0)
        deed.answer(ParticipationState.DECLINED, reason.strip())
        deed.say(EntryKind.DECLINED, reason.strip())


def _pk(district: District | int) -> int:
    return district if isinstance(district, int) else district.pk


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
