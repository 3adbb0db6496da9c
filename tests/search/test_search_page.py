"""The page: the words kept, kinds as tabs, help where there is nothing, and an answer to anything at all."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.search.facets import FACETS
from portal.search.models import SynonymSet
from tests.conftest import sign_in
from tests.hostile import BYTES, check, share
from tests.html import packed
from tests.people import Cast
from tests.search.makers import make_entry

pytestmark = pytest.mark.usefixtures("note")


def test_hits_are_shown_with_why_and_where(client: Client, cast: Cast) -> None:
    make_entry(1, "Wi-Fi <refresh>", body="New switches", county_id=cast.kane.pk, district_id=cast.kaneland.pk)
    html = client.get("/search/", {"q": "switch"}).content.decode()
    assert 'value="switch"' in html
    assert '<a href="/notes/1/">Wi-Fi &lt;refresh&gt;</a>' in html
    assert "Kaneland, 3,736 students" in packed(html)
    assert "New <mark>switches</mark>" in html
    assert "fact 1" in html
    assert 'Notes<span class="count">1</span>' in packed(html)
    assert '<span>Kane</span><span class="count">1</span>' in packed(html)


def test_filters_are_in_the_address_and_survive_each_other(client: Client, cast: Cast) -> None:
    make_entry(1, "Wi-Fi here", county_id=cast.kane.pk)
    make_entry(2, "Wi-Fi there", county_id=cast.dekalb.pk)
    make_entry(3, "Wi-Fi there too", county_id=cast.dekalb.pk, kind="district")
    html = client.get("/search/", {"q": "wifi", "kind": "note", "county": str(cast.kane.pk)}).content.decode()
    assert "/notes/1/" in html
    assert "/notes/2/" not in html
    assert '<input type="hidden" name="kind" value="note">' in html
    assert f"county={cast.kane.pk}" in html
    assert re.search(rf'name="county" value="{cast.kane.pk}" checked', packed(html))


def test_nothing_found_offers_near_words_and_the_members(client: Client, cast: Cast) -> None:
    make_entry(1, "Chromebooks", county_id=cast.kane.pk)
    html = client.get("/search/", {"q": "chromeboks", "county": str(cast.dekalb.pk)}).content.decode()
    assert "Nothing found" in html
    assert 'href="?q=chromebooks"' in html
    assert "/questions/new/?title=chromeboks" in html
    assert "Without any filter" in html


def test_many_hits_have_pages(client: Client, cast: Cast) -> None:
    for number in range(45):
        make_entry(number, f"Budget paper {number}")
    html = client.get("/search/", {"q": "budget", "page": "2"}).content.decode()
    assert 'rel="prev"' in html
    assert 'href="?q=budget&amp;page=3"' in html


def test_a_page_past_the_end_is_the_last_one(client: Client, cast: Cast) -> None:
    for number in range(45):
        make_entry(number, f"Budget paper {number}")
    html = client.get("/search/", {"q": "budget", "page": "9"}).content.decode()
    assert "Nothing found" not in html
    assert len(re.findall(r'href="/notes/\d+/"', html)) == 5
    assert 'href="?q=budget&amp;page=2"' in html
    assert 'rel="next"' not in html


def test_a_search_page_writes_nothing_and_asks_little(client: Client, cast: Cast) -> None:
    for number in range(25):
        make_entry(number, f"Budget paper {number}", county_id=cast.kane.pk, audience=("members",))
    make_entry(99, "Lonely", audience=("members",))
    sign_in(client, cast.member)
    client.get("/search/", {"q": "budget"})
    counts = {}
    for text in ("budget", "lonely", ""):
        client.get("/search/", {"q": text})  # what is kept for some seconds
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/search/", {"q": text}).status_code == 200
        assert not [q for q in queries if re.match(r"\s*(INSERT|UPDATE|DELETE|BEGIN|SAVEPOINT)", q["sql"])]
        counts[text] = len(queries) - 3
    assert counts["budget"] == counts[""] <= 4
    assert counts["lonely"] <= 4 + 2, "few hits: a near word may be meant"


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_any_text_is_answered(client: Client, cast: Cast, who: str) -> None:
    make_entry(1, 'AND OR NOT "quoted" a b wifi', body="<script>alert(1)</script> 7*7 {{ 49 }}")
    sign_in(client, getattr(cast, who))
    for text in share():
        response = client.get("/search/", dict.fromkeys(("q", *FACETS, "after", "before", "exact", "page"), text))
        assert response.status_code == 200, text
        check(response, text)


def test_any_bytes_are_answered(client: Client, cast: Cast) -> None:
    make_entry(1, "a b wifi")
    for raw in BYTES:
        for name in ("q", "kind", "county", "page"):
            assert client.get(f"/search/?q=a&{name}={raw.decode('ascii')}").status_code == 200, raw


def test_synonyms_and_what_was_left_out_are_said_with_the_way_back(client: Client, db: None) -> None:
    SynonymSet.objects.create(words="DPA, data privacy agreement")
    make_entry(1, "A data privacy agreement for all")
    make_entry(2, "DPA in a box")
    html = packed(client.get("/search/", {"q": "DPA"}).content.decode())
    assert "Found by other words too: data privacy agreement." in html
    assert 'href="?q=DPA&amp;exact=1">Search exactly as typed' in html
    exact = packed(client.get("/search/", {"q": "DPA", "exact": "1"}).content.decode())
    assert "/notes/2/" in exact
    assert "/notes/1/" not in exact
    assert "Found by other words" not in exact
    assert '<a href="?q=DPA">Search with help again' in exact
    html = packed(client.get("/search/", {"q": "privacy unicorns"}).content.decode())
    assert "Left out, because nothing or nearly everything has it: unicorns." in html
    assert 'href="?q=privacy+unicorns&amp;exact=1">Search exactly as typed' in html


def test_nothing_is_said_of_words_that_were_searched_as_they_are(client: Client, db: None) -> None:
    for number in range(12):
        make_entry(number, f"Budget paper {number}")
    html = client.get("/search/", {"q": "budget paper"}).content.decode()
    assert "Search exactly as typed" not in html
    assert "Left out" not in html
