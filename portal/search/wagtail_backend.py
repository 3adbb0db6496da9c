"""The search behind the Wagtail admin: the database's own, with every query normalised first.

Left alone it answers 500 to a lone quote, to a hyphen inside quotes, to NUL and to 500 words.
"""

from __future__ import annotations

from typing import Any

from modelsearch.query import And, MatchAll, Not, Or, Phrase, PlainText, SearchQuery
from wagtail.search.backends import database

from portal.search.text.words import COMPOUND, parts
from portal.text import clean

LONGEST = 200
MOST_WORDS = 20


def words(text: str) -> str:
    """At most 20 words of the first 200 characters, and nothing but words."""
    found = [word for compound in COMPOUND.findall(clean(text)[:LONGEST]) for word in parts(compound)]
    return " ".join(found[:MOST_WORDS])


def normalised(query: str | SearchQuery) -> SearchQuery:
    """The query with nothing in it that an engine could stumble over; everything where it has no words."""
    if isinstance(query, str):
        query = PlainText(query)
    if isinstance(query, PlainText):
        text = words(query.query_string)
        return PlainText(text, operator=query.operator, boost=query.boost) if text else MatchAll()
    if isinstance(query, Phrase):
        return Phrase(text) if (text := words(query.query_string)) else MatchAll()
    if isinstance(query, Not):
        inner = normalised(query.subquery)
        return MatchAll() if isinstance(inner, MatchAll) else Not(inner)
    if isinstance(query, And | Or):
        told = [one for one in map(normalised, query.subqueries[:MOST_WORDS]) if not isinstance(one, MatchAll)]
        return type(query)(told) if len(told) > 1 else told[0] if told else MatchAll()
    return query


class _Normalising:
    def _search(self, compiler: type[Any], query: Any, model_or_queryset: Any, **kwargs: Any) -> Any:
        query = normalised(query)
        if isinstance(query, MatchAll):
            compiler = self.query_compiler_class  # type: ignore[attr-defined]  # autocomplete has no "everything"
        return super()._search(compiler, query, model_or_queryset, **kwargs)  # type: ignore[misc]


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802
    """The backend of the database in use; the name is what Wagtail looks for in the module."""
    stock = type(database.SearchBackend(params))
    return type("PortalSearchBackend", (_Normalising, stock), {})(params)
