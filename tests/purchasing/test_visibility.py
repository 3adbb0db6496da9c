"""Who sees which agreement, in the list, the search and the counts; and what an announcement lets out."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.districts.models import Role
from portal.registry import PanelContext, agenda_sources, need_sources, panels, search_sources
from portal.search.models import Entry
from purchasing.deeds.announce import announce_agreement
from purchasing.deeds.answer import decline
from purchasing.deeds.end import cancel_agreement
from purchasing.models import Agreement
from purchasing.models.quantity_table import quantity_table_of
from purchasing.screens.listing import tone
from purchasing.screens.sentences import gap_sentence
from tests.conftest import sign_in
from tests.people import Cast, join, make_user
from tests.purchasing.makers import make_agreement, make_buyer, make_commitment, make_draft, make_line, make_show

SECRET = "Quokka terms nobody else may read"


def seen_by(cast: Cast, agreement: Agreement) -> set[str]:
    return {
        name
        for name, person in cast.everyone().items()
        if Agreement.objects.visible_to(person).filter(pk=agreement.pk).exists()
    }


def test_a_draft_is_the_lead_offices_and_officers(cast: Cast) -> None:
    assert seen_by(cast, make_draft(cast)) == {"host", "officer"}


def test_a_draft_that_is_canceled_stays_theirs(cast: Cast) -> None:
    agreement = make_draft(cast, body=SECRET)
    cancel_agreement(agreement, by=cast.host, at=timezone.now(), reason="The vendor is gone")
    assert seen_by(cast, agreement) == {"host", "officer"}
    assert {n for n, person in cast.everyone().items() if found("quokka", person)} == {"host", "officer"}


def test_an_open_agreement_is_seen_by_those_asked(cast: Cast) -> None:
    assert seen_by(cast, make_agreement(cast)) == {"member", "buyer", "neighbor", "host", "officer"}


def test_a_hosts_county_alone_opens_nothing(cast: Cast) -> None:
    agreement = make_agreement(cast, districts=[cast.kaneland])
    assert "neighbor" not in seen_by(cast, agreement)


def entry_keys(agreement: Agreement) -> dict[str, Any]:
    return {
        entry.kind: entry
        for entry in Entry.objects.filter(object_id=agreement.pk, kind__in=["agreement", "announcement"])
    }


def found(text: str, user: Any) -> set[str]:
    from portal.search.asking.finding import find

    return {hit.kind for hit in find(text, user=user).hits}


def test_search_finds_it_for_those_who_take_part_only(cast: Cast) -> None:
    make_agreement(cast, body=SECRET)
    expected = {"member", "buyer", "neighbor", "host", "officer"}
    assert {n for n, person in cast.everyone().items() if found("quokka", person)} == expected


def test_an_announcement_lets_out_title_office_and_closing_only(client: Client, cast: Cast) -> None:
    agreement = make_agreement(
        cast, title="Wombat carts", body=SECRET, summary="Quokka summary", lines=[make_line("Quokka cart")]
    )
    assert client.get(agreement.get_absolute_url()).status_code == 302
    assert not found("wombat", cast.visitor)
    announce_agreement(agreement, public=True, by=cast.officer, at=timezone.now())
    assert found("wombat", cast.visitor) == {"announcement"}
    assert not found("quokka", cast.visitor)
    assert not found("quokka", cast.outsider)
    page = client.get(agreement.get_absolute_url()).content.decode()
    assert "Wombat carts" in page
    assert "Quokka" not in page
    assert "$" not in page
    listed = client.get("/agreements/").content.decode()
    assert "Wombat carts" in listed
    assert "Quokka" not in listed
    announce_agreement(agreement, public=False, by=cast.officer, at=timezone.now())
    assert not found("wombat", cast.visitor)


def test_a_draft_is_never_announced(client: Client, cast: Cast) -> None:
    agreement = make_draft(cast)
    announce_agreement(agreement, public=True, by=cast.officer, at=timezone.now())
    assert not Agreement.objects.announced().exists()
    assert client.get(agreement.get_absolute_url()).status_code == 302


def says(quantity: int, page: str) -> bool:
    """Whether the page has it as a number by itself, not as digits of a form's random key."""
    return re.search(rf"\b(?:{quantity}|{quantity:,})\b", page) is not None


