"""A canceled meeting takes place after all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from portal.events import rules
from portal.events.deeds.answer import answer
from portal.events.deeds.make_meetings import make_meetings
from portal.events.deeds.reschedule import add_extra, cancel, move, reinstate
from portal.events.models import Meeting
from portal.events.models.meetings import Status
from portal.notices.models import Notice
from portal.refusals import Refused
from tests.conftest import sign_in
from tests.events.makers import make_meeting
from tests.people import Cast

NOW = timezone.now()


def canceled(cast: Cast, **more: Any) -> Meeting:
    return cancel(make_meeting(cast, **more), by=cast.host, at=NOW, reason="Snow", quiet=True)


def test_everyone_is_told_and_calendars_take_it_back(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    meeting = make_meeting(cast)
    answer(meeting, cast.member, "in_person", at=NOW)
    cancel(meeting, by=cast.host, at=NOW, reason="Snow")
    told = set(Notice.objects.filter(kind="meeting-canceled").values_list("email", flat=True))
    client, url = sign_in(Client(), cast.host), f"/meetings/{meeting.pk}/reinstate/"
    asked = client.get(url).content.decode()
    assert "3 people get an email. Answers for this date still count." in asked
    assert "Leave it canceled" in asked
    assert client.post(url, {"reason": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(url, {"reason": "The roads are clear"}, follow=True).content.decode()
    for text in ("Takes place after all", "The roads are clear", "1 of 3 districts"):
        assert text in page
    assert set(Notice.objects.filter(kind="meeting-reinstated").values_list("email", flat=True)) == told
    sent = [m for m in mail.outbox if m.subject.startswith("Takes place after all")]
    assert len(sent) == len(told) == 3
    attached: Any = sent[0].attachments[0]
    assert attached.mimetype == "text/calendar; method=REQUEST"
    file: Any = Calendar.from_ical(attached.content)
    [event] = file.walk("VEVENT")
    assert (file["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("REQUEST", "CONFIRMED", 2)
    assert event["UID"] == meeting.uid
    assert "Takes place after all: The roads are clear" in event["DESCRIPTION"]


def test_it_is_not_made_twice_nor_next_to_what_took_its_place(cast: Cast) -> None:
    meeting = canceled(cast)
    series = meeting.series
    with transaction.atomic():
        extra = add_extra(series, title="", starts_at=meeting.starts_at, by=cast.host, at=NOW, quiet=True)
    with pytest.raises(Refused, match="already has a meeting then"):
        reinstate(meeting, by=cast.host, at=NOW, reason="Thaw")
    extra = move(extra, extra.starts_at + timedelta(days=1), by=cast.host, at=NOW, reason="Bus", quiet=True)
    with pytest.raises(Refused, match="has taken the place of this one"):
        reinstate(meeting, by=cast.host, at=NOW, reason="Thaw")
    cancel(extra, by=cast.host, at=NOW, reason="Nobody came", quiet=True)
    reinstate(meeting, by=cast.host, at=NOW, reason="Thaw", quiet=True)
    assert make_meetings(series, at=NOW) == 0
    assert series.meetings.filter(starts_at=meeting.starts_at).exclude(status=Status.CANCELED).count() == 1


@pytest.mark.parametrize(("early", "is_done"), [(timedelta(microseconds=1), True), (timedelta(), False)])
def test_it_is_reinstated_until_its_time_has_come(cast: Cast, early: timedelta, is_done: bool) -> None:
    meeting = canceled(cast)
    at = meeting.starts_at - early
    assert rules.may_reinstate(cast.host, meeting, at) is is_done
    if is_done:
        assert not reinstate(meeting, by=cast.host, at=at, reason="Thaw", quiet=True).is_canceled
    else:
        with pytest.raises(Refused, match="Add an extra meeting"):
            reinstate(meeting, by=cast.host, at=at, reason="Thaw")


def test_only_what_is_canceled_is_reinstated_and_only_by_who_may_cancel(cast: Cast) -> None:
    with pytest.raises(Refused, match="is not canceled"):
        reinstate(make_meeting(cast), by=cast.host, at=NOW, reason="Thaw")
    with pytest.raises(PermissionDenied):
        reinstate(canceled(cast, name="Other"), by=cast.member, at=NOW, reason="Thaw")


def test_that_it_takes_place_after_all_is_old_news_once_it_moves(cast: Cast) -> None:
    meeting = reinstate(canceled(cast), by=cast.host, at=NOW, reason="Thaw", quiet=True)
    moved = move(meeting, meeting.starts_at + timedelta(days=1), by=cast.host, at=NOW, reason="Bus", quiet=True)
    page = sign_in(Client(), cast.member).get(moved.get_absolute_url()).content.decode()
    assert "Takes place after all" not in page
    assert "Moved: Bus" in moved.vevent.replace("\r\n ", "")


def test_the_way_back_from_canceling_is_called_what_it_keeps(cast: Cast) -> None:
    meeting = make_meeting(cast)
    page = sign_in(Client(), cast.host).get(f"/meetings/{meeting.pk}/cancel/").content.decode()
    assert ">Keep the meeting</a>" in page
    assert ">Cancel</a>" not in page
    assert "3 people get an email." in page
