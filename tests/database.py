"""The test database: migrated once, copied for each worker, and copied again after a test that really commits.

A database made without migrations is not Wagtail, and flushing one leaves it without its root page; so neither is done.
The migrated original is kept between runs and named by a digest of all that made it.
"""

from __future__ import annotations

import fcntl
import gc
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import django
import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql

from portal.triggers import database_objects

CHECKOUT = Path(settings.BASE_DIR)
FOLDER = Path(settings.VAR_DIR) / "test"
NAME = settings.DATABASES["default"]["NAME"]
"""Read before a test's copy takes its place."""


@cache
def digest() -> str:
    """Names the state of everything that shapes a fresh database."""
    made_by = hashlib.sha256()
    for app in ("portal", "knowledge", "purchasing", "demo"):
        for path in sorted((CHECKOUT / app).rglob("*.py")):
            if path.parent.name == "migrations" or path.name == "apps.py":
                made_by.update(path.read_bytes())
    made_by.update((CHECKOUT / "requirements" / "dev.txt").read_bytes())
    made_by.update(repr(list(database_objects)).encode())
    return made_by.hexdigest()[:12]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(name: str) -> None:
    """Into a new database. Migrating makes thousands of classes, which the collector would look through each time."""
    _connect_to(name)
    gc.disable()
    call_command("migrate", verbosity=0)
    gc.enable()
    connections["default"].close()


class SQLiteCopies:
    """Files; copied by SQLite's own backup, which open connections survive."""

    def __init__(self, worker: str) -> None:
        self.original = FOLDER / f"original-{digest()}.sqlite3"
        self.working = FOLDER / f"{worker}.sqlite3"

    def is_made(self) -> bool:
        return self.original.exists()

    def make_original(self) -> None:
        with one_at_a_time():
            if not self.is_made():
                for old in FOLDER.glob("original-*"):
                    old.unlink()
                partial = FOLDER / "partial.sqlite3"
                partial.unlink(missing_ok=True)
                migrate(str(partial))
                _copy(partial, self.original)
                partial.unlink()

    def prepare(self) -> None:
        self.make_original()
        for leftover in FOLDER.glob(f"{self.working.name}*"):
            leftover.unlink()
        _connect_to(str(self.working))
        self.restore()

    def restore(self) -> None:
        connections["default"].close()
        _copy(self.original, self.working)

    def drop(self) -> None:
        connections["default"].close()
        for leftover in FOLDER.glob(f"{self.working.name}*"):
            leftover.unlink()


class PostgreSQLCopies:
    """Databases of one server; copied by CREATE DATABASE … TEMPLATE."""

    def __init__(self, worker: str) -> None:
        self.prefix = f"test_{NAME}_original_"
        self.original = self.prefix + digest()
        self.working = f"test_{NAME}_{worker}"

    def is_made(self) -> bool:
        return self.original in self._names()

    def make_original(self) -> None:
        with one_at_a_time():
            if not self.is_made():
                for old in self._names():
                    if old.startswith(self.prefix):
                        self._run("DROP DATABASE {} WITH (FORCE)", old)
                partial = f"{self.prefix}partial"
                self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", partial)
                self._run("CREATE DATABASE {}", partial)
                migrate(partial)
                self._run("ALTER DATABASE {} RENAME TO {}", partial, self.original)

    def prepare(self) -> None:
        self.make_original()
        _connect_to(self.working)
        self.restore()

    def restore(self) -> None:
        connections["default"].close()
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.working)
        self._run("CREATE DATABASE {} TEMPLATE {}", self.working, self.original)

    def drop(self) -> None:
        connections["default"].close()
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.working)

    def _server(self) -> Any:
        at = settings.DATABASES["default"]
        connection = psycopg2.connect(
            host=at["HOST"], port=at["PORT"] or 5432, user=at["USER"], password=at["PASSWORD"], dbname="postgres"
        )
        connection.autocommit = True
        return connection

    def _run(self, statement: str, *names: str) -> None:
        server = self._server()
        with server.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
        server.close()

    def _names(self) -> list[str]:
        server = self._server()
        with server.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            names = [row[0] for row in cursor.fetchall()]
        server.close()
        return names


def copies(worker: str) -> SQLiteCopies | PostgreSQLCopies:
    return SQLiteCopies(worker) if connections["default"].vendor == "sqlite" else PostgreSQLCopies(worker)


def _connect_to(name: str) -> None:
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as read, sqlite3.connect(target, timeout=30) as write:
        read.backup(write)
    read.close()
    write.close()


if __name__ == "__main__":  # .ci/run migrates before anything is measured
    django.setup()
    copies("main").make_original()
