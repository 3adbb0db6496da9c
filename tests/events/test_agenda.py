from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from portal.districts.models import District, Role
from portal.events.deeds.agenda import shift_item
from portal.events.deeds.carry_over import MOST_LISTED, start_from_last
from portal.events.deeds.circulate import circulate
from portal.events.deeds.reschedule import add_extra, cancel, move
from portal.events.deeds.write_minutes import add_action, record_decision, write_notes
from portal.events.models import AgendaItem, Meeting
from portal.registry import AgendaSource, AgendaSuggestion, agenda_sources
from tests.conftest import sign_in
from tests.events.makers import make_item, make_meeting, make_series
from tests.people import Cast, join


def titles(meeting: Meeting) -> list[str]:
    return [item.title for item in meeting.items.accepted()]


def test_a_new_agenda_starts_from_last_months_unfinished_items_and_open_actions(cast: Cast) -> None:
    series = make_series(cast)
    last, coming = make_meeting(cast, days=-20, series=series), make_meeting(cast, days=2, series=series)
    make_item(last, "Welcome", repeats=True, kind="information")
    done = make_item(last, "Done with")
    write_notes(done, "Done.", version=0, is_finished=True, by=cast.host)
    open_item = make_item(last, "Not finished", owner=cast.geneva, body="See the list")
    add_action(last, "Send the parts list", owner=cast.geneva, by=cast.host)
    circulate(last, by=cast.host, at=last.ends_at, quiet=True)
    assert start_from_last(coming, by=cast.host) == 3
    assert start_from_last(coming, by=cast.host) == 0
    assert titles(coming) == ["Welcome", "Not finished", "Open actions"]
    carried = coming.items.get(title="Not finished")
    assert (carried.carried_from, carried.owner, carried.notes) == (open_item, cast.geneva, "")
    assert "Send the parts list" in coming.items.get(title="Open actions").body


def test_an_agenda_that_cannot_list_all_open_actions_says_how_many_more(cast: Cast) -> None:
    series = make_series(cast)
    last, coming = make_meeting(cast, days=-20, series=series), make_meeting(cast, days=2, series=series)
    for number in range(MOST_LISTED + 1):
        add_action(last, f"Action {number}", owner=cast.geneva, by=cast.host)
    circulate(last, by=cast.host, at=last.ends_at, quiet=True)
    start_from_last(coming, by=cast.host)
    assert coming.items.get(title="Open actions").body.endswith("\n- and 1 more")


def test_all_of_a_canceled_meetings_items_are_carried_over(cast: Cast) -> None:
    series = make_series(cast)
    last, coming = make_meeting(cast, days=-20, series=series), make_meeting(cast, days=2, series=series)
    make_item(last, "One")
    cancel(last, by=cast.host, at=last.starts_at, reason="Snow", quiet=True)
    start_from_last(coming, by=cast.host)
    assert titles(coming) == ["One"]


def test_an_extra_meeting_in_a_canceled_ones_place_starts_from_its_agenda(cast: Cast) -> None:
    series = make_series(cast)
    long_ago, canceled = make_meeting(cast, days=-20, series=series), make_meeting(cast, days=2, series=series)
    make_item(long_ago, "Long ago")
    make_item(canceled, "Planned")
    now = timezone.now()
    cancel(canceled, by=cast.host, at=now, reason="Snow", quiet=True)
    instead = add_extra(series, title="", starts_at=canceled.starts_at, by=cast.host, at=now, quiet=True)
    assert instead.last_with_agenda() == canceled
    assert start_from_last(instead, by=cast.host) == 1
    assert titles(instead) == ["Planned"]


def test_a_moved_meeting_takes_a_canceled_ones_place_whichever_was_made_first(cast: Cast) -> None:
    series = make_series(cast)
    moved, canceled = make_meeting(cast, days=5, series=series), make_meeting(cast, days=2, series=series)
    make_item(canceled, "Planned")
    deed: dict[str, Any] = {"by": cast.host, "at": timezone.now(), "quiet": True}
    cancel(canceled, reason="Snow", **deed)
    moved = move(moved, canceled.starts_at, reason="Snow", **deed)
    assert moved.last_with_agenda() == canceled


