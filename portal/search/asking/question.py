"""Who answers a question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.conf import settings

from portal.search.engines import database_engine
from portal.search.engines.base import MOST_COUNTED, Engine
from portal.search.text.query import Term


@cache
def _elasticsearch() -> Engine:
    from portal.search.mirror.engine import ElasticsearchEngine  # costs 0.8 s, and only where it is used
    from portal.search.mirror.reserve import WithReserve

    return WithReserve(ElasticsearchEngine(), database_engine)


def current() -> Engine:
    """Elasticsearch where it is set, with the database in reserve; else the database."""
    return _elasticsearch() if settings.ELASTICSEARCH_HOSTS else database_engine()


def counted(terms: Sequence[Term], keys: frozenset[str], most: int = MOST_COUNTED) -> dict[Term, int]:
    """How many entries each term finds for this reader, at most `most`. One query, none for no terms."""
    return dict(zip(terms, current().counts(terms, keys, most), strict=True))
