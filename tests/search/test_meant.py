"""Words that were hardly meant: offered, or searched instead and said so."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.search.finding import find, visible_words
from portal.search.suggesting import suggest
from tests.people import Cast
from tests.search.makers import make_entry

pytestmark = pytest.mark.usefixtures("note")


@pytest.fixture
def corpus(cast: Cast) -> Cast:
    for number in range(12):
        make_entry(number, f"Chromebook cart {number}", body="repair")
    make_entry(20, "Somebody wrote chromebok once", body="repair")
    make_entry(21, "Officers write of carrts", audience=("officers",))
    for number in range(30, 45):
        make_entry(number, f"Passkeyz {number}", audience=("officers",))
    make_entry(50, "Passkey for one")
    return cast


def test_a_near_word_that_is_far_more_common_is_offered(corpus: Cast) -> None:
    results = find("chromebok repair", user=None)
    assert results.hits[0].object_id == 20, "what has the words as typed comes first"
    assert (results.corrected, results.meant) == ("", "chromebook repair")


@pytest.mark.parametrize("text", ["chromebook", "chromebook repair", '"chromebok"', "somebody", "once"])
def test_nothing_is_offered_for_what_is_common_enough_or_quoted(corpus: Cast, text: str) -> None:
    assert find(text, user=None).meant == ""


def test_only_words_this_reader_may_see_are_offered(corpus: Cast) -> None:
    assert find("passkey", user=corpus.member).meant == ""
    assert find("passkey", user=corpus.officer).meant == "passkeyz"


def test_a_hidden_word_is_not_offered_for_its_visible_relative(cast: Cast) -> None:
    for number in range(12):
        make_entry(number, f"The universe {number}")
    make_entry(20, "Universities", audience=("officers",))
    for reader, offered in ((cast.member, []), (cast.officer, ["universities"])):
        assert find("universitie", user=reader).corrected == "".join(offered)
        assert visible_words("universitie", reader) == offered
        assert suggest("univercit", user=reader).words == offered
    make_entry(21, "Univercities")
    assert find("univercities", user=cast.member).meant == ""
    assert find("univercities", user=cast.officer).meant == "universities"


def test_exactly_as_typed_is_left_alone(corpus: Cast) -> None:
    assert find("chromebok", user=None, exact=True).meant == ""
    results = find("chromeboook", user=None, exact=True)
    assert (results.hits, results.corrected) == ([], "")
    assert find("chromeboook", user=None).corrected == "chromebook"
    assert find("zzzqqq chromeboook", user=None).corrected == "chromebook", (
        "what stands nowhere is not said to be shown"
    )


def test_the_page_offers_both_ways(client: Client, corpus: Cast) -> None:
    html = client.get("/search/", {"q": "chromebok repair", "kind": "note"}).content.decode()
    assert '<a href="?q=chromebook+repair&amp;kind=note"><strong>chromebook repair</strong></a>' in html
    html = client.get("/search/", {"q": "chromeboook"}).content.decode()
    assert "Shown: <strong>chromebook</strong>" in html
    assert '<a href="?q=chromeboook&amp;exact=1">Search exactly as typed</a>' in html
    html = client.get("/search/", {"q": "chromeboook", "exact": "1"}).content.decode()
    assert "Nothing found for “chromeboook”" in html
    assert 'href="?q=chromebook"' in html
