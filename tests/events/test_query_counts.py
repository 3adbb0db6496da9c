"""List and detail cost the same with one row and with twenty."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.districts.models import Role
from portal.events.deeds.answer import answer
from portal.events.deeds.write_minutes import add_action, record_decision
from tests.conftest import sign_in
from tests.events.makers import make_item, make_meeting, make_minutes, make_series
from tests.people import Cast, join, make_user

SIGNED_IN = 3


def cost(person: object, url: str) -> int:
    client = sign_in(Client(), person)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("who", ["visitor", "member", "host", "officer"])
def test_the_list_costs_the_same_for_one_meeting_and_twenty(cast: Cast, who: str) -> None:
    person = cast.everyone()[who]
    meeting = make_meeting(cast, days=1, dates_public=True)
    meeting.series.meetings.exclude(pk=meeting.pk).delete()
    one = cost(person, "/meetings/")
    for number in range(19):
        make_meeting(cast, days=number % 5, name=f"Series {number}", dates_public=True)
    assert cost(person, "/meetings/") == one <= 4 + (SIGNED_IN if who != "visitor" else 0)


@pytest.mark.parametrize("days", [10, -10])
def test_a_meeting_costs_the_same_with_one_item_and_twenty(cast: Cast, days: int) -> None:
    series = make_series(cast)
    meeting, other = make_meeting(cast, days=days, series=series), make_meeting(cast, name="Linked")
    fill(cast, meeting, days, 1, other.pk)
    one = cost(cast.member, f"/meetings/{meeting.pk}/")
    fill(cast, meeting, days, 19, other.pk)
    assert cost(cast.member, f"/meetings/{meeting.pk}/") == one <= 5 + SIGNED_IN


def fill(cast: Cast, meeting: object, days: int, count: int, linked: int) -> None:
    for number in range(count):
        item = make_item(meeting, f"Item {number}", link=("meeting", linked), owner=cast.geneva)  # type: ignore[arg-type]
        if days > 0:
            person = make_user(f"guest{meeting.items.count()}@example.org", "Guest")  # type: ignore[attr-defined]
            join(person, Role.HOST, office=cast.roe31)
            answer(meeting, person, "online", at=timezone.now())  # type: ignore[arg-type]
        else:
            record_decision(meeting, "Yes", item=item, by=cast.host)  # type: ignore[arg-type]
            add_action(meeting, "Do it", owner=cast.geneva, item=item, by=cast.host)  # type: ignore[arg-type]
    if days < 0 and count == 1:
        make_minutes(cast, meeting)  # type: ignore[arg-type]


def test_series_and_minutes_pages_do_not_grow(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-5)
    urls = (meeting.series.get_absolute_url(), f"/meetings/{meeting.pk}/minutes/", f"/meetings/{meeting.pk}/agenda/")
    fill(cast, meeting, -5, 1, meeting.pk)
    before = [cost(cast.host, url) for url in urls]
    fill(cast, meeting, -5, 10, meeting.pk)
    assert [cost(cast.host, url) for url in urls] == before
