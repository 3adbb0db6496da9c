"""The engines of the two databases."""

from __future__ import annotations

from functools import cache

from django.db import connection

from portal.search.engines.database import DatabaseEngine
from portal.search.engines.postgresql import PostgresqlEngine
from portal.search.engines.sqlite import SqliteEngine


@cache
def _of(vendor: str) -> DatabaseEngine:
    return PostgresqlEngine() if vendor == "postgresql" else SqliteEngine()


def database_engine() -> DatabaseEngine:
    """The engine of the project's own database, where the entries are."""
    return _of(connection.vendor)
