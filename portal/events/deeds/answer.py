"""Saying whether one comes; the host may say it for a district that phoned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.districts.models import District, User
from portal.events.models.meetings import Meeting
from portal.events.models.rsvps import Rsvp
from portal.refusals import Refused

_SALT = "portal.events.answering"
UNDO_SECONDS = 24 * 3600


@transaction.atomic
def answer(meeting: Meeting, person: User, choice: str, *, at: datetime, note: str = "") -> None:
    """The person's answer; the latest counts. Refused when canceled or over."""
    if meeting.is_canceled or meeting.is_over(at):
        raise Refused(_("This meeting is canceled or over; no answer is needed."))
    Rsvp.objects.update_or_create(
        meeting=meeting,
        person=person,
        defaults={
            "district": meeting.series.district_of(person),
            "answer": choice,
            "note": note,
            "answered_at": at,
            "answered_by": person,
        },
    )


def undo_token(meeting: Meeting, person: User) -> str:
    """What the person says now, signed: make it before a deed, and `undo` brings it back within a day."""
    before = Rsvp.objects.filter(meeting=meeting, person=person).first()
    values: dict[str, Any] | None = None
    if before is not None:
        values = {name: getattr(before, name) for name in ("answer", "note", "district_id", "answered_by_id")}
        values["answered_at"] = before.answered_at.isoformat()
    return signing.dumps([meeting.pk, person.pk, values], salt=_SALT, compress=True)


@transaction.atomic
def undo(meeting: Meeting, person: User, token: str) -> bool:
    """As it was before, note and time too; False where the token is another's, too old or forged."""
    try:
        meeting_id, person_id, values = signing.loads(token, salt=_SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        return False
    if (meeting_id, person_id) != (meeting.pk, person.pk):
        return False
    if values is None:
        Rsvp.objects.filter(meeting=meeting, person=person).delete()
    else:
        values["answered_at"] = datetime.fromisoformat(values["answered_at"])
        Rsvp.objects.update_or_create(meeting=meeting, person=person, defaults=values)
    return True


@transaction.atomic
def answer_for(
    meeting: Meeting, district: District, choice: str, *, by: User | None, at: datetime, note: str = ""
) -> Rsvp:
    """What a district said by phone or mail; one such answer a district, the latest counts."""
    if meeting.is_canceled or meeting.is_over(at):
        raise Refused(_("This meeting is canceled or over; no answer is needed."))
    rsvp, _made = Rsvp.objects.update_or_create(
        meeting=meeting,
        district=district,
        person=None,
        defaults={"answer": choice, "note": note, "answered_at": at, "answered_by": by},
    )
    return rsvp
