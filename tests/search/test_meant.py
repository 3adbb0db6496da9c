"""Words that were hardly meant: offered, or searched instead and said so."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.search.asking.finding import find, visible_words
from portal.search.asking.question import Question
from portal.search.asking.suggesting import suggest
from portal.search.models import SynonymSet
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
        assert visible_words(Question.of("universitie", reader)) == offered
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
    assert '<a href="?q=chromeboook">Search with help again</a>' in html
    assert 'href="?q=chromebook"' in html


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fone", "phone"),
        ("acommodation", "accommodation"),
        ("comitee", "committee"),
        ("recieved", "received"),
        ("nessecary", "necessary"),
        ("wirless", "wireless"),
        ("refersh", "refresh"),
    ],
)
def test_a_word_is_found_as_people_mistype_it(cast: Cast, typed: str, meant: str) -> None:
    words = "phone accommodation committee received necessary wireless refresh"
    others = "fund zone commodity commit relieved access wires refer"
    make_entry(1, "Any title", body=f"{words} {others}")
    assert find(typed, user=None).corrected == meant
    assert suggest(typed, user=None).words[:1] == [meant]


def test_of_two_words_as_near_the_more_frequent_one_is_meant(cast: Cast) -> None:
    make_entry(1, "Station")
    for number in range(2, 8):
        make_entry(number, "Stations")
    assert find("staton", user=None).corrected == "station"
    make_entry(10, "Cart")
    make_entry(11, "Card")
    for number in range(12, 15):
        make_entry(number, "Card")
    assert find("carx", user=None).corrected == "card"


def test_a_word_that_the_field_spells_so_is_never_put_right(cast: Cast) -> None:
    for number in range(20):
        make_entry(number, "Classing classes")
    make_entry(50, "Classlink", products=("ClassLink",))
    make_entry(51, "Classling", audience=("officers",))
    assert find("classlink", user=None).corrected == ""
    assert find("classlinks", user=None).corrected == "", "nor its plural"
    assert find("classling", user=cast.officer).corrected == ""
    assert find("classling", user=None).corrected == "classing", "who does not see it has never heard of it"


def test_a_word_that_officers_gave_synonyms_is_never_put_right(cast: Cast) -> None:
    SynonymSet.objects.create(words="blackout, outage")
    make_entry(1, "Power outage")
    make_entry(2, "Blackboard")
    assert [hit.object_id for hit in find("blackout", user=None).hits] == [1]
    assert find("blackout", user=None).corrected == ""


def test_a_stem_does_not_hide_that_a_word_is_mistyped(cast: Cast) -> None:
    for number in range(12):
        make_entry(number, f"How we define roles {number}")
    make_entry(20, "A definite answer")
    results = find("definate", user=None)
    assert ([hit.object_id for hit in results.hits], results.corrected) == ([20], "definite")
    assert find("definate", user=None, exact=True).total == 12
    for form in ("defines", "defined", "defining"):
        assert (find(form, user=None).total, find(form, user=None).corrected) == (12, ""), form


def test_the_words_beside_it_say_which_one_is_meant(cast: Cast) -> None:
    for number in range(9):
        make_entry(number, f"Reading list {number}")
    make_entry(20, "Riding home")
    assert find("reding", user=None).corrected == "reading"
    results = find("reding home", user=None)
    assert ([hit.object_id for hit in results.hits][:1], results.corrected) == ([20], "riding home")


def test_beside_other_words_only_a_close_one_is_meant(cast: Cast) -> None:
    make_entry(1, "Preferred carriers")
    make_entry(2, "Home visits")
    assert find("perferd", user=None).corrected == "preferred"
    assert find("prefrnc home", user=None).corrected == ""


def test_a_mistyped_word_that_says_nothing_is_left_out(cast: Cast) -> None:
    make_entry(1, "Wireless", body="about")
    make_entry(2, "Wireless bridge")
    results = find("wireless abuot bridge", user=None)
    assert ([hit.object_id for hit in results.hits][:1], results.corrected) == ([2], "wireless bridge")


def test_other_digits_are_another_thing(cast: Cast) -> None:
    make_entry(1, "form470")
    assert find("form471", user=None).corrected == ""
    assert find("forn470", user=None).corrected == "form470"
