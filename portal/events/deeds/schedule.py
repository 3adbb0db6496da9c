"""When a county meets: series made, meetings made from them, moved, canceled, added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal.districts.models import Chapter, County, RegionalOffice, User
from portal.events import ical
from portal.events.deeds.notify import tell_everyone
from portal.events.models.meetings import Meeting, MeetingQuerySet, Status
from portal.events.models.recurrence import Recurrence, instant
from portal.events.models.series import MeetingSeries
from portal.progress import done_until, note
from portal.refusals import Refused

MONTHS_AHEAD = 12
DUE = "make-meetings"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a host says when making a series. `zone` "" is the chapter's."""

    name: str
    office: RegionalOffice
    recurrence: Recurrence
    first_date: date
    start_time: time
    county: County | None = None
    last_date: date | None = None
    duration_minutes: int = 90
    zone: str = ""
    dates_public: bool = False
    join_link_hours: int = 24
    place: dict[str, str] = field(default_factory=dict)
    """`room`, `address`, `entrance`, `parking`, `join_link`."""


@transaction.atomic
def make_series(plan: Plan, *, by: User | None, at: datetime, quiet: bool = False) -> MeetingSeries:
    """The series and its meetings for 12 months from `at`, or from a first date in the past; tells the members once."""
    series = MeetingSeries.objects.create(
        name=plan.name,
        slug=_free_slug(plan.name),
        regional_office=plan.office,
        county=plan.county,
        rule=plan.recurrence.to_rfc5545(),
        first_date=plan.first_date,
        last_date=plan.last_date,
        start_time=plan.start_time,
        duration_minutes=plan.duration_minutes,
        zone=plan.zone or Chapter.current().zone,
        dates_public=plan.dates_public,
        join_link_hours=plan.join_link_hours,
        created_by=by,
        created_at=at,
        **plan.place,
    )
    make_meetings(series, at=at)
    log(series, "events.make_series", user=by, data={"rule": series.rule_in_words})
    first = series.meetings.with_places().to_come(at).first()
    if first is not None and not quiet:
        tell_everyone("series-made", first, by=by, at=at)
    return series


@transaction.atomic
def make_meetings(series: MeetingSeries, *, at: datetime) -> int:
    """Make the rule's meetings up to 12 months after `at` that are not there yet; how many. Moved ones stay moved."""
    _hold(series.pk)
    last = at.astimezone(series.tz).date() + relativedelta(months=MONTHS_AHEAD)
    if series.last_date is not None:
        last = min(last, series.last_date)
    wanted = [instant(day, series.start_time, series.zone) for day in series.recurrence.days(series.first_date, last)]
    there = set(series.meetings.filter(original_starts_at__in=wanted).values_list("original_starts_at", flat=True))
    new = [_meeting(series, starts_at, at=at) for starts_at in wanted if starts_at not in there]
    if not new:
        return 0
    Meeting.objects.bulk_create(new)
    render(series, [meeting.original_starts_at for meeting in new])
    return len(new)


def render(series: MeetingSeries, original_starts: Iterable[datetime] | None = None) -> None:
    """Write the feeds' texts of some or all of a series' meetings anew."""
    meetings = series.meetings.with_places()
    if original_starts is not None:
        meetings = meetings.filter(original_starts_at__in=list(original_starts))
    rows = list(meetings)
    for meeting in rows:
        ical.render(meeting)
    Meeting.objects.bulk_update(rows, ["vevent", "vevent_public"])
    series.feed_changed()


def make_due_meetings(now: datetime) -> int:
    """The due job: once a day every series is made 12 months ahead, each by itself; and what is over was held."""
    made, before = 0, done_until(DUE)
    if before is None or timezone.localdate(before) != timezone.localdate(now):
        made = sum(make_meetings(series, at=now) for series in MeetingSeries.objects.select_related("regional_office"))
        note(DUE, now)
    over = Meeting.objects.filter(status=Status.SCHEDULED, ends_at__lte=now - timedelta(hours=1))
    return made + (_held(over) if over.exists() else 0)


@transaction.atomic
def add_extra(
    series: MeetingSeries, *, title: str, starts_at: datetime, by: User | None, at: datetime, quiet: bool = False
) -> Meeting:
    """A meeting beside the rule, perhaps at the instant of one that was canceled; everybody is told.

    Refused where the series already has one then, or had one that only moved: that keeps its first date as its name;
    and, unless `quiet`, where it would be over before anybody could come.
    """
    if not quiet:
        _refuse_past(starts_at, at)
    _hold(series.pk)
    _refuse_second(series, starts_at)
    known = series.meetings.filter(original_starts_at=starts_at)
    if known.exclude(status=Status.CANCELED).exists():
        raise Refused(_("The meeting of that time was moved. Move it back, or choose another time."))
    meeting = _meeting(series, starts_at, at=at, canceled_before=known.count())
    meeting.title = title or series.name
    meeting.save()
    _changed(meeting, rises=False, at=at)
    log(meeting, "events.add_meeting", user=by)
    if not quiet:
        meeting.invited_at = at
        meeting.save(update_fields=["invited_at"])
        tell_everyone("meeting-announced", meeting, by=by, at=at)
    return meeting


