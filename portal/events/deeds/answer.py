"""Saying whether one comes; the host may say it for a district that phoned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.districts.models import District, User
from portal.events import rules
from portal.events.models.meetings import Meeting
from portal.events.models.rsvps import Rsvp
from portal.refusals import Stale
from portal.templatetags.wording import when

_SALT = "portal.events.answering-for-a-date"
UNDO_SECONDS = 24 * 3600


@transaction.atomic
def answer(
    meeting: Meeting, person: User, reply: str, *, at: datetime, note: str = "", asked_for: datetime | None = None
) -> None:
    """The person's answer for the date the meeting has; the latest counts. Refused when canceled or over.

    `asked_for` is the start that the person read, None whoever read no page: `Stale` where it moved meanwhile.
    """
    meeting = Meeting.objects.locked(meeting.pk)
    _refuse(meeting, person, at)
    _refuse_moved(meeting, asked_for)
    Rsvp.objects.update_or_create(
        meeting=meeting,
        person=person,
        starts_at=meeting.starts_at,
        defaults={
            "district": meeting.series.district_of(person),
            "answer": reply,
            "note": note,
            "answered_at": at,
            "answered_by": person,
        },
    )


def undo_token(meeting: Meeting, person: User) -> str:
    """What the person says now, signed: make it before a deed, and `undo` brings it back within a day."""
    before = Rsvp.objects.filter(meeting=meeting, person=person, starts_at=meeting.starts_at).first()
    values: dict[str, Any] | None = None
    if before is not None:
        values = {name: getattr(before, name) for name in ("answer", "note", "district_id", "answered_by_id")}
        values["answered_at"] = before.answered_at.isoformat()
    return signing.dumps([meeting.pk, person.pk, meeting.starts_at.isoformat(), values], salt=_SALT, compress=True)


@transaction.atomic
def undo(meeting: Meeting, person: User, token: str, *, at: datetime) -> bool:
    """As it was before, note and time too; False where the token is another's, too old or forged."""
    meeting = Meeting.objects.locked(meeting.pk)
    _refuse(meeting, person, at)
    try:
        meeting_id, person_id, starts_at, values = signing.loads(token, salt=_SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        return False
    if (meeting_id, person_id) != (meeting.pk, person.pk):
        return False
    mine: dict[str, Any] = {"meeting": meeting, "person": person, "starts_at": datetime.fromisoformat(starts_at)}
    if values is None:
        Rsvp.objects.filter(**mine).delete()
    else:
        values["answered_at"] = datetime.fromisoformat(values["answered_at"])
        Rsvp.objects.update_or_create(**mine, defaults=values)
    return True


@transaction.atomic
def answer_for(
    meeting: Meeting,
    district: District,
    reply: str,
    *,
    by: User,
    at: datetime,
    note: str = "",
    asked_for: datetime | None = None,
) -> Rsvp:
    """What a district said by phone or mail for this date; one such answer a district, the latest counts."""
    meeting = Meeting.objects.locked(meeting.pk)
    if not rules.may_run(by, meeting.series):
        raise PermissionDenied
    meeting.refuse_unless_answerable(at)
    _refuse_moved(meeting, asked_for)
    rsvp, _made = Rsvp.objects.update_or_create(
        meeting=meeting,
        district=district,
        person=None,
        starts_at=meeting.starts_at,
        defaults={"answer": reply, "note": note, "answered_at": at, "answered_by": by},
    )
    return rsvp


def _refuse(meeting: Meeting, person: User, at: datetime) -> None:
    if not rules.may_read(person, meeting.series):
        raise PermissionDenied
    meeting.refuse_unless_answerable(at)


def _refuse_moved(meeting: Meeting, asked_for: datetime | None) -> None:
    if asked_for is not None and asked_for != meeting.starts_at:
        words = {"when": when(meeting.starts_at, meeting.zone)}
        raise Stale(_("This meeting was moved while you were reading. Answer for the new date: %(when)s.") % words)
