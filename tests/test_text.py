from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text import clean, one_line


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
