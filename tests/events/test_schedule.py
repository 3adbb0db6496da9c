"""Meetings are made from their rule, day after day: which, when, and once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.events.deeds import make_meetings, reschedule
from portal.events.deeds.attend import take_attendance
from portal.events.models import MeetingSeries
from portal.events.models.meetings import Meeting, Status
from portal.events.models.recurrence import Pattern, Recurrence
from portal.search.models import Entry
from tests.events.makers import make_series
from tests.people import Cast

FALL = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")


def test_half_past_one_stays_half_past_one_over_both_clock_changes(cast: Cast) -> None:
    meetings = list(make_series(cast, at=FALL).meetings.all())
    assert len(meetings) == 12
    assert {m.starts_at.astimezone(CHICAGO).time() for m in meetings} == {time(13, 30)}
    assert {m.starts_at.hour for m in meetings} == {18, 19}


@pytest.mark.parametrize(
    ("night", "clock", "utc"),
    [(date(2026, 11, 1), time(1, 30), 6), (date(2027, 3, 14), time(2, 30), 8)],
)
def test_a_meeting_in_the_night_of_a_clock_change_is_made_once(cast: Cast, night: date, clock: time, utc: int) -> None:
    sundays = Recurrence(Pattern.WEEKS, weekdays=(6,))
    series = make_series(cast, at=FALL, recurrence=sundays, start_time=clock)
    found = series.meetings.filter(starts_at__date=night)
    assert [m.starts_at.astimezone(UTC).hour for m in found] == [utc]
    assert found[0].ends_at - found[0].starts_at == timedelta(minutes=90)
    assert make_meetings.make_meetings(series, at=FALL) == 0


def test_the_due_job_keeps_twelve_months_ahead_and_changes_nothing_twice(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    later = FALL + timedelta(days=62)
    assert make_meetings.make_due_meetings(later) == 4  # two new ones, two that were held
    assert make_meetings.make_due_meetings(later) == 0
    assert series.meetings.filter(status=Status.HELD).count() == 2


def test_meetings_are_made_until_the_same_day_in_twelve_months(cast: Cast) -> None:
    """By the calendar of the series' zone: in Chicago it is still the first of September."""
    days = (date(2027, 8, 31), date(2027, 9, 1), date(2027, 9, 2))
    late = datetime(2026, 9, 2, 4, 59, tzinfo=UTC)
    series = make_series(cast, at=late, recurrence=Recurrence(Pattern.DATES, dates=days), first_date=date(2026, 9, 1))
    assert [meeting.local_start.date() for meeting in series.meetings.all()] == [date(2027, 8, 31), date(2027, 9, 1)]
    assert make_meetings.make_meetings(series, at=late) == 0
    assert make_meetings.make_meetings(series, at=late + timedelta(minutes=1)) == 1


def test_a_meeting_counts_as_held_an_hour_after_its_end(cast: Cast) -> None:
    first = make_series(cast, at=FALL).meetings.earliest("starts_at")
    edge = first.ends_at + timedelta(hours=1)
    make_meetings.make_due_meetings(edge - timedelta(microseconds=1))
    assert Meeting.objects.get(pk=first.pk).status == Status.SCHEDULED
    make_meetings.make_due_meetings(edge)
    assert Meeting.objects.get(pk=first.pk).status == Status.HELD


def test_the_due_job_looks_at_the_series_once_a_day(cast: Cast, django_assert_num_queries: Any) -> None:
    make_series(cast, at=FALL)
    later = FALL + timedelta(days=62)
    make_meetings.make_due_meetings(later)
    with django_assert_num_queries(2):  # how far it came, and what is over
        make_meetings.make_due_meetings(later + timedelta(seconds=30))
    MeetingSeries.objects.update(last_date=None)
    Meeting.objects.filter(starts_at__gt=later).delete()
    assert make_meetings.make_due_meetings(later + timedelta(days=1)) > 0


def test_search_knows_that_a_meeting_was_held(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    make_meetings.make_due_meetings(FALL + timedelta(days=62))
    by_hand = series.meetings.filter(status=Status.SCHEDULED).earliest("starts_at")
    take_attendance(by_hand, {cast.geneva: 1}, by=cast.host, at=by_hand.starts_at)
    held = Entry.objects.filter(kind="meeting", status=Status.HELD).values_list("object_id", flat=True)
    assert set(held) == set(series.meetings.filter(status=Status.HELD).values_list("pk", flat=True))
    assert len(held) == 3


def test_previous_and_next_lead_through_meetings_of_one_time(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    second = series.meetings.order_by("starts_at")[1]
    reschedule.cancel(second, by=cast.host, at=FALL, reason="Snow", quiet=True)
    reschedule.add_extra(series, title="", starts_at=second.starts_at, by=cast.host, at=FALL, quiet=True)
    rows: Any = series.meetings.with_neighbors().order_by("starts_at", "pk")
    ids = list(rows.values_list("pk", flat=True))
    assert len(ids) == 13
    assert list(rows.values_list("previous_id", "next_id")) == list(
        zip([None, *ids[:-1]], [*ids[1:], None], strict=True)
    )
