"""Every facet filters and is counted under the others, on whichever engine answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.search.asking.finding import find
from portal.search.asking.question import current
from portal.search.engines.base import Ask
from portal.search.facets import FACETS
from portal.search.text.query import parse
from tests.people import Cast
from tests.search import differences
from tests.search.makers import make_entry

pytestmark = pytest.mark.usefixtures("note")
TODAY = date(2026, 11, 22)


@pytest.fixture
def corpus(cast: Cast) -> Cast:
    kane, dekalb = cast.kane.pk, cast.dekalb.pk
    make_entry(
        1,
        "Wi-Fi in gyms",
        tags=("Wi-Fi", "gyms"),
        products=("Meraki",),
        also=("Cisco Meraki",),
        county_id=kane,
        district_id=cast.kaneland.pk,
        status="in_use",
        dated=TODAY - timedelta(days=3),
    )
    make_entry(
        2,
        "Wi-Fi in labs",
        tags=("wifi", "labs"),
        products=("Aruba",),
        county_id=kane,
        district_id=cast.geneva.pk,
        status="piloting",
        dated=TODAY - timedelta(days=200),
    )
    make_entry(
        3,
        "Wi-Fi in buses",
        tags=("buses",),
        products=("Meraki",),
        county_id=dekalb,
        district_id=cast.sycamore.pk,
        status="in_use",
        dated=TODAY - timedelta(days=900),
    )
    make_entry(4, "Wi-Fi of the chapter", kind="paper", dated=TODAY - timedelta(days=3000))
    make_entry(5, "Wi-Fi for officers", tags=("gyms",), county_id=kane, audience=("officers",))
    make_entry(6, "Switches", tags=("switches",), county_id=kane)
    make_entry(7, "A switch", tags=("switch",), county_id=kane)
    return cast


def ask(text: str, **filters: str) -> Ask:
    chosen = {facet: tuple(values.split("|")) for facet, values in filters.items()}
    return Ask(frozenset({"public"}), TODAY, parse(text).terms, filters=chosen, counted=tuple(FACETS))


def ids(asked: Ask) -> list[int]:
    """Of the corpus: the directory's districts are found too."""
    return sorted(row.object_id for row in current().find(asked).rows if row.kind != "district")


def counts(asked: Ask, facet: str) -> dict[str, int]:
    return {count.label or count.value: count.count for count in current().find(asked).facets.get(facet, ())}


@pytest.mark.parametrize("text", ["wifi", ""])
@pytest.mark.parametrize(
    ("facet", "value", "expected"),
    [
        ("kind", "note", [1, 2, 3]),
        ("kind", "note|paper", [1, 2, 3, 4]),
        ("tag", "WiFi", [1, 2]),
        ("tag", "wi-fi", [1, 2]),
        ("tag", "gyms|buses", [1, 3]),
        ("tag", "no such", []),
        ("tag", "!!!", []),
        ("product", "meraki", [1, 3]),
        ("product", "Cisco Meraki", [1]),
        ("status", "in_use", [1, 3]),
        ("size", "2500-4999", [1, 2, 3]),
        ("size", "10000-up", []),
        ("fresh", "31", [1]),
        ("fresh", "366", [1, 2]),
        ("fresh", "1096", [1, 2, 3]),
        ("fresh", "no number", [1, 2, 3, 4]),
    ],
)
def test_a_facet_leaves_what_has_its_value(
    corpus: Cast, text: str, facet: str, value: str, expected: list[int]
) -> None:
    assert [pk for pk in ids(ask(text, **{facet: value})) if pk < 6] == expected


def test_places_filter_by_their_number(corpus: Cast) -> None:
    assert ids(ask("wifi", county=str(corpus.kane.pk))) == [1, 2]
    assert ids(ask("wifi", district=f"{corpus.geneva.pk}|{corpus.sycamore.pk}")) == [2, 3]
    assert ids(ask("", district=str(corpus.geneva.pk))) == [2]


def test_dates_bound_what_is_found(corpus: Cast) -> None:
    bounded = replace(ask("wifi"), after=TODAY - timedelta(days=200), before=TODAY - timedelta(days=3))
    assert ids(bounded) == [2]
    assert ids(replace(ask(""), before=date(2020, 1, 1))) == [4]


def test_a_mark_is_not_stemmed(corpus: Cast) -> None:
    assert ids(ask("", tag="switch")) == [7]


def test_facets_are_counted_each_under_the_others(corpus: Cast) -> None:
    asked = ask("wifi")
    assert counts(asked, "tag") == {"Wi-Fi": 2, "gyms": 1, "labs": 1, "buses": 1}
    assert counts(asked, "product") == {"Meraki": 2, "Aruba": 1}
    assert counts(asked, "status") == {"in_use": 2, "piloting": 1}
    assert counts(asked, "size") == {"2500-4999": 3}
    assert counts(asked, "fresh") == {"31": 1, "366": 2, "1096": 3}
    assert counts(asked, "county") == {"Kane": 2, "DeKalb": 1}
    assert counts(asked, "district") == {"Kaneland": 1, "Geneva": 1, "Sycamore": 1}
    narrowed = ask("wifi", tag="wifi", status="in_use")
    assert ids(narrowed) == [1]
    assert counts(narrowed, "tag") == {"Wi-Fi": 1, "gyms": 1, "buses": 1}
    assert counts(narrowed, "status") == {"in_use": 1, "piloting": 1}
    assert counts(narrowed, "product") == {"Meraki": 1}


