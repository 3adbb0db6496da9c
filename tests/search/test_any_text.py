"""Whatever comes, an answer. HYPOTHESIS_EXAMPLES says with how many: 200, 20,000 in script/drill."""

from __future__ import annotations

import os
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.search.asking.address import SearchAddress
from portal.search.asking.finding import find
from portal.search.asking.page import COUNTED, shown
from portal.search.asking.suggesting import suggest
from portal.search.facets import FACETS
from portal.search.text.query import OPERATORS
from tests.hostile import STRINGS
from tests.people import Cast
from tests.search.makers import make_entry

pytestmark = [pytest.mark.usefixtures("note"), pytest.mark.timeout(7200)]
EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "200"))
thorough = settings(max_examples=EXAMPLES, database=None)

WORDS = [
    "chromebook",
    "Wi-Fi",
    "U-46",
    "1:1",
    "wifi",
    "kane",
    "open",
    "2026",
    "3/15/2026",
    "IT",
    "a",
    "-",
    '"',
    ":",
    "*",
]
PIECES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(WORDS),
    st.sampled_from(STRINGS).map(lambda text: text[:300]),
    st.builds("{}{}:{}".format, st.sampled_from(["", "-"]), st.sampled_from(OPERATORS), st.text(max_size=30)),
    st.builds('{}:"{}"'.format, st.sampled_from(OPERATORS), st.sampled_from(WORDS)),
    st.from_regex(r"[\w\"\-:'&|!()*.<>]{1,20}", fullmatch=True),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=5).map(" ".join)


@pytest.fixture
def corpus(cast: Cast) -> Cast:
    make_entry(1, "Students repair Chromebooks", tags=("repair",), products=("Chromebook",), county_id=cast.kane.pk,
               district_id=cast.geneva.pk, status="open", body="U-46 rolled out 1:1; a wifi of 2026.")  # fmt: skip
    make_entry(2, "Wi-Fi in IT rooms", county_id=cast.dekalb.pk, audience=("members",))
    return cast


class Attributes(HTMLParser):
    """Collects what a page would run."""

    def __init__(self) -> None:
        super().__init__()
        self.running: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.running += [name for name, _ in attrs if name.startswith("on")]
        self.running += [tag] if tag in {"script", "iframe", "svg", "object"} else []


@thorough
@given(text=TEXTS, page=st.integers(-3, 60), exact=st.booleans())
def test_any_text_is_searched(corpus: Cast, text: str, page: int, exact: bool) -> None:
    results = find(text, user=corpus.member, page=page, exact=exact, counted=COUNTED)
    assert results.total <= 1000


@thorough
@given(text=TEXTS)
def test_any_text_is_helped_while_it_is_typed(corpus: Cast, text: str) -> None:
    found = suggest(text, user=corpus.visitor)
    assert len(found.titles) <= 8
    assert len(found.words) <= 3


@thorough
@given(
    text=TEXTS,
    values=st.dictionaries(
        st.sampled_from([*FACETS, "after", "before", "mine", "exact", "page", "nonsense"]),
        st.lists(st.one_of(TEXTS, st.sampled_from(["1", "0", "2026-01-01", "practice", "366"])), max_size=3),
    ),
)
def test_any_address_is_a_page(corpus: Cast, text: str, values: dict[str, list[str]]) -> None:
    query = QueryDict(mutable=True)
    query["q"] = text
    for name, given_values in values.items():
        query.setlist(name, given_values)
    asked = SearchAddress.read(query)
    results = find(
        asked.text,
        user=corpus.member,
        facets=asked.filters,
        after=asked.after,
        before=asked.before,
        mine=asked.mine,
        exact=asked.exact,
        counted=COUNTED,
        page=asked.page,
    )
    context: dict[str, Any] = shown(asked, results, corpus.member)
    again = SearchAddress.read(QueryDict(context["address"].link().removeprefix("?")))
    assert again.filters == context["address"].filters, "the address of a search leads to the same search"
    html = render_to_string("search/_filters.html", context) + render_to_string("search/_hits.html", context)
    reader = Attributes()
    reader.feed(html)
    assert reader.running == []
