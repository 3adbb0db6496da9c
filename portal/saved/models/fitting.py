"""What fits a search exactly, for those who are not looking at a page: feeds and saved searches.

No word is corrected or left out, and the database itself answers: it is never behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils import timezone

from portal.districts.models.standing import standing_of
from portal.search.asking.address import SearchAddress
from portal.search.asking.filters import Filters, gather
from portal.search.engines import database_engine
from portal.search.engines.base import Ask, Row
from portal.search.text import synonyms
from portal.search.text.query import Query, parse


def newest(address: SearchAddress, user: Any, most: int) -> tuple[str, list[Row]]:
    """The search in words, and the newest things that fit and that `user` may see.

    One query, and those of operators for places and labels.
    """
    query, filters = _read(address, user)
    ask = _ask_of(query, filters, user)
    rows = database_engine().find(replace(ask, newest_first=True, limit=most)).rows if ask is not None else []
    return _words_of(query, filters), rows


def among(address: SearchAddress, entry_ids: Iterable[int], user: Any) -> list[tuple[str, int]]:
    """Which of the entries fit and may be seen by `user`, as (kind, object id)."""
    ids = tuple(entry_ids)
    ask = _ask_of(*_read(address, user), user) if ids else None
    if ask is None:
        return []
    rows = database_engine().find(replace(ask, among=ids, limit=len(ids))).rows
    return [(row.kind, row.object_id) for row in rows]


def _ask_of(query: Query, filters: Filters, user: Any) -> Ask | None:
    """None where an operator names what is not there: leaving it out would let in what was not asked for."""
    if not filters.is_understood:
        return None
    return Ask(
        keys=standing_of(user).audience_keys(),
        today=timezone.localdate(),
        terms=query.terms,
        without=query.without,
        filters=filters.values,
        excluded=filters.excluded,
        after=filters.after,
        before=filters.before,
        counted=(),
    )


def words_of(address: SearchAddress, user: Any) -> str:
    """The search in words, for a heading: "wifi, E-Rate, Kane"; "" for everything."""
    return _words_of(*_read(address, user))


def _words_of(query: Query, filters: Filters) -> str:
    words = [filters.words_for(facet, value) for facet, values in filters.values.items() for value in values]
    return ", ".join(word for word in [query.words, *words] if word)


def _read(address: SearchAddress, user: Any) -> tuple[Query, Filters]:
    query = parse(address.text, synonyms.widen)
    filters = gather(
        query,
        address.filters,
        after=address.after,
        before=address.before,
        keys=standing_of(user).audience_keys(),
    )
    return query, filters
