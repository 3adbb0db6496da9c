"""Whatever is typed, search answers over things of every kind; `test_any_text` asks more of the page.

HYPOTHESIS_EXAMPLES says with how many strings made up on the spot: 200, and 20,000 in `script/drill properties`.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.search.asking.finding import find
from portal.search.asking.suggesting import suggest
from portal.search.facets import FACETS
from tests.conftest import sign_in
from tests.hostile import STRINGS, share
from tests.people import Cast
from tests.search.test_every_source import MAKERS

pytestmark = pytest.mark.timeout(7200)
EXAMPLES = max(int(os.environ.get("HYPOTHESIS_EXAMPLES", "200")) // 4, 25)
"""For each of four kinds of strings."""

OPERATORS = [f"{name}:" for name in (*FACETS, "after", "before", "title", "rowid")] + [
    '"',
    "-",
    '-"',
    "(",
    ")",
    "*",
    "^",
]
WORDS = [
    "wifi",
    "Wi-Fi",
    "U-46",
    "e-rate",
    "1:1",
    "Kaneland",
    "jamf",
    "practice",
    "2026-01-01",
    "IT",
    "the",
    "AND",
    "NOT",
]

anything = st.text(max_size=250)
printable = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=120)
pieces = st.lists(st.sampled_from([*OPERATORS, *WORDS, " ", "  ", "\x00", "'", ":", "&", "|", "<->"]), max_size=40)
queries = pieces.map(lambda found: " ".join(found)) | pieces.map("".join)
mixed = st.lists(st.sampled_from([*STRINGS, *OPERATORS, *WORDS]) | st.text(max_size=12), min_size=1, max_size=6).map(
    " ".join
)
KINDS_OF_STRINGS = {"anything": anything, "printable": printable, "operators": queries, "mixed": mixed}


@pytest.fixture
def some_of_everything(cast: Cast) -> Cast:
    for make in dict.fromkeys(MAKERS.values()):
        make(cast, 1)
    return cast


def answers(text: str, user: Any) -> None:
    results = find(text, user=user, counted=tuple(FACETS), per_page=5)
    assert len(results.hits) <= 5
    assert results.total >= 0
    assert suggest(text, user=user).count >= 0


@pytest.mark.parametrize("kind", KINDS_OF_STRINGS)
def test_every_string_is_answered(some_of_everything: Cast, kind: str) -> None:
    member = some_of_everything.member

    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(KINDS_OF_STRINGS[kind])
    def answered(text: str) -> None:
        answers(text, member)

    answered()


@pytest.mark.parametrize("who", ["visitor", "officer"])
def test_every_known_string_is_answered_whoever_asks(some_of_everything: Cast, who: str) -> None:
    person = some_of_everything.everyone()[who]
    for text in STRINGS:
        answers(text, person)


def test_every_known_string_is_answered_as_a_filter(some_of_everything: Cast) -> None:
    member = some_of_everything.member
    client = sign_in(Client(), member)
    for number, text in enumerate(STRINGS):
        assert find("wifi", user=member, facets={tuple(FACETS)[number % len(FACETS)]: [text]}).total >= 0
        assert find("wifi", user=member, facets={key: [text] for key in FACETS}).total >= 0
    for number, text in enumerate(share()):
        name = (*FACETS, "after", "before", "page")[number % (len(FACETS) + 3)]
        assert client.get("/search/", {"q": "wifi", name: text}).status_code == 200, (name, text)


@pytest.mark.parametrize(
    "text", ["x" * 10_000, "word " * 500, '"' * 10_000, "tag:" * 2_000, "-" * 10_000, "\x00" * 10_000]
)
def test_the_length_of_a_string_does_not_matter(some_of_everything: Cast, text: str) -> None:
    answers(text, some_of_everything.member)