def test_a_chosen_tag_that_is_none_of_the_most_frequent_has_its_number(note: object, cast: Cast) -> None:
    for number in range(30):
        make_entry(number, f"Wi-Fi {number}", tags=tuple(f"tag {n}" for n in range(13)))
    make_entry(50, "Wi-Fi alone", tags=("rare",))
    make_entry(51, "Wi-Fi alone too", tags=("rare", "seldom"))

    def chosen(*tags: str) -> dict[str, int | None]:
        results = find("wifi", user=None, facets={"tag": tags}, counted=("kind", "tag"))
        return {choice.label: choice.count for choice in results.facets["tag"] if choice.is_chosen}

    assert chosen("rare") == {"rare": 2}
    assert chosen("rare", "seldom") == {"rare": None, "seldom": None}
    assert chosen("rare", "tag 1") == {"rare": None, "tag 1": 30}


def test_tags_counted_among_some_of_the_hits_say_at_least(
    note: object, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.search.asking.filters.TAGGED", 10)
    for number in range(20):
        make_entry(number, f"Wi-Fi {number}", tags=("gyms", "labs") if number < 5 else ("gyms",))

    def capped(*tags: str) -> dict[str, bool]:
        results = find("wifi", user=None, facets={"tag": tags}, counted=("tag", "product"))
        return {choice.label: choice.is_capped for choice in results.facets["tag"]}

    assert capped() == capped("labs") == {"gyms": True, "labs": True}
    monkeypatch.setattr("portal.search.asking.filters.TAGGED", 20)
    assert capped("labs") == {"gyms": False, "labs": False}


def test_all_facets_cost_one_statement(corpus: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        current().find(ask("wifi", tag="wifi", status="in_use", size="2500-4999", fresh="366"))
    assert len(queries) == differences.queries_with_all_facets()


def test_what_nobody_does_any_more_sinks(corpus: Cast) -> None:
    make_entry(30, "Printer leases", body="Terms", status="stopped", popularity=3)
    make_entry(31, "Printer leases", body="Terms")
    asked = ask("printer leases")
    assert [row.object_id for row in current().find(asked).rows] == [30, 31]
    for sinking, order in ({"note": ("stopped",)}, [31, 30]), ({"other": ("stopped",)}, [30, 31]):
        assert [row.object_id for row in current().find(replace(asked, sinking=sinking)).rows] == order


def test_what_districts_like_the_readers_do_rises(corpus: Cast) -> None:
    make_entry(30, "Printer leases", body="Terms", district_id=corpus.geneva.pk)
    make_entry(31, "Printer leases", body="Terms", popularity=5)
    asked = ask("printer leases")
    assert [row.object_id for row in current().find(asked).rows] == [31, 30]
    assert [row.object_id for row in current().find(replace(asked, like={1.25: (corpus.geneva.pk,)})).rows] == [30, 31]


def test_what_the_closer_ones_do_rises_more(corpus: Cast) -> None:
    near, middle, far = corpus.geneva.pk, corpus.batavia.pk, corpus.sycamore.pk
    for number, district in ((30, near), (31, middle), (32, far), (33, corpus.kaneland.pk)):
        make_entry(number, "Printer leases", body="Terms", district_id=district, popularity=number - 30)
    asked = ask("printer leases")
    assert [row.object_id for row in current().find(asked).rows] == [33, 32, 31, 30]
    steps = {1.4: (near,), 1.25: (middle,), 1.15: (far,)}
    with CaptureQueriesContext(connection) as queries:
        assert [row.object_id for row in current().find(replace(asked, like=steps)).rows] == [30, 31, 32, 33]
    with CaptureQueriesContext(connection) as plain:
        current().find(asked)
    assert len(queries) == len(plain)


def test_a_row_tells_what_a_hit_shows(corpus: Cast) -> None:
    (row,) = current().find(ask("gyms")).rows
    assert (row.district, row.district_id, row.enrollment) == ("Kaneland", corpus.kaneland.pk, 3736)
    assert (row.lowest_grade, row.highest_grade, row.status) == ("PK", "12", "in_use")
    assert row.products == ["Meraki"]
    assert row.dated == TODAY - timedelta(days=3)


@pytest.mark.parametrize(
    ("typed", "expected"), [("gy", [1]), ("wi-f", [1, 2, 3, 4]), ("wifi la", [2]), ("wi fi buse", [3])]
)
def test_the_last_word_may_be_a_beginning(corpus: Cast, typed: str, expected: list[int]) -> None:
    assert ids(replace(ask(typed), prefix=True, counted=())) == expected
