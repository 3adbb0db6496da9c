"""Any text becomes words, or nothing; the rule is the same for what is indexed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.text.query import LONGEST, MOST_TERMS, parse
from portal.search.text.words import other_spellings
from portal.spelling import FAR, near
from tests.costs import processor_seconds
from tests.hostile import STRINGS


def typed(text: str) -> list[str]:
    return [term.typed for term in parse(text).terms]


def test_words_phrases_and_minus_are_told_apart() -> None:
    query = parse('switches "board approved" -cisco -"two words"')
    assert [term.forms for term in query.terms] == [(("switches",),), (("board", "approved"),)]
    assert [term.forms for term in query.without] == [(("cisco",),), (("two", "words"),)]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Wi-Fi", "wifi"),
        ("U-46", "u46"),
        ("u 46", "u46"),
        ("d 303", "d303"),
        ("wi fi", "wifi"),
        ("E-Rate", "erate"),
        ("1:1", "1to1"),
        ("AT&T", "att"),
        ("don\u2019t", "dont"),
        ("K-12", "k12"),
    ],
)
def test_a_compound_is_asked_for_apart_and_joined(text: str, form: str) -> None:
    (term,) = parse(text).terms
    assert (form,) in term.forms
    assert len(term.forms[0]) > 1


def test_what_is_indexed_has_the_joined_forms_too() -> None:
    assert other_spellings("Wi-Fi in U-46", "1:1 résumé, E-Rate") == "wifi u46 1to1 resume erate"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the chrome-\nbook of", "chromebook"),
        ("the chrome- book of", "chromebook"),  # put on one line
        ("CHROME\u2010\r\n  BOOK", "chromebook"),
        ("übungs-\nräume", "ubungs raume ubungsraume"),
        ("pre- and post-test", "posttest"),
        ("the IT-\nDepartment", ""),
        ("2025-\n2026", ""),
        ("a -\nlist", ""),
        ("x" * 20 + "-\n" + "y" * 11, ""),
    ],
)
def test_a_word_that_a_line_s_end_broke_is_found_whole(text: str, found: str) -> None:
    assert other_spellings(text) == found


@pytest.mark.parametrize("text", ["b" * 200_000, "b-" * 100_000, "bb- " * 50_000, "bb-" + " " * 200_000])
def test_no_text_takes_long_to_be_looked_through_for_broken_words(text: str) -> None:
    assert processor_seconds(lambda: other_spellings(text)) < 1


def test_stop_words_are_left_out_where_there_are_others() -> None:
    assert typed("how do we repair the Chromebooks") == ["repair", "Chromebooks"]
    assert typed("to be or not to be") != []
    assert typed("IT plan") == ["IT", "plan"]


def test_a_query_is_capped() -> None:
    assert len(parse(" ".join(f"w{n}x" for n in range(500))).terms) <= MOST_TERMS
    assert len(parse("a" * 10_000).text) == LONGEST


def test_nothing_typed_is_an_empty_query() -> None:
    for text in ("", "   ", '"', "\x00", "-", '" "', "😀"):
        query = parse(text)
        assert (query.terms, query.without, query.operators) == ((), (), ()), text


@given(st.text(max_size=300))
def test_any_text_gives_terms_that_are_only_words(text: str) -> None:
    query = parse(text)
    for term in (*query.terms, *query.without):
        assert term.forms
        assert all(word.isalnum() for form in term.forms for word in form)
        assert all(form for form in term.forms)
    assert "\x00" not in query.text
    query.text.encode()


def test_hostile_text_gives_terms_that_are_only_words() -> None:
    for text in STRINGS:
        assert all(word.isalnum() for term in parse(text).terms for form in term.forms for word in form), text


@given(st.from_regex(r"[a-z]{4,14}", fullmatch=True), st.data())
def test_a_word_with_one_mistake_is_near_it(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    changed = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
            ]
        )
    )
    if changed != word:
        assert 0 < near(changed, [word])[word] < FAR
