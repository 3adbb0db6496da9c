"""A district's buyer binds it to quantities, changes them, and takes them back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from portal.districts.models import District, User
from portal.formats import number
from portal.refusals import Refused, Stale
from purchasing import rules
from purchasing.deeds.evidence import Approval, require_board_date
from purchasing.deeds.for_district import for_district, id_of, lines_named
from purchasing.models.agreements import Agreement
from purchasing.models.lines import LineItem
from purchasing.models.quantities import Commitment, EntryKind, ParticipationState

ONLY_A_BUYER = gettext_lazy("Only a buyer commits a district. You can save a planned quantity.")

A_HOST_BUYS_NOTHING = gettext_lazy(
    "You host this agreement's lead agency, so you commit no district here. Another buyer of the district can, or a "
    "chapter officer can record why you may."
)


def require_buyer(agreement: Agreement, district: District | int, by: User) -> None:
    """403 in words for whoever may not bind the district here."""
    if not rules.may_commit(by, agreement, id_of(district)):
        kept_out = rules.is_buyer_kept_out(by, agreement, id_of(district))
        raise PermissionDenied(A_HOST_BUYS_NOTHING if kept_out else ONLY_A_BUYER)


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
    `Stale`. Raises `CapReached`, `Closed` or another `Refused`, and then nothing is written.
    """
    require_buyer(agreement, district, by)
    if not any(quantities.values()):
        raise Refused(_("Enter how many your district commits to, or withdraw."))
    if approval.board_date and agreement.closes_at:
        last = agreement.closes_at.astimezone(agreement.tz).date()
        require_board_date(agreement, approval.board_date, last, _("That board meeting comes after the closing."))
    lines = lines_named(agreement, quantities)
    with for_district(agreement, district, by=by, at=at, taken_at=Agreement.is_open_at) as deed:
        if changed := [pk for pk in lines if deed.version(pk) != (seen or {}).get(pk, deed.version(pk))]:
            raise Stale(" ".join(_both(lines[pk], deed.rows.get(pk), quantities[pk]) for pk in changed))
        bound = {pk: deed.rows[pk].committed if pk in deed.rows else 0 for pk in lines}
        rises = any(quantities[pk] > bound[pk] for pk in lines)
        if rises and (missing := approval.missing()):
            raise Refused(missing)
        for pk, line in lines.items():
            before = bound[pk]
            approved = approval if approval.replaces(before, quantities[pk], rises=rises) else None
            kind = EntryKind.CHANGED if before else EntryKind.COMMITTED
            if quantities[pk] or before:
                deed.set(line, kind, planned=0, committed=quantities[pk], approval=approved, note=note)
            elif pk in deed.rows:
                deed.set(line, EntryKind.PLANNED, planned=0, committed=0, note=note)
        if deed.participation.state != ParticipationState.JOINED:
            deed.answer(ParticipationState.JOINED)


def _both(line: LineItem, row: Commitment | None, sent: int) -> str:
    """What stands now, and what was sent."""
    return _("%(item)s: your district's quantity became %(now)s while you were looking; you sent %(sent)s.") % {
        "item": line.name,
        "now": number(row.planned or row.committed) if row else "0",
        "sent": number(sent),
    }


def withdraw(agreement: Agreement, district: District | int, *, by: User, at: datetime, reason: str = "") -> None:
    """Take back everything the district committed and planned; only while the agreement is open."""
    require_buyer(agreement, district, by)
    lines = {line.pk: line for line in agreement.lines.all()}
    with for_district(agreement, district, by=by, at=at, taken_at=Agreement.is_open_at) as deed:
        for pk in sorted(deed.rows):
            deed.set(lines[pk], EntryKind.WITHDRAWN, planned=0, committed=0, note=reason)
        deed.answer(ParticipationState.WITHDRAWN, reason)
        log(instance=agreement, action="purchasing.withdraw", user=by, timestamp=at, data={"district": id_of(district)})
