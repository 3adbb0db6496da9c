from __future__ import annotations

import re
from contextlib import nullcontext
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from portal.districts.models import Role
from portal.events.deeds import change, make_meetings, reschedule
from portal.events.deeds.attend import take_attendance
from portal.events.deeds.notify import tell_everyone
from portal.events.forms.fields import near
from portal.events.models import MeetingSeries
from portal.events.models.meetings import Meeting, Status
from portal.events.models.recurrence import Pattern, Recurrence
from portal.notices.models import Notice, SwitchedOff
from portal.refusals import Refused
from portal.search.models import Entry
from tests.conftest import sign_in
from tests.events.makers import PLACE, make_meeting, make_series
from tests.people import Cast, join, make_user

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


def test_a_meeting_is_planned_for_any_instant_after_now(cast: Cast) -> None:
    series, moment = make_series(cast, at=FALL), timedelta(microseconds=1)
    first = series.meetings.earliest("starts_at")
    for instant in (FALL - moment, FALL):
        with pytest.raises(Refused, match="in the future"):
            reschedule.add_extra(series, title="", starts_at=instant, by=cast.host, at=FALL)
        with pytest.raises(Refused, match="in the future"):
            reschedule.move(first, instant, by=cast.host, at=FALL, reason="Testing week")
    reschedule.move(first, FALL + moment, by=cast.host, at=FALL, reason="Testing week")
    reschedule.add_extra(series, title="", starts_at=FALL + 2 * moment, by=cast.host, at=FALL)


