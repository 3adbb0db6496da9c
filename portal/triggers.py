"""Triggers and virtual tables: declared in one list, reinstalled after every migrate.

SQLite rebuilds a table to alter it and drops its triggers without a word; so each object is made anew, idempotently,
and `missing()` tells what a database lacks (a test and /readyz ask it).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation

from portal.registry import Registry


@dataclass(frozen=True)
class DatabaseObject:
    """One trigger, virtual table or function, with the statements that make it whether or not it is there.

    `name` is its name in the catalogue; the statements for the other database are empty where it does not need it.
    """

    name: str
    sqlite: tuple[str, ...] = ()
    postgresql: tuple[str, ...] = ()


database_objects: Registry[DatabaseObject] = Registry("database object", key="name")


def trigger(
    name: str, when: str, table: str, *, sqlite: str, postgresql: str = "", function: str = ""
) -> DatabaseObject:
    """A trigger that is made anew each time: `when` is "AFTER INSERT", and `sqlite` and `postgresql` what follows the
    table's name. `function` makes what the latter calls."""
    drop, make = f"DROP TRIGGER IF EXISTS {name}", f"CREATE TRIGGER {name} {when} ON {table}"
    in_postgresql = (function, f"{drop} ON {table}", f"{make} {postgresql}") if postgresql else ()
    return DatabaseObject(name, sqlite=(drop, f"{make} {sqlite}"), postgresql=in_postgresql)


class DropOnTheWayBack(Operation):
    """The last operation of a migration that makes what triggers read: backward they go first.

    The release before has no such columns, and does not know these triggers to drop them.
    """

    reversible = True

    def __init__(self, table: str, triggers: list[str]) -> None:
        self.table, self.triggers = table, triggers

    def state_forwards(self, app_label: str, state: Any) -> None: ...

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None: ...

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        where = f" ON {self.table}" if schema_editor.connection.vendor == "postgresql" else ""
        for trigger in self.triggers:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger}{where}")


def append_only(table: str) -> None:
    """Declare that rows of `table` are only ever added: UPDATE and DELETE of a row fail on both databases."""
    function = (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    for verb in ("update", "delete"):
        database_objects.add(
            trigger(
                f"{table}_no_{verb}",
                f"BEFORE {verb}",
                table,
                sqlite=f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
                postgresql="FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                function=function,
            )
        )


def install(using: str = "default", **kwargs: Any) -> None:
    """Make every declared object. Connected to `post_migrate` of this app, which Django migrates with all others.

    Half way, as on the way back to another release, the tables are not those that the objects are for.
    """
    connection = connections[using]
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    with connection.cursor() as cursor:
        for thing in database_objects:
            for statement in getattr(thing, connection.vendor):
                cursor.execute(statement)


def missing(using: str = "default") -> list[str]:
    """Names of declared objects that the database does not have. One query."""
    connection = connections[using]
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master",
        "postgresql": "SELECT tgname FROM pg_trigger UNION SELECT relname FROM pg_class",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        there = {row[0] for row in cursor.fetchall()}
    return sorted(t.name for t in database_objects if getattr(t, connection.vendor) and t.name not in there)