@transaction.atomic
def move(
    meeting: Meeting, starts_at: datetime, *, by: User | None, at: datetime, reason: str, quiet: bool = False
) -> Meeting:
    """Another instant to come, as long as before. The first date stays known, calendars and members are told."""
    _hold(meeting.series_id)
    meeting = Meeting.objects.locked(meeting.pk)
    meeting.refuse_unless_scheduled()
    if starts_at == meeting.starts_at:
        raise Refused(_("That is when it is already planned for."))
    _refuse_past(starts_at, at)
    _refuse_second(meeting.series, starts_at)
    was = meeting.starts_at
    meeting.starts_at, meeting.ends_at = starts_at, starts_at + meeting.duration
    meeting.reason = reason
    _changed(meeting, at=at)
    log(meeting, "events.move", user=by, data={"from": was.isoformat(), "to": starts_at.isoformat(), "reason": reason})
    if not quiet:
        tell_everyone("meeting-moved", meeting, by=by, at=at)
    return meeting


@transaction.atomic
def cancel(meeting: Meeting, *, by: User | None, at: datetime, reason: str, quiet: bool = False) -> Meeting:
    """It does not take place; it stays on the list and in feeds as canceled, and members are told."""
    _hold(meeting.series_id)
    meeting = Meeting.objects.locked(meeting.pk)
    meeting.refuse_unless_scheduled()
    meeting.status, meeting.reason = Status.CANCELED, reason
    _changed(meeting, at=at)
    log(meeting, "events.cancel", user=by, data={"reason": reason})
    if not quiet:
        tell_everyone("meeting-canceled", meeting, by=by, at=at)
    return meeting


@transaction.atomic
def invite(meeting: Meeting, *, by: User | None, at: datetime) -> int:
    """Send the invitation with the agenda; told twice of the same date, nobody gets a second mail."""
    meeting = Meeting.objects.locked(meeting.pk)
    meeting.refuse_unless_scheduled()
    meeting.invited_at = at
    meeting.save(update_fields=["invited_at"])
    return tell_everyone("meeting-announced", meeting, by=by, at=at)


@transaction.atomic
def change_details(
    meeting: Meeting,
    details: dict[str, Any],
    *,
    by: User | None,
    at: datetime,
    over: str | None = None,
    quiet: bool = False,
) -> Meeting:
    """Title and place of this meeting alone.

    `over` is the fingerprint of the meeting that was changed; `Stale` where it is no longer that one.

    Another way there of a meeting to come is told to everyone, with the calendar file; a new title or link reaches
    calendars by their feeds and nobody gets a mail. What stays the same changes nothing.
    """
    _hold(meeting.series_id)
    meeting = Meeting.objects.locked(meeting.pk)
    different = {name for name in meeting.FORM_FIELDS if name in details and getattr(meeting, name) != details[name]}
    if not different:
        return meeting
    meeting.refuse_stale(over)
    for name in different:
        setattr(meeting, name, details[name])
    _changed(meeting, at=at)
    log(meeting, "events.change", user=by, data={"changed": sorted(different)})
    to_come = meeting.status == Status.SCHEDULED and not meeting.has_begun(at)
    if to_come and different & Meeting.WAY_THERE and not quiet:
        tell_everyone("meeting-place", meeting, by=by, at=at)
    return meeting


@transaction.atomic
def change_series(
    series: MeetingSeries, details: dict[str, Any], *, by: User | None, at: datetime, over: str | None = None
) -> MeetingSeries:
    """Name, usual place, when the link is shown, whether dates are public.

    `over` is the fingerprint of the series that was changed; `Stale` where it is no longer that one.

    A new place or name goes to the meetings to come that had the old one; those changed by hand keep theirs. Another
    way there is told once, with the file of the next meeting that goes there; the other dates reach calendars by
    their feeds, for twelve mails at once would be read by nobody.
    """
    series = MeetingSeries.objects.select_for_update(of=("self",), no_key=True).with_places().get(pk=series.pk)
    series.refuse_stale(over)
    _hold_all(series.meetings.all())
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
    render(series)
    log(series, "events.change_series", user=by)
    first = series.meetings.with_places().filter(pk__in=elsewhere).order_by("starts_at").first()
    if first is not None:
        tell_everyone("meeting-place", first, by=by, at=at, whole_series=True)
    return series


def _hold(series_id: int) -> None:
    """Lock the series, before any meeting of it, so that its deeds follow one another and none waits for the other.

    Not its key: who saves minutes has locked their meeting, and a new action only wants the series to stay there.
    """
    MeetingSeries.objects.select_for_update(no_key=True).get(pk=series_id)


def _hold_all(meetings: MeetingQuerySet) -> list[int]:
    """Lock these meetings, in one order and before what search knows of them, as who saves minutes does; their ids."""
    return list(meetings.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


@transaction.atomic
def _held(over: MeetingQuerySet) -> int:
    return over.filter(pk__in=_hold_all(over)).update(status=Status.HELD)


def _refuse_past(starts_at: datetime, at: datetime) -> None:
    """The due job would call it held, and what is held is neither moved nor canceled."""
    if starts_at <= at:
        raise Refused(_("Choose a time that lies ahead."))


def _refuse_second(series: MeetingSeries, starts_at: datetime) -> None:
    if series.meetings.filter(starts_at=starts_at).exclude(status=Status.CANCELED).exists():
        raise Refused(_("The series already has a meeting then."))


def _meeting(series: MeetingSeries, starts_at: datetime, *, at: datetime, canceled_before: int = 0) -> Meeting:
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


def _changed(meeting: Meeting, *, at: datetime, rises: bool = True) -> None:
    meeting.sequence += rises
    meeting.changed_at = at
    ical.render(meeting)
    meeting.save()
    meeting.series.feed_changed()


def _free_slug(name: str) -> str:
    base = slugify(name)[:120] or "meetings"
    taken = set(MeetingSeries.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in [base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))] if slug not in taken)
