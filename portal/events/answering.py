"""Saying whether one comes; the host may say it for a district that phoned."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.districts.models import District, User
from portal.events.answers import Rsvp
from portal.events.meetings import Meeting, NotPossibleError


@transaction.atomic
def answer(meeting: Meeting, person: User, choice: str, *, at: datetime, note: str = "") -> str:
    """The person's answer; the one before, "" for none. The latest counts. Refused when canceled or over."""
    if meeting.is_canceled or meeting.is_over(at):
        raise NotPossibleError(_("This meeting is canceled or over; no answer is needed."))
    before = Rsvp.objects.filter(meeting=meeting, person=person).values_list("answer", flat=True).first() or ""
    Rsvp.objects.update_or_create(
        meeting=meeting,
        person=person,
        defaults={
            "district": _speaks_for(person, meeting),
            "answer": choice,
            "note": note,
            "answered_at": at,
            "answered_by": person,
        },
    )
    return before


@transaction.atomic
def take_back(meeting: Meeting, person: User, before: str, *, at: datetime) -> None:
    """Undo: as it was before, without an answer where `before` is ""."""
    if before:
        answer(meeting, person, before, at=at)
    else:
        Rsvp.objects.filter(meeting=meeting, person=person).delete()


@transaction.atomic
def answer_for(
    meeting: Meeting, district: District, choice: str, *, by: User | None, at: datetime, note: str = ""
) -> Rsvp:
    """What a district said by phone or mail; one such answer a district, the latest counts."""
    if meeting.is_canceled or meeting.is_over(at):
        raise NotPossibleError(_("This meeting is canceled or over; no answer is needed."))
    rsvp, _made = Rsvp.objects.update_or_create(
        meeting=meeting,
        district=district,
        person=None,
        defaults={"answer": choice, "note": note, "answered_at": at, "answered_by": by},
    )
    return rsvp


def _speaks_for(person: User, meeting: Meeting) -> District | None:
    """The person's district among those of the series; None for hosts and officers."""
    counties = set(meeting.series.county_ids)
    return next((d for d in person.standing.districts if d.county_id in counties), None)
