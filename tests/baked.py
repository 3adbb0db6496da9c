"""The cast, made once in each worker: a test that asks for it gets the same rows back in a few statements.

Making the cast takes 180 queries, a third of an ordinary test. So it is made in a transaction that is rolled back, and
what that wrote is remembered: rows, the people as objects, and a session for each. A test that does not ask for the
cast finds the database as migrated, with nothing to take out of it first. A change of code is baked in at the next run.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.crypto import get_random_string

from portal.districts.models import User
from portal.search.models import AudienceWord
from tests.people import Cast, make_cast

BACKEND = "django.contrib.auth.backends.ModelBackend"


at_hand: dict[int, tuple[str, str]] = {}
"""Sessions which this test may still take: by a person's id, the key and the password's hash that the session holds."""


@dataclass(frozen=True)
class BakedCast:
    """What `make_cast` writes; `scripts` put it back."""

    people: bytes
    """Pickled: each test has objects of its own, so that nothing which one of them keeps leaks into the next."""
    scripts: list[tuple[str, list[Any]]]
    """Statements, each with the rows it is run for."""
    sessions: dict[int, tuple[str, str]]

    def load(self) -> Cast:
        """Into a database without a cast, before anything else is written there: the rows keep their ids."""
        with transaction.atomic(), connection.cursor() as cursor:
            for statement, rows in self.scripts:
                if rows:
                    cursor.executemany(statement, rows)
                else:
                    cursor.execute(statement)
        at_hand.update(self.sessions)
        cast: Cast = pickle.loads(self.people)  # noqa: S301 - pickled by this process
        return cast


def bake() -> BakedCast:
    """Make the cast and take it back."""
    with transaction.atomic():
        before = {table: set(map(repr, rows)) for table, _columns, rows in _content()}
        cast = make_cast()
        sessions = {
            person.pk: (open_session(person), person.get_session_auth_hash())
            for person in cast.everyone().values()
            if isinstance(person, User)
        }
        written = [
            (table, columns, [row for row in rows if repr(row) not in before[table]])
            for table, columns, rows in _content()
        ]
        scripts = [_script(table, columns, rows) for table, columns, rows in written if rows]
        if connection.vendor == "postgresql":
            tables = {table for table, _columns, rows in written if rows}
            scripts = [(";".join([*(statement for statement, _ in scripts), *_sequences(tables)]), [])]
        people = pickle.dumps(cast)
        transaction.set_rollback(True)
    return BakedCast(people, scripts, sessions)


def session_of(person: User) -> str:
    """The key of a session that nobody else of this test has: baked with the cast, or made in one query."""
    key, made_for = at_hand.pop(person.pk, ("", ""))
    return key if made_for == person.get_session_auth_hash() else open_session(person)


def open_session(person: User) -> str:
    """What signing in leaves in the session."""
    key = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
    holds = person.get_session_auth_hash()
    content = {SESSION_KEY: str(person.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: holds}
    Session(
        session_key=key,
        session_data=SessionStore().encode(content),
        expire_date=timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE),
    ).save(force_insert=True)
    return key


def _content() -> Iterator[tuple[str, list[str], list[Any]]]:
    """Each table of a model, with its columns and rows. What triggers fill, they fill again."""
    quote = connection.ops.quote_name
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and model is not AudienceWord:
            with connection.cursor() as cursor:
                columns = _columns(model, cursor)
                cursor.execute(f"SELECT {', '.join(map(quote, columns))} FROM {quote(model._meta.db_table)}")
                yield model._meta.db_table, columns, cursor.fetchall()


def _columns(model: type[Model], cursor: Any) -> list[str]:
    """On PostgreSQL also those that only search knows of, but for what the server works out by itself."""
    if connection.vendor != "postgresql":
        return [name for column in model._meta.local_concrete_fields if (name := column.column)]
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' ORDER BY attnum",
        [model._meta.db_table],
    )
    return [name for (name,) in cursor.fetchall()]


def _script(table: str, columns: list[str], rows: list[Any]) -> tuple[str, list[Any]]:
    quote = connection.ops.quote_name
    row = f"({', '.join(['%s'] * len(columns))})"
    statement = f"INSERT INTO {quote(table)} ({', '.join(map(quote, columns))}) VALUES "
    if connection.vendor != "postgresql":
        return statement + row, rows
    with connection.cursor() as cursor:
        return statement + ", ".join(cursor.mogrify(row, values).decode() for values in rows), []


def _sequences(tables: set[str]) -> list[str]:
    """A database copied anew counts from one again, and the rows of the cast have their ids already."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in tables]
    return [statement.rstrip(";") for statement in connection.ops.sequence_reset_sql(no_style(), models)]
