from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.districts.models import District, RegionalOffice, User
from portal.events.deeds.carry_over import start_from_last
from portal.events.deeds.circulate import circulate
from portal.events.deeds.write_minutes import add_action, record_decision, write_notes
from portal.events.models import ActionItem, Meeting, MeetingSeries
from portal.events.rules import may_see_join_link
from portal.registry import search_sources
from portal.search.asking.finding import find
from portal.search.entries.rebuilding import drift_of
from tests.conftest import sign_in
from tests.events.makers import PLACE, make_item, make_meeting, make_minutes, make_series
from tests.people import Cast

INSIDERS = {"member", "buyer", "neighbor", "host", "officer"}


def seen_by(cast: Cast, url: str) -> set[str]:
    return {name for name, p in cast.everyone().items() if sign_in(Client(), p).get(url).status_code == 200}


def under(office: RegionalOffice, district: District) -> None:
    district.regional_office = office
    district.save()


@pytest.mark.parametrize("whole_office", [False, True])
def test_a_county_under_two_offices_meets_with_the_districts_of_each_apart(cast: Cast, whole_office: bool) -> None:
    cast.roe16.set_counties([cast.kane, cast.dekalb])
    under(cast.roe16, cast.geneva)
    meeting = make_meeting(cast, days=-5, county=None if whole_office else cast.kane)
    make_minutes(cast, meeting)
    theirs = INSIDERS - {"neighbor"}
    assert [d.short_name for d in meeting.series.districts()] == ["Batavia", "Kaneland"]
    assert set(meeting.series.people(timezone.localdate())) == {cast.member, cast.buyer, cast.host}
    for name, person in cast.everyone().items():
        client = sign_in(Client(), person)
        may = name in theirs
        assert (client.get(f"/meetings/{meeting.pk}/").status_code == 200) is may, name
        assert Meeting.objects.visible_to(person).filter(pk=meeting.pk).exists() is may, name
        assert MeetingSeries.objects.visible_to(person).exists() is may, name
        assert ActionItem.objects.visible_to(person).exists() is may, name
        assert bool(find("parts list", user=person).total) is may, name


def test_a_county_meeting_is_its_countys(cast: Cast) -> None:
    meeting = make_meeting(cast)
    for model, row in ((Meeting, meeting), (MeetingSeries, meeting.series)):
        found = {n for n, p in cast.everyone().items() if model.objects.visible_to(p).filter(pk=row.pk).exists()}  # type: ignore[attr-defined]
        assert found == INSIDERS
    assert seen_by(cast, f"/meetings/{meeting.pk}/") == INSIDERS


def test_an_office_wide_series_is_all_its_counties(cast: Cast) -> None:
    cast.roe31.set_counties([cast.kane, cast.dekalb])
    under(cast.roe31, cast.sycamore)
    meeting = make_meeting(cast, county=None)
    assert seen_by(cast, f"/meetings/{meeting.pk}/") == INSIDERS | {"outsider"}
    assert {d.pk for d in meeting.series.districts()} >= {cast.sycamore.pk, cast.geneva.pk}


def test_public_dates_show_date_title_and_county_and_nothing_else(cast: Cast) -> None:
    meeting = make_meeting(cast, days=0, dates_public=True)
    make_item(meeting, "Secret bids", body="secret body")
    day = meeting.local_start.date()
    year = {"year": day.year - (day.month < 7)}  # the school year that the day is of
    for person in (cast.visitor, cast.stranger, cast.outsider):
        client = sign_in(Client(), person)
        for page in (client.get(f"/meetings/{meeting.pk}/"), client.get("/meetings/", year)):
            text = page.content.decode()
            assert meeting.title in text
            assert "Kane County" in text
            for private in (*PLACE.values(), "Secret bids", "secret body", "have answered"):
                assert private not in text


def test_a_meeting_that_is_not_public_answers_as_one_that_is_not_there(cast: Cast) -> None:
    meeting = make_meeting(cast)
    assert Client().get(f"/meetings/{meeting.pk}/").status_code == Client().get("/meetings/999999/").status_code == 404
    assert meeting.title not in Client().get("/meetings/").content.decode()


def test_the_link_to_join_is_shown_from_its_hour_and_only_to_those_entitled(cast: Cast) -> None:
    soon, later = make_meeting(cast, days=1), make_meeting(cast, days=9, name="Later")
    soon.series.join_link_hours = 48
    soon.series.save()
    client = sign_in(Client(), cast.member)
    assert PLACE["join_link"] in client.get(f"/meetings/{soon.pk}/").content.decode()
    assert PLACE["join_link"] not in client.get(f"/meetings/{later.pk}/").content.decode()


