"""Series and meetings for tests: plain functions over the real deeds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from portal.districts.models import User
from portal.events.deeds import plan_series, reschedule
from portal.events.deeds.agenda import add_item
from portal.events.deeds.attend import take_attendance
from portal.events.deeds.circulate import circulate
from portal.events.deeds.plan_series import Plan
from portal.events.deeds.write_minutes import add_action, record_decision, write_notes
from portal.events.models.agendas import AgendaItem
from portal.events.models.meetings import Meeting
from portal.events.models.recurrence import Pattern, Recurrence
from portal.events.models.series import MeetingSeries
from tests.people import Cast

SECOND_THURSDAY = Recurrence(Pattern.NTH_WEEKDAY, weekdays=(3,), nths=(2,))
PLACE = {
    "room": "Room 120",
    "address": "28 N. First Street, Geneva",
    "entrance": "Door 3",
    "parking": "Behind the building",
    "join_link": "https://meet.example/kane",
}


def make_series(
    cast: Cast,
    *,
    name: str = "Kane technology directors",
    recurrence: Recurrence = SECOND_THURSDAY,
    at: datetime | None = None,
    first_date: date | None = None,
    start_time: time = time(13, 30),
    zone: str = "America/Chicago",
    dates_public: bool = False,
    **more: Any,
) -> MeetingSeries:
    """Kane's series on second Thursdays at 1:30 PM, with 12 months of meetings from `at`; nobody is told.

    Its office's host makes it, another office's the officer.
    """
    at = at or timezone.now()
    facts: dict[str, Any] = {"office": cast.roe31, "county": cast.kane, "place": PLACE} | more
    plan = Plan(
        name=name,
        recurrence=recurrence,
        first_date=first_date or at.date(),
        start_time=start_time,
        zone=zone,
        dates_public=dates_public,
        **facts,
    )
    return plan_series.make_series(plan, by=cast.host if plan.office == cast.roe31 else cast.officer, at=at, quiet=True)


def make_meeting(
    cast: Cast, *, days: int = 10, series: MeetingSeries | None = None, title: str = "", **more: Any
) -> Meeting:
    """An extra meeting so many days from now, at noon UTC; a negative number gives one that is over."""
    series = series or make_series(cast, **more)
    noon = timezone.now().astimezone(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    while series.meetings.filter(original_starts_at=noon + timedelta(days=days)).exists():
        noon += timedelta(minutes=1)
    starts_at = noon + timedelta(days=days)
    return reschedule.add_extra(
        series, title=title, starts_at=starts_at, by=host_of(series), at=starts_at - timedelta(days=30), quiet=True
    )


def host_of(series: MeetingSeries) -> User:
    """Who made the series, and runs it."""
    assert series.created_by is not None
    return series.created_by


def make_item(meeting: Meeting, title: str = "Repairs by students", **more: Any) -> AgendaItem:
    return add_item(meeting, title, **{"by": host_of(meeting.series)} | more)


def make_minutes(cast: Cast, meeting: Meeting) -> AgendaItem:
    """One item with notes, a decision and an action, sent out to nobody."""
    host, item = host_of(meeting.series), make_item(meeting)
    write_notes(item, "Batavia lends its bench.", version=0, is_finished=True, by=host)
    record_decision(meeting, "Share one parts list", item=item, by=host)
    add_action(meeting, "Send the parts list", owner=cast.geneva, item=item, by=host)
    take_attendance(meeting, {cast.geneva: 2, cast.batavia: 1}, by=host, at=meeting.ends_at)
    circulate(meeting, by=host, at=meeting.ends_at, quiet=True)
    item.refresh_from_db()
    return item