def test_items_are_ordered_by_buttons(cast: Cast) -> None:
    meeting = make_meeting(cast)
    for title in ("One", "Two", "Three"):
        make_item(meeting, title)
    client = sign_in(Client(), cast.host)
    three = meeting.items.get(title="Three")
    client.post(f"/meetings/{meeting.pk}/items/{three.pk}/up/")
    assert titles(meeting) == ["One", "Three", "Two"]
    client.post(f"/meetings/{meeting.pk}/items/{three.pk}/up/")
    client.post(f"/meetings/{meeting.pk}/items/{three.pk}/up/")
    assert titles(meeting) == ["Three", "One", "Two"]
    client.post(f"/meetings/{meeting.pk}/items/{three.pk}/down/")
    assert titles(meeting) == ["One", "Three", "Two"]


def test_a_proposal_is_the_hosts_to_take(cast: Cast) -> None:
    meeting = make_meeting(cast)
    member, host = sign_in(Client(), cast.member), sign_in(Client(), cast.host)
    member.post(f"/meetings/{meeting.pk}/agenda/propose/", {"title": "Chromebook carts", "minutes": 10})
    item = AgendaItem.objects.get()
    assert (item.is_proposal, item.owner) == (True, cast.kaneland)
    assert "Chromebook carts" not in member.get(f"/meetings/{meeting.pk}/").content.decode()
    assert "Chromebook carts" in host.get(f"/meetings/{meeting.pk}/agenda/").content.decode()
    host.post(f"/meetings/{meeting.pk}/items/{item.pk}/accept/")
    assert "Chromebook carts" in member.get(f"/meetings/{meeting.pk}/").content.decode()


def test_a_proposal_is_of_the_district_that_its_proposer_speaks_for_here(cast: Cast) -> None:
    join(cast.outsider, Role.MEMBER, district=cast.geneva, since=date(2024, 7, 1))
    meeting, other = make_meeting(cast), make_meeting(cast, office=cast.roe16, county=cast.dekalb, name="DeKalb")
    for one, owner in ((meeting, cast.geneva), (other, cast.sycamore)):
        sent = {"title": "Chromebook carts", "minutes": 10}
        sign_in(Client(), cast.outsider).post(f"/meetings/{one.pk}/agenda/propose/", sent)
        assert one.items.get().owner == owner
    sign_in(Client(), cast.officer).post(f"/meetings/{meeting.pk}/agenda/propose/", {"title": "Bells", "minutes": 5})
    assert meeting.items.get(title="Bells").owner is None


def test_an_item_stays_with_a_district_that_left_the_area(cast: Cast) -> None:
    meeting = make_meeting(cast)
    item, other = make_item(meeting, owner=cast.batavia), make_item(meeting, owner=cast.geneva)
    District.objects.filter(pk=cast.batavia.pk).update(county=cast.dekalb, regional_office=cast.roe16)
    host, option = sign_in(Client(), cast.host), f'<option value="{cast.batavia.pk}"'
    url = f"/meetings/{meeting.pk}/items/{item.pk}/edit/"
    page = host.get(url)
    assert f"{option} selected>" in page.content.decode()
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not False}
    assert host.post(url, sent | {"title": "Forty carts"}).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.owner) == ("Forty carts", cast.batavia)
    for page in (
        host.get(f"/meetings/{meeting.pk}/items/{other.pk}/edit/"),
        host.get(f"/meetings/{meeting.pk}/agenda/"),
    ):
        assert option not in page.content.decode(), "nobody is newly given to it"


def test_an_item_with_minutes_is_not_taken_off(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-2)
    noted, decided, acted, plain = (make_item(meeting, title) for title in ("Noted", "Decided", "Acted", "Plain"))
    write_notes(noted, "Batavia lends its bench.", version=0, by=cast.host)
    record_decision(meeting, "Buy together", item=decided, by=cast.host)
    add_action(meeting, "Send the list", item=acted, by=cast.host)
    host = sign_in(Client(), cast.host)
    page = host.get(f"/meetings/{meeting.pk}/agenda/").content.decode()
    assert f"/items/{noted.pk}/remove/" not in page
    assert f"/items/{plain.pk}/remove/" in page
    for item in (noted, decided, acted):
        said = host.post(f"/meetings/{meeting.pk}/items/{item.pk}/remove/", follow=True).content.decode()
        assert "stand under this item" in said
    make_item(meeting, "Another")
    host.post(f"/meetings/{meeting.pk}/items/{plain.pk}/remove/")
    assert titles(meeting) == ["Noted", "Decided", "Acted", "Another"]
    circulate(meeting, by=cast.host, at=meeting.ends_at, quiet=True)
    another = meeting.items.get(title="Another")
    host.post(f"/meetings/{meeting.pk}/items/{another.pk}/remove/")
    assert titles(meeting) == ["Noted", "Decided", "Acted", "Another"]
    (row,) = ModelLogEntry.objects.filter(action="events.remove_item")
    assert (row.user, row.data["title"]) == (cast.host, "Plain")


