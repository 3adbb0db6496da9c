"""One meeting moved, canceled or added: when it may be, who is told, and what they get."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from portal.districts.models import Role
from portal.events.deeds import make_meetings, reschedule
from portal.events.deeds.notify import tell_everyone
from portal.events.models import MeetingSeries
from portal.events.models.meetings import Meeting, Status
from portal.notices.models import Notice
from portal.refusals import Refused
from tests.conftest import sign_in
from tests.events.makers import make_meeting, make_series
from tests.people import Cast, join, make_user

FALL = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)


def _file(message: Any) -> str:
    for attachment in message.attachments:
        content = getattr(attachment, "content", None) or (attachment[1] if isinstance(attachment, tuple) else None)
        if content is None:
            content = attachment.get_payload(decode=True)
        text = content.decode() if isinstance(content, bytes) else str(content)
        if "BEGIN:VCALENDAR" in text:
            return text
    raise AssertionError("no calendar file")


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


def test_a_canceled_meeting_cannot_be_moved(cast: Cast) -> None:
    meeting = make_meeting(cast)
    reschedule.cancel(meeting, by=cast.host, at=meeting.starts_at, reason="Snow", quiet=True)
    with pytest.raises(Refused):
        reschedule.move(meeting, meeting.ends_at, by=cast.host, at=meeting.starts_at, reason="Thaw", quiet=True)


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


def test_the_host_hears_how_many_were_invited(cast: Cast) -> None:
    meeting = make_meeting(cast)
    host, url = sign_in(Client(), cast.host), f"/meetings/{meeting.pk}/invite/"
    assert "Invitation sent to 3 people." in host.post(url, follow=True).content.decode()
    assert "No email was sent: everyone invited has this" in host.post(url, follow=True).content.decode()
    join(make_user("new@geneva.example", "New at Geneva"), Role.MEMBER, district=cast.geneva)
    assert "Invitation sent to 1 person." in host.post(url, follow=True).content.decode()
