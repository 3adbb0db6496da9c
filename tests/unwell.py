"""A database that cannot be had, for real: gone, read-only, full, or with its lock taken.

What is asked runs in a thread, which makes a connection of its own; the test's own one stays as it is.
"""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, connections

from portal.settings import env

T = TypeVar("T")
AT = settings.DATABASES["default"]
IS_SQLITE = AT["ENGINE"].endswith("sqlite3")


def apart(ask: Callable[[], T]) -> T:
    """What `ask` returns with a new connection, closed afterwards."""

    def run() -> T:
        try:
            return ask()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def free_port() -> int:
    """Where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_in_web(monkeypatch: pytest.MonkeyPatch) -> None:
    """New connections wait as long as they do in production where a request waits for them."""
    connection.ensure_connection()
    monkeypatch.setenv(env.WEB, "true")
    monkeypatch.setitem(AT, "OPTIONS", env.database(Path(settings.VAR_DIR) / "unused.sqlite3")["OPTIONS"])


def gone(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    if IS_SQLITE:
        monkeypatch.setitem(AT, "NAME", "/nowhere/roundtable.sqlite3")
        return
    monkeypatch.setitem(AT, "PORT", str(free_port()))


def started_with(monkeypatch: pytest.MonkeyPatch, *, sqlite: str, postgresql: str = "") -> None:
    """New connections begin with this pragma, or with this option of the server."""
    connection.ensure_connection()
    options = dict(AT["OPTIONS"])
    if IS_SQLITE:
        options["init_command"] += sqlite
    else:
        options["options"] += postgresql
    monkeypatch.setitem(AT, "OPTIONS", options)


def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    started_with(monkeypatch, sqlite="PRAGMA query_only=ON;", postgresql=" -c default_transaction_read_only=on")


def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's file may not grow, and nothing in it is free."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA freelist_count")
        free = cursor.fetchone()[0] + 1
        cursor.execute("CREATE TABLE room (taken)")
        cursor.execute("INSERT INTO room VALUES (zeroblob(%s))", [4096 * free])
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
    started_with(monkeypatch, sqlite=f"PRAGMA max_page_count={pages};")


@contextmanager
def locked(table: str = "portal_formkey") -> Iterator[None]:
    """Somebody else writes and does not come to an end: SQLite's one lock is taken, or on PostgreSQL this table's."""
    other: Any
    if IS_SQLITE:
        other = sqlite3.connect(AT["NAME"])
        other.execute("BEGIN IMMEDIATE")
    else:
        other = psycopg2.connect(
            host=AT["HOST"], port=AT["PORT"] or 5432, user=AT["USER"], password=AT["PASSWORD"], dbname=AT["NAME"]
        )
        other.cursor().execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()