def test_a_new_usual_place_is_not_that_of_a_meeting_that_begins_just_now(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    first = series.meetings.earliest("starts_at")
    for room, at in (("Gym", first.starts_at), ("Library", first.starts_at - timedelta(microseconds=1))):
        change.change_series(series, {"room": room}, by=cast.host, at=at)
        MeetingSeries.objects.filter(pk=series.pk).update(room=PLACE["room"])
    assert Meeting.objects.get(pk=first.pk).room == "Library"


def test_the_due_job_looks_at_the_series_once_a_day(cast: Cast, django_assert_num_queries: Any) -> None:
    make_series(cast, at=FALL)
    later = FALL + timedelta(days=62)
    make_meetings.make_due_meetings(later)
    with django_assert_num_queries(2):  # how far it came, and what is over
        make_meetings.make_due_meetings(later + timedelta(seconds=30))
    MeetingSeries.objects.update(last_date=None)
    Meeting.objects.filter(starts_at__gt=later).delete()
    assert make_meetings.make_due_meetings(later + timedelta(days=1)) > 0


def test_telling_many_costs_no_more_than_telling_few(cast: Cast) -> None:
    meeting = make_meeting(cast)
    with CaptureQueriesContext(connection) as few:
        assert tell_everyone("meeting-announced", meeting, by=cast.host, at=FALL) == 3
    for number in range(20):
        join(make_user(f"person{number}@geneva.example", f"Person {number}"), Role.MEMBER, district=cast.geneva)
    with CaptureQueriesContext(connection) as many:
        assert tell_everyone("meeting-announced", meeting, by=cast.host, at=FALL) == 20
    assert len(many) <= len(few)
    for notice in Notice.objects.all():
        assert f"mailto:{notice.email}".encode() in bytes(notice.calendar).replace(b"\r\n ", b"")


def test_search_knows_that_a_meeting_was_held(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    make_meetings.make_due_meetings(FALL + timedelta(days=62))
    by_hand = series.meetings.filter(status=Status.SCHEDULED).earliest("starts_at")
    take_attendance(by_hand, {cast.geneva: 1}, by=cast.host, at=by_hand.starts_at)
    held = Entry.objects.filter(kind="meeting", status=Status.HELD).values_list("object_id", flat=True)
    assert set(held) == set(series.meetings.filter(status=Status.HELD).values_list("pk", flat=True))
    assert len(held) == 3


def test_a_moved_meeting_is_not_made_again(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    first = series.meetings.earliest("starts_at")
    reschedule.move(first, first.starts_at + timedelta(days=7), by=cast.host, at=FALL, reason="Testing week")
    assert make_meetings.make_meetings(series, at=FALL) == 0


def test_an_extra_meeting_takes_the_time_of_one_that_was_canceled(client: Client, cast: Cast) -> None:
    """What the refusal to move a canceled one advises is possible, and calendars show both."""
    meeting = make_meeting(cast)
    series, now = meeting.series, timezone.now()
    for _time in range(2):
        reschedule.cancel(meeting, by=cast.host, at=now, reason="Snow")
        with pytest.raises(Refused, match="Add an extra meeting"):
            reschedule.move(meeting, meeting.starts_at, by=cast.host, at=now, reason="Thaw")
        local = meeting.local_start
        sent = {"day": str(local.date()), "clock": f"{local:%H:%M}"}
        url = f"/meetings/series/{series.slug}/extra/"
        assert sign_in(client, cast.host).post(url, sent).status_code == 302
        meeting = series.meetings.exclude(status=Status.CANCELED).get(starts_at=meeting.starts_at)
        assert not meeting.is_moved
    feed: Any = Calendar.from_ical(client.get(f"/calendar/{series.slug}.ics").content)
    shown = [event for event in feed.walk("VEVENT") if event["DTSTART"].dt == meeting.starts_at]
    assert sorted(str(event["STATUS"]) for event in shown) == ["CANCELLED", "CANCELLED", "CONFIRMED"]
    assert len({event["UID"] for event in shown}) == 3
    assert make_meetings.make_meetings(series, at=now) == 0


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


def test_a_series_has_one_meeting_at_a_time(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    first, second = series.meetings.order_by("starts_at")[:2]
    was = first.starts_at
    for instant in (was, second.starts_at):
        with pytest.raises(Refused, match="already has a meeting then"):
            reschedule.add_extra(series, title="", starts_at=instant, by=cast.host, at=FALL)
    with pytest.raises(Refused, match="already has a meeting then"):
        reschedule.move(first, second.starts_at, by=cast.host, at=FALL, reason="Testing week")
    reschedule.move(first, was + timedelta(days=7), by=cast.host, at=FALL, reason="Testing week")
    with pytest.raises(Refused, match=r"was moved\. Move it back"):
        reschedule.add_extra(series, title="", starts_at=was, by=cast.host, at=FALL)


def test_no_meeting_is_planned_for_a_time_that_has_passed(client: Client, cast: Cast) -> None:
    """A slip of the year: the due job would call it held, and no deed brings it back."""
    meeting = make_meeting(cast)
    local = meeting.local_start
    sent = {"day": str(local.date() - timedelta(days=365)), "clock": f"{local:%H:%M}", "reason": "Testing week"}
    sign_in(client, cast.host)
    for url in (f"/meetings/{meeting.pk}/move/", f"/meetings/series/{meeting.series.slug}/extra/"):
        before = meeting.series.meetings.count()
        refused = client.post(url, sent)
        assert refused.status_code == 422
        assert "Choose a time in the future." in refused.content.decode()
        assert f'value="{sent["day"]}"' in refused.content.decode()
        assert meeting.series.meetings.count() == before
    assert not Meeting.objects.get(pk=meeting.pk).is_moved
    now = meeting.starts_at + timedelta(hours=1)
    with pytest.raises(Refused, match="in the future"):
        reschedule.move(meeting, now, by=cast.host, at=now, reason="Late", quiet=True)


def test_moving_tells_the_county_with_a_file_and_keeps_the_old_date(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    meeting = make_meeting(cast)
    was, before = meeting.starts_at, meeting.series.feed_version
    with django_capture_on_commit_callbacks(execute=True):
        moved = reschedule.move(
            meeting, was + timedelta(days=7), by=cast.host, at=timezone.now(), reason="Snow days made up"
        )
    assert (moved.original_starts_at, moved.sequence, moved.is_moved) == (was, 1, True)
    assert MeetingSeries.objects.get(pk=moved.series_id).feed_version > before
    assert {m.to[0] for m in mail.outbox} == {cast.buyer.email, cast.neighbor.email, cast.member.email}
    assert len(mail.outbox) == 3
    assert "Snow days made up" in mail.outbox[0].body
    calendar = Calendar.from_ical(_file(mail.outbox[0]))
    event: Any = calendar.walk("VEVENT")[0]
    assert (calendar["METHOD"], event["SEQUENCE"], event["STATUS"]) == ("REQUEST", 1, "CONFIRMED")
    assert event["ATTENDEE"] == f"mailto:{mail.outbox[0].to[0]}"
    assert event["UID"] == meeting.uid
    assert event["DTSTART"].dt == moved.starts_at


def test_canceling_needs_a_reason_and_sends_a_cancel(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    meeting = make_meeting(cast)
    client = sign_in(Client(), cast.host)
    url = f"/meetings/{meeting.pk}/cancel/"
    assert client.post(url, {"reason": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, {"reason": "Snow: all schools closed"}).status_code == 302
    calendar = Calendar.from_ical(_file(mail.outbox[0]))
    assert (calendar["METHOD"], calendar.walk("VEVENT")[0]["STATUS"]) == ("CANCEL", "CANCELLED")
    assert "Snow: all schools closed" in client.get(f"/meetings/{meeting.pk}/").content.decode()


def test_the_host_hears_how_many_were_invited(cast: Cast) -> None:
    meeting = make_meeting(cast)
    host, url = sign_in(Client(), cast.host), f"/meetings/{meeting.pk}/invite/"
    assert "Invitation sent to 3 people." in host.post(url, follow=True).content.decode()
    assert "No email was sent: everyone invited has this" in host.post(url, follow=True).content.decode()
    join(make_user("new@geneva.example", "New at Geneva"), Role.MEMBER, district=cast.geneva)
    assert "Invitation sent to 1 person." in host.post(url, follow=True).content.decode()


def test_a_canceled_meeting_cannot_be_moved(cast: Cast) -> None:
    meeting = make_meeting(cast)
    reschedule.cancel(meeting, by=cast.host, at=meeting.starts_at, reason="Snow", quiet=True)
    with pytest.raises(Refused):
        reschedule.move(meeting, meeting.ends_at, by=cast.host, at=meeting.starts_at, reason="Thaw", quiet=True)


def test_a_host_plans_a_series_in_the_words_they_say(cast: Cast) -> None:
    client = sign_in(Client(), cast.host)
    response = plan(client, series_form(cast))
    assert response.status_code == 302, response.context["form"].errors
    series = MeetingSeries.objects.get()
    assert series.rule == "FREQ=MONTHLY;BYMONTH=9,10,11,12,1,2,3,4,5;BYDAY=2TH"
    assert series.rule_in_words == "Second Thursday of the month, September to May, 1:30 PM"
    assert "Second Thursday of the month" in client.get(series.get_absolute_url()).content.decode()


def test_the_months_a_host_chose_hold_for_weeks_too(cast: Cast) -> None:
    form = series_form(cast) | {"pattern": "weeks", "interval": 2}
    assert plan(sign_in(Client(), cast.host), form).status_code == 302
    series = MeetingSeries.objects.get()
    assert series.rule_in_words == "Every 2 weeks on Thursday, September to May, 1:30 PM"
    local = [meeting.local_start for meeting in series.meetings.all()]
    assert local
    assert not {day.month for day in local} & {6, 7, 8}
    assert {day.time() for day in local} == {time(13, 30)}


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 302), (1, 302)])
def test_a_series_may_be_of_a_single_day(cast: Cast, days: int, status: int) -> None:
    form = series_form(cast)
    last = date.fromisoformat(form["first_date"]) + timedelta(days=days)
    sent = plan(sign_in(Client(), cast.host), form | {"last_date": last.isoformat()})
    assert sent.status_code == status


def test_a_day_is_near_three_years_back_and_five_ahead() -> None:
    year = timezone.localdate().year
    for years, is_near in ((-4, False), (-3, True), (5, True), (6, False)):
        with nullcontext() if is_near else pytest.raises(ValidationError):
            near(date(year + years, 7, 1))


def test_a_host_cannot_plan_for_another_office(cast: Cast) -> None:
    form = series_form(cast) | {"office": cast.roe16.pk, "county": cast.dekalb.pk}
    assert sign_in(Client(), cast.host).post("/meetings/series/new/", form).status_code == 422


def test_a_new_usual_place_goes_to_the_meetings_to_come_but_not_to_those_changed_by_hand(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    first, second = series.meetings.order_by("starts_at")[:2]
    change.change_details(first, {"room": "Library"}, by=cast.host, at=FALL)
    change.change_series(series, {"room": "Gym"}, by=cast.host, at=FALL)
    assert Meeting.objects.get(pk=first.pk).room == "Library"
    changed = Meeting.objects.get(pk=second.pk)
    assert (changed.room, changed.sequence) == ("Gym", 1)
    assert "Gym" in changed.vevent


def told_of(room: str) -> list[Notice]:
    return list(Notice.objects.filter(kind="meeting-place", body__contains=room).order_by("pk"))


def test_another_room_is_told_to_everyone_and_another_title_or_link_to_nobody(cast: Cast) -> None:
    meeting, now = make_meeting(cast), timezone.now()
    change.change_details(meeting, {"title": "New", "join_link": "https://meet.example/n"}, by=cast.host, at=now)
    assert not Notice.objects.exists()
    changed = change.change_details(meeting, {"room": "Gym"}, by=cast.host, at=now)
    notices = told_of("Gym")
    assert {n.email for n in notices} == {cast.buyer.email, cast.neighbor.email, cast.member.email}
    assert f"SEQUENCE:{changed.sequence}".encode() in bytes(notices[0].calendar)
    assert "meet.example" not in notices[0].body
    again = change.change_details(meeting, {"room": "Gym"}, by=cast.host, at=now)
    assert again.sequence == changed.sequence, "nothing is different"


def test_of_a_meeting_that_has_begun_nobody_is_told(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-2)
    change.change_details(meeting, {"room": "Gym"}, by=cast.host, at=timezone.now())
    assert not Notice.objects.exists()


def test_a_new_usual_room_is_told_once_with_the_next_date(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    first, second = series.meetings.order_by("starts_at")[:2]
    change.change_details(first, {"room": "Library"}, by=cast.host, at=FALL, quiet=True)
    change.change_series(series, {"room": "Gym"}, by=cast.host, at=FALL)
    notices = told_of("Gym")
    assert len(notices) == Notice.objects.count() == 3
    assert second.uid.encode() in bytes(notices[0].calendar)
    assert "from now on" in notices[0].body


@pytest.mark.parametrize("of_series", [True, False])
def test_two_who_change_one_place_hear_of_each_other(cast: Cast, of_series: bool) -> None:
    """The second would put the first room back and tell everybody of it."""
    meeting = make_meeting(cast)
    url = f"/meetings/series/{meeting.series.slug}/edit/" if of_series else f"/meetings/{meeting.pk}/edit/"
    host, officer = sign_in(Client(), cast.host), sign_in(Client(), cast.officer)
    opened = shown_by(host.get(url))
    assert officer.post(url, opened | {"room": "Gym", "parking": ""}).status_code == 302
    stale = host.post(url, opened | {"entrance": "Door 9"})
    assert stale.status_code == 409
    page = stale.content.decode()
    for text in ("Somebody changed this since", "It now says: Gym", "It now says: Door 3", "It is now empty."):
        assert text in page
    for typed in ("Room 120", "Door 9", "Behind the building"):
        assert f'value="{typed}"' in page
    meeting.refresh_from_db()
    assert (meeting.room, meeting.entrance) == ("Gym", "Door 3")
    assert not told_of("Room 120")
    assert host.post(url, shown_by(stale) | {"room": "Gym"}).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.room, meeting.entrance, meeting.parking) == ("Gym", "Door 9", "Behind the building")


def shown_by(response: Any) -> dict[str, Any]:
    form = response.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}


def plan(client: Client, form: dict[str, Any]) -> Any:
    """Look at the dates, then plan what was shown: the answer to the second press, or to a first that was refused."""
    looked = client.post("/meetings/series/new/", form)
    if looked.status_code != 200:
        return looked
    return client.post("/meetings/series/new/", hidden_in(looked.content.decode()))


def hidden_in(page: str) -> dict[str, Any]:
    """What the form of the page would send again."""
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page.split("<main", 1)[1]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name is not None
        sent.setdefault(name[1], []).append(value[1] if value else "")
    return sent


def test_the_dates_and_mails_are_shown_before_anything_is_planned(cast: Cast) -> None:
    client, today = sign_in(Client(), cast.host), timezone.localdate()
    tuesday = today + timedelta(days=(1 - today.weekday()) % 7 + 7)
    mondays = [tuesday + timedelta(days=6, weeks=weeks) for weeks in (0, 8, 16)]
    form = series_form(cast) | {"pattern": "weeks", "interval": 8, "weekday": 0, "from_month": 1, "to_month": 12}
    form |= {"first_date": tuesday.isoformat(), "last_date": (tuesday + timedelta(weeks=20)).isoformat()}
    looked = client.post("/meetings/series/new/", form)
    page = looked.content.decode()
    assert "Plan 3 meetings" in page
    assert f"Mon {mondays[0].day}" in page
    assert "3 people get an email." in page
    assert not MeetingSeries.objects.exists()
    assert not Notice.objects.exists()
    SwitchedOff.objects.create(person=cast.neighbor, kind="series-made")
    assert "2 people get an email." in client.post("/meetings/series/new/", form).content.decode()
    assert client.post("/meetings/series/new/", hidden_in(page)).status_code == 302
    local = [m.local_start.date() for m in MeetingSeries.objects.get().meetings.all()]
    assert local == mondays
    assert Notice.objects.filter(kind="series-made").count() == 2


def test_what_was_changed_after_the_look_is_shown_again_before_it_is_planned(cast: Cast) -> None:
    client = sign_in(Client(), cast.host)
    shown = hidden_in(client.post("/meetings/series/new/", series_form(cast)).content.decode())
    again = client.post("/meetings/series/new/", shown | {"weekday": [2]})
    assert again.status_code == 200
    assert "Second Wednesday of the month" in again.content.decode()
    assert not MeetingSeries.objects.exists()
    back = client.post("/meetings/series/new/", shown | {"change": "1"})
    assert back.status_code == 200
    assert "See the dates" in back.content.decode()
    assert "There is a problem" not in back.content.decode()


def test_none_of_the_dates_is_cut_off_silently(cast: Cast) -> None:
    day, client = timezone.localdate(), sign_in(Client(), cast.host)
    for count, status in ((80, 200), (81, 422)):
        dates = "\n".join((day + timedelta(days=n)).isoformat() for n in range(count))
        sent = client.post("/meetings/series/new/", series_form(cast) | {"pattern": "dates", "dates": dates})
        assert sent.status_code == status
    assert "Enter at most 80 dates. There are 81." in sent.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"pattern": "nth", "nth": []}, "Choose which ones of the month."),
        ({"pattern": "nth", "weekday": []}, "Choose at least one weekday."),
        ({"pattern": "weeks"}, "Say every how many weeks; 1 is every week."),
        ({"pattern": "day", "month_day": ""}, "Choose the day of the month."),
        ({"pattern": "dates"}, "Write the dates, one on each line."),
        ({"pattern": "dates", "dates": "12/10"}, "“12/10” is not a date. Write it like this: 2026-12-10."),
    ],
)
def test_what_the_chosen_pattern_needs_is_asked_for_by_name(cast: Cast, typed: dict[str, Any], words: str) -> None:
    sent = sign_in(Client(), cast.host).post("/meetings/series/new/", series_form(cast) | typed)
    assert sent.status_code == 422
    assert words in sent.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"pattern": "nth", "nth": [1, 3], "weekday": [1, 3]}, "First and third Tuesday and Thursday of the month"),
        ({"pattern": "nth", "nth": [5], "weekday": [1]}, "Fifth Tuesday of the month"),
        ({"pattern": "nth", "nth": [-1], "weekday": [4]}, "Last Friday of the month"),
        ({"pattern": "day", "month_day": -1}, "Last day of the month"),
        ({"pattern": "day", "month_day": 31}, "Day 31 of the month"),
        ({"pattern": "weeks", "interval": 1, "weekday": [0, 2]}, "Every Monday and Wednesday"),
    ],
)
def test_what_a_host_can_say_can_be_planned(cast: Cast, typed: dict[str, Any], words: str) -> None:
    form = series_form(cast) | {"from_month": 1, "to_month": 12} | typed
    assert plan(sign_in(Client(), cast.host), form).status_code == 302
    assert MeetingSeries.objects.get().rule_in_words == f"{words}, 1:30 PM"


def series_form(cast: Cast) -> dict[str, Any]:
    return {
        "name": "Kane technology directors",
        "office": cast.roe31.pk,
        "county": cast.kane.pk,
        "pattern": "nth",
        "nth": 2,
        "weekday": 3,
        "from_month": 9,
        "to_month": 5,
        "first_date": datetime.now(CHICAGO).date().isoformat(),
        "start_time": "13:30",
        "duration_minutes": 90,
        "join_link_hours": 24,
    }


def _file(message: Any) -> str:
    for attachment in message.attachments:
        content = getattr(attachment, "content", None) or (attachment[1] if isinstance(attachment, tuple) else None)
        if content is None:
            content = attachment.get_payload(decode=True)
        text = content.decode() if isinstance(content, bytes) else str(content)
        if "BEGIN:VCALENDAR" in text:
            return text
    raise AssertionError("no calendar file")
