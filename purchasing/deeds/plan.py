"""What a district means to take: planned by its members, or reported to the host, who enters it. It binds nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from portal.districts.models import District, User
from portal.refusals import Refused
from purchasing import rules
from purchasing.deeds.evidence import Report
from purchasing.deeds.for_district import for_district, id_of, lines_named
from purchasing.models.agreements import Agreement
from purchasing.models.quantities import EntryKind, ParticipationState
from purchasing.models.units import counted


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
    if not rules.may_plan(by, id_of(district)):
        raise PermissionDenied
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
    if not rules.may_run(by, agreement):
        raise PermissionDenied
    if not said.by.strip() or not said.how:
        raise Refused(_("Write down who said it, and how."))
    if said.at > at:
        raise Refused(_("A report cannot come from the future."))
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
    lines = lines_named(agreement, quantities)
    with for_district(agreement, district, by=by, at=at, taken_at=Agreement.takes_answers_at) as deed:
        for pk, line in lines.items():
            bound = deed.rows[pk].committed if pk in deed.rows else 0
            if bound and not quantities[pk]:
                raise Refused(
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
