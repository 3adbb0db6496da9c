"""In a large index a frequent word is looked for among the newest entries, and no other search is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from portal.search.asking import question
from portal.search.asking.finding import find
from portal.search.mirror import shipping
from portal.search.mirror.changes import Copy
from tests.elastic import needs_elasticsearch
from tests.people import Cast
from tests.search.makers import make_entry

pytestmark = [needs_elasticsearch, pytest.mark.copyless, pytest.mark.usefixtures("note")]
TODAY = date(2026, 11, 2)
ALL = range(12)


@pytest.fixture
def closets(live: Copy, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Twelve of as many months, the last of them the oldest, one of no day, and rare words in the oldest ones."""
    monkeypatch.setattr("portal.search.mirror.documents.NEWEST", 5)
    monkeypatch.setattr("portal.search.mirror.engine.COUNT_LIMIT", 3)
    monkeypatch.setattr("portal.search.asking.finding.FEW", 2)
    for number in ALL:
        rare = "purple" if number >= 10 else ""
        make_entry(number, f"Wiring closet {number}", body=rare, dated=TODAY - timedelta(days=30 * number))
    make_entry(50, "Wiring closet of no day")
    shipping.ship_all()
    return cast


def ids(text: str, *, kinds: Iterable[str] = ("note",)) -> set[int]:
    results = find(text, user=None, kinds=kinds)
    assert not results.is_reserve
    return {hit.object_id for hit in results.hits}


def test_a_frequent_word_is_found_in_the_newest_and_in_what_has_no_day(closets: Cast) -> None:
    assert ids("wiring") == ids("wiring closet") == ids('"wiring closet"') == {0, 1, 2, 3, 4, 50}


def test_what_few_of_the_newest_have_is_found_in_all(closets: Cast) -> None:
    assert ids("purple") == ids("wiring purple") == {10, 11}
    assert ids("wiring before:2026-01-15") == {10, 11}


def test_with_no_words_all_is_there(closets: Cast) -> None:
    assert ids("") == {*ALL, 50}


def test_any_of_the_words_are_looked_for_in_all(closets: Cast) -> None:
    assert {10, 11} <= ids("purple unheard wiring")


def test_a_small_index_is_searched_whole(closets: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.search.mirror.documents.NEWEST", 50)
    assert ids("wiring") == {*ALL, 50}


def test_where_the_newest_cannot_be_told_all_are_searched(closets: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(said: object) -> str:
        raise KeyError("aggregations")

    monkeypatch.setattr("portal.search.mirror.engine.newest_of", fail)
    assert find("wiring", user=None).is_reserve
    question._elasticsearch.cache_clear()
    assert ids("wiring") == {*ALL, 50}
