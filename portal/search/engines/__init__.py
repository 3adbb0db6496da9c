"""The engines. `current()` is the one that answers."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.db import connection

from portal.search.engines.base import Engine
from portal.search.engines.database import DatabaseEngine
from portal.search.engines.postgresql import PostgresqlEngine
from portal.search.engines.sqlite import SqliteEngine


@cache
def _of(vendor: str) -> DatabaseEngine:
    return PostgresqlEngine() if vendor == "postgresql" else SqliteEngine()


def database_engine() -> DatabaseEngine:
    """The engine of the project's own database, where the entries are."""
    return _of(connection.vendor)


@cache
def _elasticsearch() -> Engine:
    from portal.search.engines.elasticsearch import ElasticsearchEngine  # costs 0.8 s, and only where it is used
    from portal.search.engines.reserve import WithReserve

    return WithReserve(ElasticsearchEngine(), database_engine)


def current() -> Engine:
    """Elasticsearch where it is set, with the database in reserve; else the database."""
    return _elasticsearch() if settings.ELASTICSEARCH_HOSTS else database_engine()