def test_two_who_change_one_item_hear_of_each_other(cast: Cast) -> None:
    meeting = make_meeting(cast)
    item = make_item(meeting, "Carts")
    url = f"/meetings/{meeting.pk}/items/{item.pk}/edit/"
    host, officer = sign_in(Client(), cast.host), sign_in(Client(), cast.officer)
    opened = host.get(url).context["form"].initial | {"owner": ""}
    write_notes(item, "Noted meanwhile", version=0, by=cast.host)
    theirs = {"title": "Forty carts", "kind": "decision", "owner": cast.geneva.pk, "repeats": "on"}
    assert officer.post(url, opened | theirs).status_code == 302
    refused = host.post(url, opened | {"title": "Carts and racks"})
    assert refused.status_code == 409
    page = refused.content.decode()
    for said in ("Forty carts", "Decision", str(cast.geneva)):
        assert f"It now says: {said}" in page
    assert "It is now ticked." in page
    assert "Carts and racks" in page
    item.refresh_from_db()
    assert item.title == "Forty carts"
    again = {name: refused.context["form"][name].value() for name in opened}
    assert host.post(url, again).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.notes) == ("Carts and racks", "Noted meanwhile")


def test_an_item_of_another_meeting_is_not_there(cast: Cast) -> None:
    one, other = make_meeting(cast), make_meeting(cast, name="Other")
    item = make_item(other)
    response = sign_in(Client(), cast.host).post(f"/meetings/{one.pk}/items/{item.pk}/remove/")
    assert response.status_code == 404


@pytest.fixture
def suggested(cast: Cast) -> Iterator[Meeting]:
    """A meeting that another feature suggests to talk about: here the county's own other meeting."""
    other = make_meeting(cast, name="Devices working group")
    source = AgendaSource(
        "test",
        "Other groups",
        lambda counties, user, now: [
            AgendaSuggestion(other.title, "It meets soon", "meeting", other.pk, other.get_absolute_url())
        ],
    )
    agenda_sources.add(source)
    yield other
    agenda_sources._things.pop("test")


def test_a_suggestion_is_taken_once_and_linked_for_those_who_may_see_it(cast: Cast, suggested: Meeting) -> None:
    meeting = make_meeting(cast)
    client = sign_in(Client(), cast.host)
    url = f"/meetings/{meeting.pk}/agenda/"
    assert "It meets soon" in client.get(url).content.decode()
    client.post(f"{url}take/", {"thing": f"meeting:{suggested.pk}"})
    assert "It meets soon" not in client.get(url).content.decode()
    page = sign_in(Client(), cast.member).get(f"/meetings/{meeting.pk}/").content.decode()
    assert f'<a href="{suggested.get_absolute_url()}">' in page


@pytest.mark.parametrize("thing", ["", "meeting:999999", "nonsense:1", "meeting:x", "meeting:" + "9" * 40, ":1"])
def test_what_the_host_may_not_see_goes_on_no_agenda(cast: Cast, thing: str) -> None:
    meeting = make_meeting(cast)
    assert (
        sign_in(Client(), cast.host).post(f"/meetings/{meeting.pk}/agenda/take/", {"thing": thing}).status_code == 302
    )
    assert not meeting.items.exists()


def test_deeds_at_the_edges_change_nothing(cast: Cast) -> None:
    meeting = make_meeting(cast)
    item = make_item(meeting, "Only")
    shift_item(item, 1, by=cast.host)
    assert titles(meeting) == ["Only"]
    assert not meeting.is_over(timezone.now() + timedelta(days=1))
