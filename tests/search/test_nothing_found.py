"""A search without results leads on: near words, fewer filters, the product or tag that was named, the members."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import sign_in
from tests.html import packed
from tests.knowledge.makers import make_practice
from tests.people import Cast
from tests.search.makers import make_entry

pytestmark = pytest.mark.usefixtures("note")


def offered(html: str) -> dict[str, str]:
    """The links of the page's part for nothing found, by their words."""
    part = html.partition('aria-labelledby="none"')[2].partition("</section>")[0]
    return {words: unescape(url) for url, words in re.findall(r'<a(?: class="\w+")? href="([^"]*)">([^<]*)</a>', part)}


def test_fewer_filters_are_offered_where_they_find_something(client: Client, cast: Cast) -> None:
    make_entry(1, "Wi-Fi in gyms", county_id=cast.kane.pk, tags=("gyms",))
    make_entry(2, "Wi-Fi in labs", county_id=cast.dekalb.pk)
    html = client.get("/search/", {"q": "wifi", "county": str(cast.dekalb.pk), "tag": "gyms"}).content.decode()
    assert "Nothing found for “wifi”" in html
    assert offered(html)["Without “gyms”"] == f"?q=wifi&county={cast.dekalb.pk}"
    assert offered(html)["Without “DeKalb”"] == "?q=wifi&tag=gyms"
    assert offered(html)["Without any filter"] == "?q=wifi"
    assert "Without any filter</a>: 2 results" in packed(html)


def test_a_search_that_excludes_everything_is_offered_without_what_it_excludes(client: Client, cast: Cast) -> None:
    make_entry(1, "Wi-Fi in gyms", county_id=cast.kane.pk, tags=("gyms",))
    make_entry(2, "Wi-Fi in labs", county_id=cast.dekalb.pk)
    one = offered(client.get("/search/", {"q": "wifi -tag:gyms county:kane"}).content.decode())
    assert one["Without “-tag:gyms”"] == f"?q=wifi&county={cast.kane.pk}"
    assert one["Without “Kane”"] == "?q=wifi+-tag%3Agyms"
    assert one["Without any filter"] == "?q=wifi"
    both = offered(client.get("/search/", {"q": "wifi -gyms -labs"}).content.decode())
    assert set(both) == {"Without “-gyms”", "Without “-labs”", "Without any filter", "Ask the members this"}
    assert both["Ask the members this"] == "/questions/new/?title=wifi"


def test_taking_away_what_is_excluded_costs_a_search_each_and_no_look_for_places(client: Client, cast: Cast) -> None:
    make_entry(1, "Wi-Fi in gyms", county_id=cast.kane.pk)
    make_entry(2, "Wi-Fi in labs", county_id=cast.dekalb.pk)

    def cost(text: str, looser: int) -> int:
        client.get("/search/", {"q": text})
        with CaptureQueriesContext(connection) as queries:
            html = client.get("/search/", {"q": text}).content.decode()
        assert sum(words.startswith("Without “") for words in offered(html)) == looser
        return len(queries)

    words = cost("wifi -gyms -labs -buses", looser=2)
    places = cost("wifi -county:kane -county:dekalb -district:geneva", looser=2)
    assert places == words + 2, "the counties and the district, once"


def test_filters_that_change_nothing_are_not_offered(client: Client, cast: Cast) -> None:
    make_entry(1, "Wi-Fi in gyms", county_id=cast.kane.pk)
    html = client.get("/search/", {"q": "zzzzzz", "county": str(cast.kane.pk)}).content.decode()
    assert "Without" not in html


def test_who_uses_the_named_product_is_told(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.geneva, title="Filters in class", products=["GoGuardian"], tags=("filtering",))
    sign_in(client, cast.member)
    asked = {"q": "goguardian", "county": str(cast.dekalb.pk)}
    links = offered(client.get("/search/", asked).content.decode())
    assert links["GoGuardian"].startswith("/products/goguardian")
    links = offered(client.get("/search/", asked | {"q": "filtering"}).content.decode())
    assert links["Everything tagged filtering"] == "?tag=filtering"
    assert practice.pk


def test_tags_are_told_of_the_words_looked_for_and_of_all_that_has_them(client: Client, cast: Cast) -> None:
    make_entry(1, "Carts", tags=("help desk",), county_id=cast.kane.pk)
    make_entry(2, "Labs", tags=("help desk",), county_id=cast.dekalb.pk)
    for text in ("help desk -carts -labs", "help desk -county:kane kind:districts"):
        html = client.get("/search/", {"q": text}).content.decode()
        assert offered(html)["Everything tagged help desk"] == "?tag=help+desk", text
        assert re.search(r"Everything tagged help desk</a>: 2", html), text


def test_the_members_are_asked_with_the_words_typed(client: Client, cast: Cast) -> None:
    html = client.get("/search/", {"q": 'laptop "rodeo" -tag:fun -bulls county:kane'}).content.decode()
    assert offered(html)["Ask the members this"] == "/questions/new/?title=laptop%20rodeo"


def test_a_hidden_thing_is_no_help(client: Client, cast: Cast) -> None:
    make_entry(1, "Wi-Fi in gyms", county_id=cast.kane.pk, tags=("wifi",), audience=("officers",))
    html = client.get("/search/", {"q": "wifi", "county": str(cast.dekalb.pk)}).content.decode()
    assert set(offered(html)) == {"Ask the members this"}