def test_other_districts_quantities_stay_hidden_and_totals_show(client: Client, cast: Cast) -> None:
    agreement = make_agreement(cast)
    make_commitment(agreement, cast.batavia, 21_413)
    make_commitment(agreement, cast.geneva, 500, buyer=cast.neighbor)
    page = sign_in(client, cast.member).get(agreement.get_absolute_url()).content.decode()
    history = client.get(f"{agreement.get_absolute_url()}history/").content.decode()
    assert says(21_913, page)
    assert not says(21_413, page)
    assert not says(21_413, history)
    Agreement.objects.filter(pk=agreement.pk).update(quantities_shared=True)
    assert says(21_413, client.get(agreement.get_absolute_url()).content.decode())


def test_shared_quantities_open_no_other_districts_reasons_and_names(client: Client, cast: Cast) -> None:
    agreement = make_agreement(cast, quantities_shared=True)
    decline(agreement, cast.geneva, by=cast.neighbor, at=timezone.now(), reason="The board is split")
    make_commitment(agreement, cast.batavia, 21_413)
    url = f"{agreement.get_absolute_url()}history/"
    for reader in (cast.member, cast.buyer):
        page = sign_in(client, reader).get(url).content.decode()
        assert "The board is split" not in page
        assert cast.neighbor.name not in page
        assert not says(21_413, page)
        assert "Every change of our quantities" in client.get(agreement.get_absolute_url()).content.decode()
    for reader in (cast.neighbor, cast.host, cast.officer):
        assert "The board is split" in sign_in(client, reader).get(url).content.decode()


def test_a_hidden_agreement_changes_no_list(client: Client, cast: Cast) -> None:
    sign_in(client, cast.outsider)
    before = client.get("/agreements/").content.decode().count("<li>")
    make_show(cast)
    assert client.get("/agreements/").content.decode().count("<li>") == before


def test_the_list_filters_by_state_and_county(client: Client, cast: Cast) -> None:
    make_agreement(cast, title="Open one")
    closed = make_agreement(cast, title="Closed one")
    Agreement.objects.filter(pk=closed.pk).update(closes_at=timezone.now())
    sign_in(client, cast.officer)
    assert "Closed one" not in client.get("/agreements/?state=committing").content.decode()
    fixed = client.get("/agreements/?state=frozen").content.decode()
    assert "Closed one" in fixed
    assert "Open one" not in fixed
    assert "Open one" not in client.get(f"/agreements/?county={cast.dekalb.pk}").content.decode()
    assert "Open one" in client.get(f"/agreements/?county={cast.kane.pk}").content.decode()
    assert client.get("/agreements/?county=x&state=nonsense&page=forged").status_code == 200


def needs_of(person: Any) -> list[Any]:
    context = PanelContext(user=person, now=timezone.now())
    return need_sources["agreements"].load(context)


def test_the_need_of_a_district_that_has_not_answered(cast: Cast) -> None:
    agreement = make_show(cast)
    (need,) = needs_of(cast.member)
    assert need.text.endswith("37 more take $12.00 off each.")
    assert (need.deed, need.url) == ("See our price", f"{agreement.get_absolute_url()}#ours")
    assert needs_of(cast.neighbor) == []
    assert needs_of(cast.outsider) == []


def test_no_need_after_the_closing_or_far_before_it(cast: Cast) -> None:
    make_agreement(cast, closes_in_days=31)
    assert needs_of(cast.member) == []


def test_home_shows_what_closes_within_fourteen_days_and_needs_what_does_within_thirty(cast: Cast) -> None:
    closing, moment = make_agreement(cast).closes_at, timedelta(microseconds=1)
    assert closing is not None
    for days, load in ((14, panels["agreements-closing"].load), (30, need_sources["agreements"].load)):
        edge = closing - timedelta(days=days)
        shown = [bool(load(PanelContext(cast.member, at))) for at in (edge - moment, edge, closing - moment, closing)]
        assert shown == [False, True, True, False], days


