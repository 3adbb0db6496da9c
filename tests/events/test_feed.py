"""Feeds as other programs read them: one parser built on icalendar, one that is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from typing import Any

import pytest
import recurring_ical_events
import vobject
from django.apps import apps
from django.core import mail
from django.test import Client
from django.utils import timezone
from icalendar import Calendar, Event, vText
from pytest_django import DjangoAssertNumQueries

from portal.events.deeds.change import change_details
from portal.events.deeds.reschedule import cancel, move
from portal.events.ical import invitation
from portal.events.models import MeetingSeries
from portal.events.models.feed_secret import FeedSecret
from portal.events.models.meetings import Meeting
from portal.events.models.recurrence import Pattern, Recurrence
from portal.events.vtimezones import vtimezone
from portal.text import clean, one_line
from tests.conftest import sign_in
from tests.events.makers import make_item, make_meeting, make_series
from tests.people import Cast

FALL = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)
HOSTILE = [
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:evil",
    "x\nATTENDEE:mailto:evil@example.org",
    'quotes " and ; , \\ \\n :',
    "\x01\x0b\x1b\x85\u2028\u2029",
    "BEGIN:VALARM",
    "ünïcödé " * 12,
    "😀" * 80,
    "\u202eright to left",
]


def address(cast: Cast, series: MeetingSeries) -> str:
    return f"/calendar/{FeedSecret.renew(cast.member, FALL)}/{series.slug}.ics"


def read(cast: Cast, series: MeetingSeries) -> bytes:
    response = Client().get(address(cast, series))
    assert response.status_code == 200
    return bytes(response.content)


def by_icalendar(content: bytes) -> dict[str, tuple[datetime, datetime, str]]:
    events = recurring_ical_events.of(Calendar.from_ical(content)).between(date(2020, 1, 1), date(2040, 1, 1))
    return {str(e["UID"]): (_utc(e.start), _utc(e.end), str(e["STATUS"])) for e in events}


def by_vobject(content: bytes) -> dict[str, tuple[datetime, datetime, str]]:
    events = vobject.readOne(content.decode()).vevent_list
    return {e.uid.value: (_utc(e.dtstart.value), _utc(e.dtend.value), e.status.value) for e in events}


def _utc(moment: Any) -> datetime:
    return datetime.fromtimestamp(moment.timestamp(), tz=UTC)


def stored(series: MeetingSeries) -> dict[str, tuple[datetime, datetime, str]]:
    return {
        m.uid: (m.starts_at, m.ends_at, "CANCELLED" if m.is_canceled else "CONFIRMED") for m in series.meetings.all()
    }


@pytest.mark.parametrize("zone", ["America/Chicago", "America/Indiana/Knox", "America/Phoenix", "Europe/Berlin"])
def test_two_parsers_read_the_instants_that_are_stored_over_the_clock_changes(cast: Cast, zone: str) -> None:
    series = make_series(cast, at=FALL, zone=zone)
    moved, canceled = series.meetings.order_by("starts_at")[1:3]
    # from summer time into winter time
    move(moved, moved.starts_at + timedelta(days=28), by=cast.host, at=FALL, reason="Testing", quiet=True)
    cancel(canceled, by=cast.host, at=FALL, reason="Snow", quiet=True)
    content = read(cast, series)
    assert by_icalendar(content) == stored(series)
    assert by_vobject(content) == stored(series)


@pytest.mark.parametrize(("weekday", "clock"), [(6, time(1, 30)), (6, time(2, 30)), (6, time(3, 30))])
def test_both_nights_of_the_clock_change_are_read_right(cast: Cast, weekday: int, clock: time) -> None:
    sundays = Recurrence(Pattern.WEEKS, weekdays=(weekday,))
    series = make_series(cast, at=FALL, recurrence=sundays, start_time=clock)
    content = read(cast, series)
    assert by_icalendar(content) == stored(series)
    assert by_vobject(content) == stored(series)


def test_the_zone_changes_on_the_days_of_the_law() -> None:
    text = vtimezone("America/Chicago").to_ical().decode()
    assert "DTSTART:20190310T020000" in text
    assert "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3" in text
    assert "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11" in text


def test_the_feed_says_how_often_to_look_and_folds_its_lines(cast: Cast) -> None:
    series = make_series(cast, at=FALL, name="Kane " + "ö" * 100)
    content = read(cast, series)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in content
    assert b"X-PUBLISHED-TTL:PT6H" in content
    assert content.count(b"BEGIN:VTIMEZONE") == 1
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    event = Calendar.from_ical(content).walk("VEVENT")[0]
    assert {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "STATUS", "DTSTART", "DTEND"} <= set(event)
    assert event["DTSTART"].params["TZID"] == "America/Chicago"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_add_no_component(cast: Cast, text: str) -> None:
    series = make_series(cast, at=FALL, name=f"Kane {text}"[:120])
    meeting = series.meetings.earliest("starts_at")
    change_details(meeting, {"title": text, "room": text, "address": text}, by=cast.host, at=FALL)
    move(meeting, meeting.ends_at, by=cast.host, at=FALL, reason=text or "x", quiet=True)
    content = read(cast, series)
    calendar = Calendar.from_ical(content)
    assert len(calendar.walk("VEVENT")) == 12
    assert [c.name for c in calendar.subcomponents] == ["VTIMEZONE", *["VEVENT"] * 12]
    assert all("ATTENDEE" not in e and not e.subcomponents for e in calendar.walk("VEVENT"))
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert len(vobject.readOne(content.decode()).vevent_list) == 12


def test_an_unchanged_feed_is_not_sent_again_and_a_changed_one_is(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    url = address(cast, series)
    first = Client().get(url)
    again = Client().get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in again.headers["Cache-Control"]
    meeting = series.meetings.earliest("starts_at")
    move(meeting, meeting.ends_at, by=cast.host, at=FALL, reason="Testing", quiet=True)
    changed = Client().get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert b"SEQUENCE:1" in changed.content


def test_the_same_feed_has_another_etag_for_another_person(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    tags = {
        Client().get(f"/calendar/{FeedSecret.renew(person, FALL)}/{series.slug}.ics").headers["ETag"]
        for person in (cast.member, cast.neighbor, cast.host)
    }
    assert len(tags) == 3


def test_the_feed_costs_one_query_beyond_person_rights_and_series(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    series = make_series(cast, at=FALL)
    url = address(cast, series)
    with django_assert_num_queries(4):
        tag = Client().get(url).headers["ETag"]
    with django_assert_num_queries(3):
        assert Client().get(url, headers={"If-None-Match": tag}).status_code == 304


def test_a_secret_address_ends_when_renewed_revoked_or_the_membership_ends(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    old, new = address(cast, series), address(cast, series)
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    cast.member.memberships.update(until=date(2024, 1, 1))
    assert Client().get(new).status_code == 404
    neighbor = f"/calendar/{FeedSecret.renew(cast.neighbor, FALL)}/{series.slug}.ics"
    assert Client().get(neighbor).status_code == 200
    sign_in(Client(), cast.neighbor).post("/calendar/revoke/")
    assert Client().get(neighbor).status_code == 404


def test_a_secret_is_kept_only_as_its_digest_and_opens_nothing_else(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    page = sign_in(Client(), cast.member).post("/calendar/").content.decode()
    kept = FeedSecret.objects.get()
    secret = page.split(f"/calendar/{cast.member.pk}.")[1].split("/")[0]
    assert len(secret) >= 22
    assert secret not in kept.secret_sha256
    assert Client().get(f"/meetings/{series.meetings.all()[0].pk}/?token={cast.member.pk}.{secret}").status_code == 404
    assert secret not in sign_in(Client(), cast.member).get("/calendar/").content.decode()


def test_everybody_reads_dates_only_where_they_are_public(cast: Cast) -> None:
    closed, opened = make_series(cast, at=FALL), make_series(cast, at=FALL, name="Open", dates_public=True)
    assert Client().get(f"/calendar/{closed.slug}.ics").status_code == 404
    content = Client().get(f"/calendar/{opened.slug}.ics").content.decode()
    assert content.count("BEGIN:VEVENT") == 12
    for private in ("Room 120", "First Street", "meet.example", "/meetings/"):
        assert private not in content


def test_the_link_to_join_is_in_no_feed_and_no_file(cast: Cast) -> None:
    meeting = make_meeting(cast, days=1)
    make_item(meeting)
    assert "meet.example" not in read(cast, meeting.series).decode()
    assert b"meet.example" not in sign_in(Client(), cast.member).get(f"/meetings/{meeting.pk}/meeting.ics").content
    assert Meeting.objects.filter(vevent__contains="meet.example").count() == 0


# --- written by the library, with the address of today ---------------------------------------------------------------
@pytest.mark.parametrize(
    "portal",
    [
        "https://portal.example.org",
        "http://x",
        "https://" + "a-long-name." * 8 + "example.org",
        "https://schöne.example",
    ],
)
def test_the_portals_address_is_that_of_the_day_the_feed_is_read(cast: Cast, settings: Any, portal: str) -> None:
    """The row was written where the portal stood before."""
    settings.PORTAL_URL = "https://where-we-were-before.example.org"
    series = make_series(cast, at=FALL, start_time=time(9))
    meeting = series.meetings.earliest("starts_at")
    move(meeting, meeting.ends_at, by=cast.host, at=FALL, reason="Kane, Co; \\n " + "ö" * 90, quiet=True)
    settings.PORTAL_URL = portal
    content = read(cast, series)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"where-we-were-before.example.org/" not in content.replace(b"\r\n ", b"")
    for number, (ours, theirs) in enumerate(
        zip(Calendar.from_ical(content).walk("VEVENT"), vobject.readOne(content.decode()).vevent_list, strict=True)
    ):
        url = f"{portal}/meetings/{meeting.pk + number}/"
        assert (str(ours["URL"]), theirs.url.value) == (url, url)
        assert str(ours["DESCRIPTION"]).endswith(f"link to join: {url}")
        assert theirs.description.value.endswith(f"link to join: {url}")
    assert "Moved: Kane, Co; \\n ööö" in str(Calendar.from_ical(content).walk("VEVENT")[0]["DESCRIPTION"])
    alone = sign_in(Client(), cast.member).get(f"/meetings/{meeting.pk}/meeting.ics").content
    assert str(Calendar.from_ical(alone).walk("VEVENT")[0]["URL"]) == f"{portal}/meetings/{meeting.pk}/"


def test_texts_written_with_an_address_lose_it_and_get_it_back(cast: Cast, settings: Any) -> None:
    """The upgrade, and the way back."""
    make_series(cast, at=FALL)
    kept = list(Meeting.objects.order_by("pk").values_list("vevent", flat=True))
    migration = import_module("portal.events.migrations.0006_texts_without_the_address")
    settings.PORTAL_URL = "https://where-we-were-before.example.org"
    migration.remember_the_address(apps, None)
    stored = Meeting.objects.order_by("pk").first()
    assert stored is not None
    event: Any = Event.from_ical(stored.vevent)
    assert str(event["URL"]) == f"https://where-we-were-before.example.org/meetings/{stored.pk}/"
    migration.forget_the_address(apps, None)
    assert list(Meeting.objects.order_by("pk").values_list("vevent", flat=True)) == kept


@pytest.mark.parametrize("text", ["Kane, Co;", 'a\\b "c": d', *HOSTILE])
def test_every_text_is_read_as_it_was_written(cast: Cast, text: str) -> None:
    series = make_series(cast, at=FALL, name=f"Kane {text}"[:120])
    meeting = series.meetings.earliest("starts_at")
    change_details(meeting, {"title": text, "room": text, "address": ""}, by=cast.host, at=FALL, quiet=True)
    cast.member.name = text
    calendar: Any = Calendar.from_ical(read(cast, series))
    shown = one_line(clean(text))
    name = one_line(clean(series.name))
    written = vText(name).to_ical().decode()  # icalendar takes no backslash out of what it has no type for
    assert [str(calendar[each]) for each in ("NAME", "X-WR-CALNAME")] == [written, written]
    assert r"Kane\, Co\;" in written or text != "Kane, Co;"
    event = calendar.walk("VEVENT")[0]
    assert (str(event["SUMMARY"]), str(event.get("LOCATION", ""))) == (shown, shown)
    meeting.refresh_from_db()
    file: Any = Calendar.from_ical(invitation(meeting, cast.member))
    assert str(file.walk("VEVENT")[0]["ATTENDEE"].params.get("CN", "")) == shown


def test_a_title_that_reads_like_a_method_is_only_a_title(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    meeting = make_meeting(cast, title="METHOD:CANCEL")
    with django_capture_on_commit_callbacks(execute=True):
        change_details(meeting, {"room": "Gym"}, by=cast.host, at=timezone.now())
    attached: Any = mail.outbox[0].attachments[0]
    assert attached.mimetype == "text/calendar; method=REQUEST"
