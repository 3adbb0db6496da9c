"""Another title or place of a meeting, or of all of a series to come: who is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.events.deeds import change
from portal.events.models import MeetingSeries
from portal.events.models.meetings import Meeting
from portal.notices.models import Notice
from tests.conftest import sign_in
from tests.events.makers import PLACE, make_meeting, make_series
from tests.people import Cast

FALL = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)


def told_of(room: str) -> list[Notice]:
    return list(Notice.objects.filter(kind="meeting-place", body__contains=room).order_by("pk"))


def shown_by(response: Any) -> dict[str, Any]:
    form = response.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}


def test_a_new_usual_place_is_not_that_of_a_meeting_that_begins_just_now(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    first = series.meetings.earliest("starts_at")
    for room, at in (("Gym", first.starts_at), ("Library", first.starts_at - timedelta(microseconds=1))):
        change.change_series(series, {"room": room}, by=cast.host, at=at)
        MeetingSeries.objects.filter(pk=series.pk).update(room=PLACE["room"])
    assert Meeting.objects.get(pk=first.pk).room == "Library"


def test_a_new_usual_place_goes_to_the_meetings_to_come_but_not_to_those_changed_by_hand(cast: Cast) -> None:
    series = make_series(cast, at=FALL)
    first, second = series.meetings.order_by("starts_at")[:2]
    change.change_details(first, {"room": "Library"}, by=cast.host, at=FALL)
    change.change_series(series, {"room": "Gym"}, by=cast.host, at=FALL)
    assert Meeting.objects.get(pk=first.pk).room == "Library"
    changed = Meeting.objects.get(pk=second.pk)
    assert (changed.room, changed.sequence) == ("Gym", 1)
    assert "Gym" in changed.vevent


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
