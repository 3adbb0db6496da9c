from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text import clean, has_something_to_see, one_line, tidy


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Plain words", "Plain words"),
        ("a\x00b", "a b"),
        ("bell\x07 and escape\x1b", "bell  and escape "),
        ("zero\u200bwidth", "zero width"),
        ("\u202eturned round", " turned round"),
        ("\ufeffmarked", " marked"),
        ("half a \ud83d pair", "half a  pair"),
        ("chrome\u00adbook, chrome\u00ad\r\n  book", "chromebook, chromebook"),
        ("one\r\ntwo\tthree", "one\r\ntwo\tthree"),
        ("José — “naïve” 😀", "José — “naïve” 😀"),
    ],
)
def test_what_no_database_takes_or_no_reader_sees_is_taken_out(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "line"),
    [("", ""), (" \t\r\n", ""), ("  Tech \n director\t", "Tech director"), ("no\u00a0break", "no break")],
)
def test_white_space_becomes_single_spaces(text: str, line: str) -> None:
    assert one_line(text) == line


@given(st.text(st.characters(codec=None)))
def test_any_text_can_be_stored_once_it_is_clean_and_is_clean_then(text: str) -> None:
    found = clean(text)
    assert "\x00" not in found
    found.encode()
    assert clean(found) == found
    assert one_line(one_line(text)) == one_line(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
        ("Pen\u0303a", "Pe\u00f1a"),
        ("a\x00b\u200bc\u202ed\ufeff", "abcd"),
        ("half a \ud83d pair", "half a  pair"),
        ("chrome\u00adbook", "chromebook"),
        ("\U0001f469\u200d\U0001f467 tab\there", "\U0001f469\u200d\U0001f467 tab\there"),
    ],
)
def test_what_somebody_typed_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert tidy(typed) == kept
    assert tidy(kept) == kept


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\u3164\u2800", "\ufe0f\u200d", "\u00a0\u3000"])
def test_blank_letters_show_nothing(text: str) -> None:
    assert not has_something_to_see(text)


@pytest.mark.parametrize("text", ["a", "\u2800.", "\u65e5", "\u2764\ufe0f", "\u0301"])
def test_any_ink_is_seen(text: str) -> None:
    assert has_something_to_see(text)


@given(st.text(st.characters(codec=None)))
def test_tidy_text_can_be_stored_and_stays_as_it_is(text: str) -> None:
    kept = tidy(text)
    kept.encode()
    assert "\x00" not in kept
    assert tidy(kept) == kept
