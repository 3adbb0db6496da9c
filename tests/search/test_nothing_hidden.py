"""A synonym hides nothing: with a set, every query finds at least what it finds without it, and that stands above."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.search.asking.finding import find
from portal.search.text import synonyms
from portal.search.text.synonyms import SynonymSet
from tests.people import Cast
from tests.search.makers import make_entry
from tests.search.test_any_text import EXAMPLES

pytestmark = [pytest.mark.usefixtures("note"), pytest.mark.timeout(7200)]
WORDS = ["cart", "lamp", "data", "privacy", "agreement", "wifi", "access", "point", "of", "e-rate", "trolley", "lampe"]
TITLES = {
    1: "Privacy agreement for students",
    2: "The data that a lamp keeps, and whose agreement it takes",
    3: "Data privacy agreement",
    4: "DPA of the county",
    5: "Wifi cart with an access lamp",
    6: "Access point and point of access",
    7: "E-Rate lamp",
    8: "Point by point: privacy",
    9: "Cart cart cart",
    10: "Agreement on access to data",
    11: "A lamp, a cart and wifi: an agreement",
    12: "Privacy of lamp data",
}


def found(text: str) -> list[int]:
    return [hit.object_id for hit in find(text, user=None, kinds=["note"], per_page=100).hits]


def keep(*sets: tuple[str, str]) -> None:
    """These sets and no others."""
    SynonymSet.objects.all().delete()
    SynonymSet.objects.bulk_create(SynonymSet(words=words, also=also) for words, also in sets)
    synonyms.lexicon.forget()


@pytest.fixture
def corpus(cast: Cast) -> Cast:
    for number, title in TITLES.items():
        make_entry(number, title)
    return cast


def test_every_seeded_phrase_finds_what_it_finds_without_any_set(corpus: Cast) -> None:
    seeded = list(SynonymSet.objects.values_list("words", "also"))
    phrases = [phrase for words, _also in seeded for phrase in synonyms.split(words)]
    assert len(phrases) >= 89
    for number, phrase in enumerate(phrases, 100):
        make_entry(number, f"{phrase} for schools")
        make_entry(number + 1000, " and ".join(reversed(phrase.split())), body="It was looked at in the spring.")
    keep(*seeded)
    with_sets = {phrase: found(phrase) for phrase in phrases}
    keep()
    for phrase in phrases:
        assert set(found(phrase)) <= set(with_sets[phrase]), phrase


def test_what_has_the_words_as_typed_stands_above_what_has_a_synonym(corpus: Cast) -> None:
    keep(("data privacy agreement, DPA", ""), ("lamp, cart", ""))
    assert found("data privacy agreement")[0] == 3
    assert 4 in found("data privacy agreement")
    own = {number for number, title in TITLES.items() if "lamp" in title.lower()}
    order = found("lamp")
    assert set(order[: len(own)]) == own
    assert set(order[len(own) :]) == {9}


def test_a_phrase_in_a_question_leaves_none_of_its_words_out(corpus: Cast) -> None:
    keep(("student data privacy, SOPPA", ""))
    assert {1, 3, 10} <= set(found("student data privacy agreement"))


PHRASES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
SETS = st.lists(
    st.tuples(st.lists(PHRASES, min_size=1, max_size=3).map(", ".join), st.lists(PHRASES, max_size=2).map(", ".join)),
    max_size=3,
)


@settings(max_examples=EXAMPLES, database=None, deadline=None)
@given(text=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join), before=SETS, one=SETS)
def test_one_set_more_never_finds_less(
    corpus: Cast, text: str, before: list[tuple[str, str]], one: list[tuple[str, str]]
) -> None:
    keep(*before)
    less = found(text)
    keep(*before, *one)
    assert set(less) <= set(found(text))


@settings(max_examples=EXAMPLES, database=None, deadline=None)
@given(text=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join), sets=SETS)
def test_what_has_all_words_stands_above_everything_else(corpus: Cast, text: str, sets: list[tuple[str, str]]) -> None:
    keep()
    results = find(text, user=None, kinds=["note"], per_page=100, exact=True)
    keep(*sets)
    as_typed = {hit.object_id for hit in results.hits}
    assert set(found(text)[: len(as_typed)]) == as_typed
