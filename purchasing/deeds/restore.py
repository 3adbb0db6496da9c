"""A buyer takes the district's last lowering or withdrawal back, while the agreement is open."""

from __future__ import annotations

from datetime import datetime

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.districts.models import User
from portal.refusals import Refused, Stale
from purchasing.deeds import notify
from purchasing.deeds.commit import require_buyer
from purchasing.deeds.evidence import Approval, Report
from purchasing.deeds.for_district import for_district
from purchasing.models.agreements import Agreement
from purchasing.models.quantities import CommitmentEntry, EntryKind, Participation, ParticipationState

_SALT = "purchasing.restore"


def restore_token(participation_id: int) -> str:
    """Where the district's record stands, signed: make it before a deed, and `restore` takes that deed back."""
    last = CommitmentEntry.objects.filter(participation=participation_id).order_by("-pk").values_list("pk", flat=True)
    return signing.dumps([participation_id, last.first() or 0], salt=_SALT)


def restore(agreement: Agreement, token: str, *, by: User, at: datetime) -> Participation:
    """Set the quantities as they were, with what approved them and who reported them; the record gets rows of its own.

    Judged as a commitment is: by the closing, the cap and who is a buyer. `Stale` where more than the one deed was done
    since.
    """
    try:
        participation_id, mark = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise Refused(_("This can no longer be taken back. Commit the quantity again instead.")) from None
    participation = Participation.objects.filter(agreement=agreement, pk=participation_id).first()
    if participation is None:
        raise PermissionDenied
    require_buyer(agreement, participation.district_id, by)
    lines = {line.pk: line for line in agreement.lines.all()}
    with for_district(agreement, participation.district_id, by=by, at=at, taken_at=Agreement.is_open_at) as deed:
        entries = CommitmentEntry.objects.filter(participation=participation_id, line__isnull=False).order_by("pk")
        done = list(entries.filter(pk__gt=mark))
        if not done or len({entry.at for entry in done}) > 1:
            raise Stale(_("The quantity was changed again since then. Look at what stands, and change that."))
        before = {entry.line_id: entry for entry in entries.filter(pk__lte=mark)}
        for entry in done:
            assert entry.line_id is not None  # noqa: S101 - filtered above
            deed.set(
                lines[entry.line_id],
                EntryKind.RESTORED,
                planned=entry.planned_before,
                committed=entry.committed_before,
                approval=_approval(before[entry.line_id]) if entry.committed_before else None,
                report=_report(before.get(entry.line_id)),
            )
        more = {entry.line_id: entry.committed_before - entry.committed_after for entry in done}
        notify.restored(agreement, {pk: units for pk, units in more.items() if units > 0}, at)
        is_bound = any(row.committed for row in deed.rows.values())
        deed.answer(ParticipationState.JOINED if is_bound else ParticipationState.PLANNED)
        log(
            instance=agreement,
            action="purchasing.restore",
            user=by,
            timestamp=at,
            data={"district": participation.district_id},
        )
    return participation


def _approval(entry: CommitmentEntry) -> Approval:
    return Approval(entry.authority, entry.board_date, entry.evidence)


def _report(entry: CommitmentEntry | None) -> Report | None:
    """None where the district said it here by itself."""
    if entry is None or entry.reported_at is None:
        return None
    return Report(entry.reported_by, entry.reported_how, entry.reported_at)
