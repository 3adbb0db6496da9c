"""A district says that it is interested, or "not this time"."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from portal.districts.models import District, User
from portal.refusals import Refused
from purchasing import rules
from purchasing.deeds.for_district import for_district, id_of
from purchasing.models.agreements import Agreement
from purchasing.models.quantities import EntryKind, ParticipationState


def show_interest(agreement: Agreement, district: District | int, *, by: User, at: datetime) -> None:
    """Say yes to the survey. It binds nobody."""
    if not rules.may_plan(by, id_of(district)):
        raise PermissionDenied
    with for_district(agreement, district, by=by, at=at, taken_at=Agreement.takes_answers_at) as deed:
        if deed.participation.state not in {ParticipationState.PLANNED, ParticipationState.JOINED}:
            deed.answer(ParticipationState.INTERESTED)
            deed.say(EntryKind.INTERESTED)


def decline(agreement: Agreement, district: District | int, *, by: User, at: datetime, reason: str = "") -> None:
    """Say "not this time". Any member may, as long as the district is not bound; plans are dropped."""
    if not rules.may_plan(by, id_of(district)):
        raise PermissionDenied
    lines = {line.pk: line for line in agreement.lines.all()}
    with for_district(agreement, district, by=by, at=at, taken_at=Agreement.takes_answers_at) as deed:
        if any(row.committed for row in deed.rows.values()):
            raise Refused(_("Your district has committed: only its buyer can take that back, by withdrawing."))
        for pk in sorted(deed.rows):
            deed.set(lines[pk], EntryKind.DECLINED, planned=0, committed=0)
        deed.answer(ParticipationState.DECLINED, reason.strip())
        deed.say(EntryKind.DECLINED, reason.strip())
