"""Name and place, of a series or of one meeting alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from wagtail.log_actions import log

from portal.districts.models import User
from portal.events.deeds.begin import locked_series
from portal.events.deeds.calendar_texts import save_changed, write_texts
from portal.events.deeds.notify import tell_everyone
from portal.events.models.meetings import Meeting, Status
from portal.events.models.series import MeetingSeries


@transaction.atomic
def change_details(
    meeting: Meeting,
    details: dict[str, Any],
    *,
    by: User,
    at: datetime,
    over: str | None = None,
    quiet: bool = False,
) -> Meeting:
    """Title and place of this meeting alone.

    `over` is the fingerprint of the meeting that was changed; `Stale` where it is no longer that one.

    Another way there of a meeting to come is told to everyone, with the calendar file; a new title or link reaches
    calendars by their feeds and nobody gets an email. What stays the same changes nothing.
    """
    locked_series(meeting.series_id, by=by)
    meeting = Meeting.objects.locked(meeting.pk)
    different = {name for name in meeting.FORM_FIELDS if name in details and getattr(meeting, name) != details[name]}
    if not different:
        return meeting
    meeting.refuse_stale(over)
    for name in different:
        setattr(meeting, name, details[name])
    save_changed(meeting, at=at)
    log(meeting, "events.change", user=by, data={"changed": sorted(different)})
    to_come = meeting.status == Status.SCHEDULED and not meeting.has_begun(at)
    if to_come and different & Meeting.WAY_THERE and not quiet:
        tell_everyone("meeting-place", meeting, by=by, at=at)
    return meeting


@transaction.atomic
def change_series(
    series: MeetingSeries, details: dict[str, Any], *, by: User, at: datetime, over: str | None = None
) -> MeetingSeries:
    """Name, usual place, when the link is shown, whether dates are public.

    `over` is the fingerprint of the series that was changed; `Stale` where it is no longer that one.

    A new place or name goes to the meetings to come that had the old one; those changed by hand keep theirs. Another
    way there is told once, with the file of the next meeting that goes there; the other dates reach calendars by
    their feeds, for twelve mails at once would be read by nobody.
    """
    series = locked_series(series.pk, by=by)
    series.refuse_stale(over)
    series.meetings.all().lock_all()
    was = {name: getattr(series, name) for name in ("name", *MeetingSeries.PLACE_FIELDS)}
    for name, value in details.items():
        setattr(series, name, value)
    series.save()
    elsewhere: set[int] = set()
    for name, old in was.items():
        new = getattr(series, name)
        if new != old:
            column = "title" if name == "name" else name
            coming = series.meetings.filter(starts_at__gt=at, status=Status.SCHEDULED, **{column: old})
            if name in MeetingSeries.WAY_THERE:
                elsewhere.update(coming.values_list("pk", flat=True))
            coming.update(**{column: new, "sequence": F("sequence") + 1, "changed_at": at})
    write_texts(series)
    log(series, "events.change_series", user=by)
    first = series.meetings.with_places().filter(pk__in=elsewhere).order_by("starts_at").first()
    if first is not None:
        tell_everyone("meeting-place", first, by=by, at=at, whole_series=True)
    return series