def test_the_badge_is_warm_in_the_last_fourteen_days(cast: Cast) -> None:
    agreement, moment = make_agreement(cast), timedelta(microseconds=1)
    assert agreement.closes_at is not None
    edge = agreement.closes_at - timedelta(days=14)
    tones = [tone(agreement, at) for at in (edge - moment, edge, agreement.closes_at - moment, agreement.closes_at)]
    assert tones == ["good", "closing", "closing", "wait"]


def test_the_host_needs_the_answers_of_those_who_gave_none(cast: Cast) -> None:
    agreement = make_agreement(cast, closes_in_days=19)
    make_agreement(cast, title="Far away", closes_in_days=31)
    (need,) = needs_of(cast.host)
    assert need.text.startswith("Chromebooks 2026: 3 districts have not answered; closes ")
    assert (need.deed, need.url) == ("See who is missing", f"{agreement.get_absolute_url()}grid/")
    decline(agreement, cast.kaneland, by=cast.buyer, at=timezone.now())
    decline(agreement, cast.geneva, by=cast.neighbor, at=timezone.now())
    (need,) = needs_of(cast.host)
    assert need.text.startswith("Chromebooks 2026: 1 district has not answered; closes ")
    other = make_user("other.host@roe16.example", "Host, ROE 16")
    join(other, Role.HOST, office=cast.roe16)
    assert needs_of(other) == []
    decline(agreement, cast.batavia, by=make_buyer(cast.batavia), at=timezone.now())
    assert needs_of(cast.host) == []


def test_the_fact_line_of_a_hit(cast: Cast) -> None:
    agreement = make_agreement(cast, closes_in_days=9)
    facts = search_sources["agreement"].facts
    assert facts([agreement.pk], cast.member, timezone.now()) == {agreement.pk: "Open, closes in 9 days"}
    assert facts([agreement.pk], cast.outsider, timezone.now()) == {}


def test_an_agenda_hears_of_a_near_closing(cast: Cast) -> None:
    agreement = make_agreement(cast, closes_in_days=9)
    (suggestion,) = agenda_sources["agreements"].suggest([cast.kane.pk], cast.host, timezone.now())
    assert (suggestion.title, suggestion.object_id) == (agreement.title, agreement.pk)


def test_gap_before_the_first_price(cast: Cast) -> None:
    agreement = make_agreement(cast, lines=[make_line(steps=[(25, "40.00")], minimum_order=25)])
    assert gap_sentence(quantity_table_of(agreement).lines[0]) == "25 more reach the first price, $40.00 each"


@pytest.mark.parametrize("rows", [1, 20])
def test_lists_and_pages_cost_the_same_for_one_and_for_twenty(
    client: Client, cast: Cast, rows: int, django_assert_max_num_queries: Any
) -> None:
    made = [make_agreement(cast, at=timezone.now() - timedelta(days=30 + n)) for n in range(rows)]
    for number in range(rows):
        make_commitment(made[0], _asked(cast, made[0], number), 3)
    sign_in(client, cast.buyer)
    client.get("/agreements/")
    with django_assert_max_num_queries(3 + 4) as listed:
        client.get("/agreements/")
    with django_assert_max_num_queries(3 + 5) as detail:
        client.get(f"{made[0].get_absolute_url()}?quantity=240")
    assert (len(listed), len(detail)) == (EXPECTED["list"], EXPECTED["detail"])


EXPECTED = {"list": 6, "detail": 8}


def _asked(cast: Cast, agreement: Agreement, number: int) -> Any:
    from tests.people import make_district

    district = make_district(f"District {number}", f"99{number:05d}", cast.kane, cast.roe31, 1000)
    agreement.participations.create(district=district, invited_at=timezone.now())
    return district
