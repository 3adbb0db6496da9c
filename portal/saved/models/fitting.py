"""What fits a search exactly, for those who are not looking at a page: feeds and saved searches.

No word is corrected or left out, and the database itself answers: it is never behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from portal.search.asking.address import SearchAddress
from portal.search.asking.question import Question
from portal.search.engines import database_engine
from portal.search.engines.base import Row


def newest(address: SearchAddress, user: Any, most: int) -> tuple[str, list[Row]]:
    """The search in words, and the newest things that fit and that `user` may see.

    One query, and those of operators for places and labels.
    """
    question = _read(address, user)
    return _words_of(question), _rows(question, newest_first=True, limit=most)


def among(address: SearchAddress, entry_ids: Iterable[int], user: Any) -> list[tuple[str, int]]:
    """Which of the entries fit and may be seen by `user`, as (kind, object id)."""
    ids = tuple(entry_ids)
    rows = _rows(_read(address, user), among=ids, limit=len(ids)) if ids else []
    return [(row.kind, row.object_id) for row in rows]


def words_of(address: SearchAddress, user: Any) -> str:
    """The search in words, for a heading: "wifi, E-Rate, Kane"; "" for everything."""
    return _words_of(_read(address, user))


def _rows(question: Question, **bounds: Any) -> list[Row]:
    """None where an operator names what is not there: leaving it out would let in what was not asked for."""
    return database_engine().find(replace(question.ask, **bounds)).rows if question.filters.is_understood else []


def _words_of(question: Question) -> str:
    filters = question.filters
    words = [filters.words_for(facet, value) for facet, values in filters.values.items() for value in values]
    return ", ".join(word for word in [question.query.words, *words] if word)


def _read(address: SearchAddress, user: Any) -> Question:
    return Question.of(address.text, user, address.filters, after=address.after, before=address.before)
