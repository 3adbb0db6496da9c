"""The Wagtail admin's search takes anything too."""

from __future__ import annotations

import pytest
from modelsearch.query import And, MatchAll, Not, Phrase, PlainText
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from portal.search.wagtail_backend import normalised
from tests.hostile import share
from tests.people import Cast

pytestmark = pytest.mark.engineless


@pytest.mark.parametrize("operator", ["and", "or"])
def test_any_text_is_answered_by_the_backend(cast: Cast, operator: str) -> None:
    backend = get_search_backend()
    for text in share():
        list(backend.search(text, Page, operator=operator)[:3])
        list(backend.autocomplete(text, Page, operator=operator)[:3])
        list(backend.search(Phrase(text), Page)[:3])
        list(backend.search(And([PlainText(text), Phrase(text)]), Page)[:3])
        list(backend.search(And([PlainText("home"), Not(Phrase(text))]), Page)[:3])


def test_only_words_are_left() -> None:
    assert normalised('"').__class__ is MatchAll
    assert isinstance(query := normalised(Phrase('e-rate"')), Phrase)
    assert query.query_string == "e rate"
    assert isinstance(plain := normalised("a\x00b " * 300), PlainText)
    assert len(plain.query_string.split()) == 20
