"""One meeting added beside the rule, moved, canceled or reinstated."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal.districts.models import User
from portal.events.deeds.begin import locked_series
from portal.events.deeds.calendar_texts import save_changed
from portal.events.deeds.make_meetings import new_meeting
from portal.events.deeds.notify import tell_everyone
from portal.events.models.meetings import Meeting, Status
from portal.events.models.series import MeetingSeries
from portal.refusals import Refused


@transaction.atomic
def add_extra(
    series: MeetingSeries, *, title: str, starts_at: datetime, by: User, at: datetime, quiet: bool = False
) -> Meeting:
    """A meeting beside the rule, perhaps at the instant of one that was canceled; everybody is told.

    Refused where the series already has one then, or had one that only moved: that keeps its first date as its name;
    and, unless `quiet`, where it would be over before anybody could come.
    """
    if not quiet:
        _refuse_past(starts_at, at)
    series = locked_series(series.pk, by=by)
    _refuse_second(series, starts_at)
    known = series.meetings.filter(original_starts_at=starts_at)
    if known.exclude(status=Status.CANCELED).exists():
        raise Refused(_("The meeting of that time was moved. Move it back, or choose another time."))
    meeting = new_meeting(series, starts_at, at=at, canceled_before=known.count())
    meeting.title = title or series.name
    meeting.save()
    save_changed(meeting, rises=False, at=at)
    log(meeting, "events.add_meeting", user=by)
    if not quiet:
        meeting.invited_at = at
        meeting.save(update_fields=["invited_at"])
        tell_everyone("meeting-announced", meeting, by=by, at=at)
    return meeting


@transaction.atomic
def move(meeting: Meeting, starts_at: datetime, *, by: User, at: datetime, reason: str, quiet: bool = False) -> Meeting:
    """Another instant to come, as long as before. The first date stays known, calendars and members are told.

    Answers belong to a date: everybody is asked anew, and who has answered is told so.
    """
    locked_series(meeting.series_id, by=by)
    meeting = Meeting.objects.locked(meeting.pk)
    meeting.refuse_unless_scheduled()
    if starts_at == meeting.starts_at:
        raise Refused(_("That is when it is already planned for."))
    _refuse_past(starts_at, at)
    _refuse_second(meeting.series, starts_at)
    was = meeting.starts_at
    meeting.starts_at, meeting.ends_at = starts_at, starts_at + meeting.duration
    meeting.reason, meeting.is_reinstated = reason, False
    save_changed(meeting, at=at)
    log(meeting, "events.move", user=by, data={"from": was.isoformat(), "to": starts_at.isoformat(), "reason": reason})
    if not quiet:
        tell_everyone("meeting-moved", meeting, by=by, at=at, was=was, asked_again=_asked_again(meeting))
    return meeting


@transaction.atomic
def cancel(meeting: Meeting, *, by: User, at: datetime, reason: str, quiet: bool = False) -> Meeting:
    """It does not take place; it stays on the list and in feeds as canceled, and members are told."""
    locked_series(meeting.series_id, by=by)
    meeting = Meeting.objects.locked(meeting.pk)
    meeting.refuse_unless_scheduled()
    meeting.status, meeting.reason, meeting.is_reinstated = Status.CANCELED, reason, False
    save_changed(meeting, at=at)
    log(meeting, "events.cancel", user=by, data={"reason": reason})
    if not quiet:
        tell_everyone("meeting-canceled", meeting, by=by, at=at)
    return meeting


@transaction.atomic
def reinstate(meeting: Meeting, *, by: User, at: datetime, reason: str, quiet: bool = False) -> Meeting:
    """What was canceled takes place after all, at its time and with the answers for it; everyone is told.

    Refused once that time has come, and where another meeting has taken its place.
    """
    locked_series(meeting.series_id, by=by)
    meeting = Meeting.objects.locked(meeting.pk)
    meeting.refuse_unless_reinstatable(at)
    _refuse_second(meeting.series, meeting.starts_at)
    named = meeting.series.meetings.filter(original_starts_at=meeting.original_starts_at)
    if named.exclude(status=Status.CANCELED).exists():
        raise Refused(_("Another meeting has taken the place of this one, and was moved. Cancel that one first."))
    meeting.status, meeting.reason, meeting.is_reinstated = Status.SCHEDULED, reason, True
    save_changed(meeting, at=at)
    log(meeting, "events.reinstate", user=by, data={"reason": reason})
    if not quiet:
        tell_everyone("meeting-reinstated", meeting, by=by, at=at)
    return meeting


def _asked_again(meeting: Meeting) -> set[int]:
    """The people who have answered for another date and not for the one it has now."""
    said = list(meeting.rsvps.filter(person__isnull=False).values_list("person_id", "starts_at"))
    return {person for person, _then in said} - {person for person, then in said if then == meeting.starts_at}


def _refuse_past(starts_at: datetime, at: datetime) -> None:
    """The due job would call it held, and what is held is neither moved nor canceled."""
    if starts_at <= at:
        raise Refused(_("Choose a time in the future."))


def _refuse_second(series: MeetingSeries, starts_at: datetime) -> None:
    if series.meetings.filter(starts_at=starts_at).exclude(status=Status.CANCELED).exists():
        raise Refused(_("The series already has a meeting then."))
