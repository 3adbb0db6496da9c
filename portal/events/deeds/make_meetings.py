"""Meetings made from a series' rule, twelve months ahead; and what is over was held."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from portal.events import ical
from portal.events.deeds.calendar_texts import write_texts
from portal.events.models.meetings import Meeting, MeetingQuerySet, Status
from portal.events.models.series import MeetingSeries
from portal.progress import done_until, note

DUE = "make-meetings"


@transaction.atomic
def make_meetings(series: MeetingSeries, *, at: datetime) -> int:
    """Make the rule's meetings up to 12 months after `at` that are not there yet; how many. Moved ones stay moved."""
    series = MeetingSeries.objects.locked(series.pk)
    wanted = series.planned_starts(at)
    there = set(series.meetings.filter(original_starts_at__in=wanted).values_list("original_starts_at", flat=True))
    new = [new_meeting(series, starts_at, at=at) for starts_at in wanted if starts_at not in there]
    if not new:
        return 0
    Meeting.objects.bulk_create(new)
    write_texts(series, [meeting.original_starts_at for meeting in new])
    return len(new)


def new_meeting(series: MeetingSeries, starts_at: datetime, *, at: datetime, canceled_before: int = 0) -> Meeting:
    """One that takes the place of `canceled_before` others has a UID of its own: calendars keep those as canceled."""
    place = {name: getattr(series, name) for name in Meeting.PLACE_FIELDS}
    return Meeting(
        series=series,
        title=series.name,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=series.duration_minutes),
        original_starts_at=starts_at,
        zone=series.zone,
        uid=ical.uid(series.slug, starts_at.isoformat() + f"#{canceled_before}" * bool(canceled_before)),
        changed_at=at,
        **place,
    )


def make_due_meetings(now: datetime) -> int:
    """The due job: once a day every series is made 12 months ahead, each by itself; and what is over was held."""
    made, before = 0, done_until(DUE)
    if before is None or timezone.localdate(before) != timezone.localdate(now):
        made = sum(make_meetings(series, at=now) for series in MeetingSeries.objects.all())
        note(DUE, now)
    over = Meeting.objects.filter(status=Status.SCHEDULED, ends_at__lte=now - timedelta(hours=1))
    return made + (_held(over) if over.exists() else 0)


@transaction.atomic
def _held(over: MeetingQuerySet) -> int:
    return over.filter(pk__in=over.lock_all()).update(status=Status.HELD)
