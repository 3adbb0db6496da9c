"""What is offered while somebody types."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.search.asking.suggesting import suggest
from tests import elastic
from tests.conftest import sign_in
from tests.hostile import BYTES, share
from tests.people import Cast
from tests.search.makers import make_entry

pytestmark = pytest.mark.usefixtures("note")


@pytest.fixture
def corpus(cast: Cast) -> Cast:
    make_entry(1, "Students repair Chromebooks", body="The word screwdriver stands in the text alone.")
    make_entry(2, "Chromebook carts <b>")
    make_entry(3, "Chrome management and authentication", tags=("sign-in",))
    make_entry(4, "Chromebooks that nobody may see", audience=("officers",))
    make_entry(5, "Repairing what breaks", kind="paper")
    make_entry(6, "Chromium tables of elements", audience=("members",))
    return cast


def titles(text: str, user: object = None, kinds: tuple[str, ...] = ()) -> list[str]:
    return sorted(found.title for found in suggest(text, user=user, kinds=kinds).titles)


def test_titles_are_offered_whose_words_begin_so(corpus: Cast) -> None:
    assert titles("chromeb") == ["Chromebook carts <b>", "Students repair Chromebooks"]
    assert titles("students chr") == ["Students repair Chromebooks"]
    assert titles("chrom", kinds=("note",)) == titles("chrom")
    assert titles("sign-") == titles("sign") == ["Chrome management and authentication"]


def test_what_nobody_does_any_more_is_offered_last(corpus: Cast) -> None:
    for status, place in ("", 0), ("stopped", -1):
        make_entry(10, "Chromebook carts", status=status, popularity=9)
        assert suggest("carts", user=None).titles[place].title == "Chromebook carts"


def test_words_are_offered_that_finish_the_last_one(corpus: Cast) -> None:
    assert suggest("repair chromeb", user=None).words == ["repair chromebooks"]
    assert suggest("CHROM", user=None).words == ["chrome", "chromebook"]


def test_no_word_is_finished_that_is_to_be_left_out(corpus: Cast) -> None:
    for excluded in ("-tag:chrome", '-tag:"chrome', "-chrome", "-paper -chrome"):
        assert suggest(f"chrome {excluded}", user=None).words == [], excluded
    assert suggest("-paper chrome", user=None).words == ["-paper chromebook"]


@pytest.mark.parametrize(
    ("typed", "words"), [("chormeb", ["chromebook"]), ("chromebok", ["chromebook"]), ("authentica", ["authentication"])]
)
def test_a_mistyped_or_half_typed_word_is_put_right(corpus: Cast, typed: str, words: list[str]) -> None:
    found = suggest(typed, user=None)
    assert found.words == words
    assert found.titles


def test_nothing_is_offered_that_the_reader_may_not_see(corpus: Cast) -> None:
    for reader in (corpus.visitor, corpus.stranger, corpus.outsider, corpus.member, corpus.host):
        for typed in ("nobody", "chromebooks nob", "nobdoy"):
            assert suggest(typed, user=reader).count == 0, (reader, typed)
    assert titles("nobody", corpus.officer) == ["Chromebooks that nobody may see"]
    assert "chromium" not in suggest("chrom", user=corpus.visitor).words
    assert suggest("chromium", user=corpus.visitor).words == []
    assert suggest("chromi", user=corpus.member).words == ["chromium"]


def test_filters_typed_hold_while_typing(corpus: Cast) -> None:
    assert titles("kind:note chrome m") == ["Chrome management and authentication"]
    assert titles("tag:sign-in chrom") == ["Chrome management and authentication"]
    assert titles("-tag:sign-in chrom") == ["Chromebook carts <b>", "Students repair Chromebooks"]
    for typed in ("kind:note repair chromeb", "repair chromeb kind:note", "repair kind:note chromeb"):
        assert suggest(typed, user=None).words == ["kind:note repair chromebooks"], typed
    assert suggest('kind:"note" chormeb', user=None).words == ['kind:"note" chromebook']


def test_the_fragment_is_a_list_of_options_and_safe(client: Client, corpus: Cast) -> None:
    html = client.get("/search/suggest/", {"q": "chromeb"}).content.decode()
    assert len(re.findall(r'role="option"', html)) == 3
    assert 'data-url="/notes/2/"' in html
    assert "Chromebook carts &lt;b&gt;" in html
    assert "3 suggestions" in html
    assert "No suggestions" in client.get("/search/suggest/", {"q": "zzzzzz"}).content.decode()
    assert "No suggestions" in client.get("/search/suggest/").content.decode()


def test_typing_costs_one_query_to_the_engine(client: Client, corpus: Cast) -> None:
    sign_in(client, corpus.member)
    client.get("/search/suggest/", {"q": "chrom"})
    with CaptureQueriesContext(connection) as queries:
        client.get("/search/suggest/", {"q": "chromeb"})
    copy_is_checked = int(elastic.answers())
    assert len(queries) <= 3 + 1 + copy_is_checked


def test_any_text_is_answered(client: Client, corpus: Cast) -> None:
    failed = []
    for text in share():
        for params in ({"q": text}, {"q": f"chrom {text}", "kind": text[:50]}):
            response = client.get("/search/suggest/", params)
            if response.status_code != 200 or b"<script" in response.content:
                failed.append(text)
    assert failed == []
    for raw in BYTES:
        assert client.get(f"/search/suggest/?q={raw.decode('ascii')}").status_code == 200, raw


def test_a_title_is_offered_by_its_other_spelling(corpus: Cast) -> None:
    make_entry(7, "Wi-Fi 7 in U-46")
    for typed in ("wifi", "wi-f", "wif", "u46", "u-46"):
        assert titles(typed) == ["Wi-Fi 7 in U-46"], typed
