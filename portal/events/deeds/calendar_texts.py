"""What calendars show of meetings, written anew in the transaction of every change that they show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from portal.events import ical
from portal.events.models.meetings import Meeting
from portal.events.models.series import MeetingSeries


def write_texts(series: MeetingSeries, original_starts: Iterable[datetime] | None = None) -> None:
    """The feeds' texts of some or all of a series' meetings."""
    meetings = series.meetings.with_places()
    if original_starts is not None:
        meetings = meetings.filter(original_starts_at__in=list(original_starts))
    rows = list(meetings)
    for meeting in rows:
        ical.render(meeting)
    Meeting.objects.bulk_update(rows, ["vevent", "vevent_public"])
    series.feed_changed()


def save_changed(meeting: Meeting, *, at: datetime, rises: bool = True) -> None:
    """Save a meeting whose date, place or status is another; where its sequence `rises`, calendars replace theirs."""
    meeting.sequence += rises
    meeting.changed_at = at
    ical.render(meeting)
    meeting.save()
    meeting.series.feed_changed()
