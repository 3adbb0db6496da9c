"""Search knows of meetings what their pages show, after every way of writing them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.events.deeds.agenda import accept_item, change_item, propose_item, remove_item, shift_item
from portal.events.deeds.carry_over import start_from_last
from portal.events.deeds.change import change_series
from portal.events.deeds.circulate import approve, circulate
from portal.events.deeds.close_action import close_action
from portal.events.deeds.reschedule import cancel, move
from portal.events.deeds.write_minutes import record_decision, write_notes
from portal.events.models import ActionItem, AgendaItem, Decision, Meeting, MeetingSeries
from portal.search.asking.finding import find
from portal.search.models import Entry
from tests.events.makers import make_item, make_meeting, make_minutes
from tests.people import Cast
from tests.search.contract import check_source

KINDS = ("meeting", "meeting-date", "agenda-item", "minutes", "action")


def first() -> Meeting:
    return Meeting.objects.exclude(minutes_state="draft").get()


def coming() -> Meeting:
    return Meeting.objects.to_come(timezone.now())[0]


def retitle(item: AgendaItem, cast: Cast) -> None:
    stored = AgendaItem.objects.get(pk=item.pk)
    change_item(stored, {"title": "Other", "body": "Words"}, over=stored.fingerprint(), by=cast.host)


def reorder(cast: Cast) -> None:
    shift_item(AgendaItem.objects.filter(meeting=first()).accepted().last() or AgendaItem(), -1, by=cast.host)


def retitle_many() -> None:
    rows = list(Meeting.objects.all())
    for row in rows:
        row.title += " again"
    Meeting.objects.bulk_update(rows, ["title"])


def many_items() -> None:
    AgendaItem.objects.bulk_create([AgendaItem(meeting=first(), title=f"Bulk {n}", notes="x") for n in range(3)])


VERBS: dict[str, Callable[[Cast], object]] = {
    "move": lambda cast: move(
        coming(), coming().starts_at + timedelta(days=1), by=cast.host, at=timezone.now(), reason="Snow", quiet=True
    ),
    "cancel": lambda cast: cancel(coming(), by=cast.host, at=timezone.now(), reason="Snow", quiet=True),
    "change the series": lambda cast: change_series(
        first().series, {"name": "Tech leads", "room": "Room 9"}, by=cast.host, at=timezone.now()
    ),
    "keep the dates to members": lambda cast: change_series(
        first().series, {"dates_public": False}, by=cast.host, at=timezone.now()
    ),
    "change the series' county": lambda cast: MeetingSeries.objects.update(county=cast.dekalb),
    "change the office's counties": lambda cast: cast.roe31.set_counties([cast.dekalb]),
    "update meetings": lambda cast: Meeting.objects.update(title="All the same"),
    "update many meetings": lambda cast: retitle_many(),
    "open all minutes": lambda cast: Meeting.objects.update(minutes_state="circulated"),
    "close all minutes": lambda cast: Meeting.objects.update(minutes_state="draft"),
    "approve": lambda cast: approve(first(), by=cast.host, at=timezone.now()),
    "start from last": lambda cast: start_from_last(coming(), by=cast.host),
    "reorder": lambda cast: reorder(cast),
    "items in bulk": lambda cast: many_items(),
    "change an item": lambda cast: retitle(make_item(coming(), "Short-lived"), cast),
    "remove an item": lambda cast: remove_item(make_item(coming(), "Short-lived"), by=cast.host),
    "make proposals of all": lambda cast: AgendaItem.objects.update(is_proposal=True),
    "rewrite all notes": lambda cast: AgendaItem.objects.update(notes="Nothing was said."),
    "rewrite all decisions": lambda cast: Decision.objects.update(text="Nothing was decided."),
    "delete decisions": lambda cast: Decision.objects.all().delete(),
    "close an action": lambda cast: close_action(ActionItem.objects.get(), by=cast.host, at=timezone.now()),
    "reword all actions": lambda cast: ActionItem.objects.update(text="Send nothing"),
    "delete an action": lambda cast: ActionItem.objects.get().delete(),
    "delete a meeting": lambda cast: first().delete(),
    "delete meetings": lambda cast: Meeting.objects.all().delete(),
}


@pytest.mark.parametrize("verb", VERBS)
def test_entries_never_drift(cast: Cast, verb: str) -> None:
    meeting = make_meeting(cast, days=-5, dates_public=True)
    make_item(meeting, "Carts", body="Forty of them.")
    make_minutes(cast, meeting)
    make_item(meeting.series.meetings.to_come(timezone.now())[0], "Passkeys")
    assert all(Entry.objects.filter(kind=kind).exists() for kind in KINDS)
    VERBS[verb](cast)
    for kind in KINDS:
        check_source(kind)


def test_of_a_public_meeting_a_visitor_finds_what_the_list_shows(cast: Cast) -> None:
    meeting = make_meeting(cast, title="Okapi day", dates_public=True)
    make_item(meeting, "Zebra crossing")
    (hit,) = find("okapi", user=None).hits
    assert (hit.kind, hit.url) == ("meeting-date", meeting.get_absolute_url())
    for private in ("zebra", meeting.room):
        assert not find(private, user=None).total


def test_a_proposal_is_found_once_the_host_takes_it(cast: Cast) -> None:
    meeting = make_meeting(cast)
    wish = propose_item(meeting, "Zebra crossing", by=cast.member, at=timezone.now())
    assert not find("zebra", user=cast.host).total
    accept_item(wish, by=cast.host)
    assert {hit.kind for hit in find("zebra", user=cast.member).hits} == {"agenda-item", "meeting"}
    (item,) = find("zebra", user=cast.member, kinds=["agenda-item"]).hits
    assert item.url == f"{meeting.get_absolute_url()}#item-{wish.pk}"
    assert item.fact == "Discussion, led by Kaneland"


def test_each_text_of_a_meeting_is_found_once(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-5)
    item = make_item(meeting, "Carts", body="Forty zebras.")
    write_notes(item, "A gnu came instead.", version=0, by=cast.host)
    record_decision(meeting, "Feed the okapi", item=item, by=cast.host)
    circulate(meeting, by=cast.host, at=meeting.ends_at, quiet=True)
    kinds = {word: [hit.kind for hit in find(word, user=cast.member).hits] for word in ("zebras", "gnu", "okapi")}
    assert kinds == {"zebras": ["agenda-item"], "gnu": ["minutes"], "okapi": ["minutes"]}
    (minutes,) = find("okapi", user=cast.member).hits
    assert minutes.title.startswith(f"Minutes of {meeting.title}, ")
    assert minutes.fact == "Circulated, 1 decision"
