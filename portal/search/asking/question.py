"""One question of one reader: read once, and answered by Elasticsearch or the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from portal.districts.models.standing import standing_of
from portal.registry import search_sources
from portal.search.asking.filters import Filters, gather
from portal.search.engines import database_engine
from portal.search.engines.base import Ask, Engine
from portal.search.text import synonyms
from portal.search.text.query import Query, Term, parse


@dataclass(frozen=True, slots=True)
class Question:
    user: Any
    keys: frozenset[str]
    """What the reader may see: `Standing.audience_keys`."""
    query: Query
    filters: Filters
    """Those chosen, and those typed among the words."""

    @classmethod
    def of(
        cls,
        text: str,
        user: Any,
        chosen: Mapping[str, Iterable[Any]] | None = None,
        *,
        after: date | None = None,
        before: date | None = None,
        exact: bool = False,
    ) -> Question:
        """It costs what `filters.gather` says. `exact` asks for no synonyms."""
        keys, query = standing_of(user).audience_keys(), parse(text, list if exact else synonyms.widen)
        return cls(user, keys, query, gather(query, chosen or {}, after=after, before=before, keys=keys))

    @property
    def ask(self) -> Ask:
        """For an engine: all of the words, under all filters, the best first; nothing is counted."""
        return Ask(
            keys=self.keys,
            today=timezone.localdate(),
            terms=self.query.terms,
            without=self.query.without,
            filters=self.filters.values,
            excluded=self.filters.excluded,
            after=self.filters.after,
            before=self.filters.before,
            weights={source.kind: source.weight for source in search_sources if source.weight != 1},
            sinking={source.kind: tuple(source.sinking) for source in search_sources if source.sinking},
            counted=(),
        )


@cache
def _elasticsearch() -> Engine:
    from portal.search.mirror.engine import ElasticsearchEngine  # costs 0.8 s, and only where it is used
    from portal.search.mirror.reserve import WithReserve

    return WithReserve(ElasticsearchEngine(), database_engine)


def current() -> Engine:
    """Elasticsearch where it is set, with the database in reserve; else the database."""
    return _elasticsearch() if settings.ELASTICSEARCH_HOSTS else database_engine()


def count(counts: dict[Term, int], terms: Iterable[Term], keys: frozenset[str], most: int) -> None:
    """Add to `counts` how many entries each term finds for this reader, at most `most`. One query, or none."""
    new = [term for term in dict.fromkeys(terms) if term not in counts]
    counts |= zip(new, current().counts(new, keys, most), strict=True)