def test_the_link_to_join_is_shown_from_its_first_instant_and_at_the_end_no_more(cast: Cast) -> None:
    meeting, moment = make_meeting(cast), timedelta(microseconds=1)
    first, end = meeting.starts_at - timedelta(hours=24), meeting.ends_at
    instants = (first - moment, first, end - moment, end)
    assert [may_see_join_link(cast.member, meeting, at) for at in instants] == [False, True, True, False]
    assert not any(may_see_join_link(cast.outsider, meeting, at) for at in instants)


def test_draft_minutes_are_the_hosts_until_they_are_sent_round(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-5)
    item = make_item(meeting)
    write_notes(item, "Frank words", version=0, by=cast.host)
    record_decision(meeting, "Buy forty carts", item=item, by=cast.host)
    url = f"/meetings/{meeting.pk}/"
    assert "Frank words" in sign_in(Client(), cast.host).get(url).content.decode()
    page = sign_in(Client(), cast.member).get(url).content.decode()
    assert "Frank words" not in page
    assert "Buy forty carts" not in page
    assert not find("frank words", user=cast.host).total
    circulate(meeting, by=cast.host, at=timezone.now(), quiet=True)
    assert [hit.kind for hit in find("frank words", user=cast.member).hits] == ["minutes"]
    page = sign_in(Client(), cast.member).get(url).content.decode()
    assert page.index("Buy forty carts") < page.index("Frank words")


def test_actions_in_draft_minutes_are_the_hosts_until_they_are_sent_round(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-5)
    coming = make_meeting(cast, days=9, series=meeting.series)
    action = add_action(meeting, "Ask why Geneva left", owner=cast.geneva, by=cast.host)
    series, close = meeting.series.get_absolute_url(), f"/meetings/actions/{action.pk}/close/"
    host, neighbor = sign_in(Client(), cast.host), sign_in(Client(), cast.neighbor)
    assert "Ask why Geneva left" in host.get(series).content.decode()
    assert "Ask why Geneva left" not in neighbor.get(series).content.decode()
    assert neighbor.post(close).status_code == 404
    start_from_last(coming, by=cast.host)
    assert "Ask why Geneva left" not in neighbor.get(f"/meetings/{coming.pk}/").content.decode()
    circulate(meeting, by=cast.host, at=timezone.now(), quiet=True)
    assert "Ask why Geneva left" in neighbor.get(series).content.decode()
    start_from_last(coming, by=cast.host)
    assert "Ask why Geneva left" in neighbor.get(f"/meetings/{coming.pk}/").content.decode()
    assert neighbor.post(close).status_code == 302


def test_search_finds_a_meeting_and_all_that_belongs_to_it_for_the_county_alone(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-5, dates_public=True)
    make_minutes(cast, meeting)
    for name, person in cast.everyone().items():
        found = {hit.kind for hit in find("parts list", user=person).hits}
        assert found == ({"minutes", "action"} if name in INSIDERS else set()), name
        about = {hit.kind for hit in find("repairs by students", user=person).hits}
        assert about == ({"meeting", "agenda-item", "minutes"} if name in INSIDERS else set()), name


def test_only_the_district_that_took_an_action_on_and_the_host_close_it(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-5)
    action = add_action(meeting, "Send the list", owner=cast.geneva, by=cast.host)
    circulate(meeting, by=cast.host, at=meeting.ends_at, quiet=True)
    url = f"/meetings/actions/{action.pk}/close/"
    assert sign_in(Client(), cast.member).post(url).status_code == 403
    assert sign_in(Client(), cast.neighbor).post(url).status_code == 302
    assert ActionItem.objects.get().closed_by == cast.neighbor
    make_series(cast, name="Another")
    assert not ActionItem.objects.open().exists()


def test_a_county_that_leaves_its_office_finds_nothing_of_the_office_any_more(cast: Cast) -> None:
    cast.roe31.set_counties([cast.kane, cast.dekalb])
    under(cast.roe31, cast.sycamore)
    meeting = make_meeting(cast, days=-5, county=None)
    make_minutes(cast, meeting)
    kinds = ["meeting", "agenda-item", "minutes", "action"]

    def found(person: User) -> set[str]:
        texts = ("parts list", "repairs by students", "technology directors")
        return {hit.kind for text in texts for hit in find(text, user=person, kinds=kinds).hits}

    assert found(cast.outsider) == set(kinds)
    cast.roe31.set_counties([cast.kane])
    assert not found(cast.outsider)
    assert found(cast.member) == set(kinds)
    assert not any(drift_of(search_sources[kind]).total for kind in kinds)
