"""A backup is a folder: the database of one moment, the uploads, and a manifest that proves both when they are back."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

MANIFEST = "manifest.json"
"""Written last: a folder without one is no whole backup."""
DATABASE = "database"
MEDIA = "media"
Figures = dict[str, dict[str, str]]
"""By table its rows and, by column, the sums of what is counted: the ledger's quantities, entries, prices."""


class Unfit(Exception):  # noqa: N818
    """It cannot be done, or what came of it differs from what was kept. The sentences say why."""


def keep(folder: Path) -> int:
    """Write a backup while the portal runs. Returns the number of uploads in it."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Unfit(f"{folder} is not empty. Name a new folder.")
    folder.chmod(0o700)  # codes to sign in and addresses are in it
    counted = _keep_sqlite(folder / DATABASE) if connection.vendor == "sqlite" else _keep_postgresql(folder / DATABASE)
    files = _copy_files(Path(settings.MEDIA_ROOT), folder / MEDIA)
    manifest = {
        "vendor": connection.vendor,
        "migrations": _applied(),
        "figures": counted,
        "database": _digest(folder / DATABASE),
        "media": files,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1))
    return len(files)


def bring_back(folder: Path, *, force: bool) -> int:
    """Put a backup in place and prove it. Returns its uploads.

    `force`: also where a database is, which is lost, and where uploads are, which stay unless the backup names them.
    """
    manifest = _read(folder)
    if not force and (taken := _taken()):
        raise Unfit(f"{taken} is not empty. Restore into an empty place, or lose what is there with --force.")
    if connection.vendor == "sqlite":
        _bring_sqlite(folder / DATABASE)
    else:
        _bring_postgresql(folder / DATABASE)
    _copy_files(folder / MEDIA, Path(settings.MEDIA_ROOT))
    _refuse([*_other_rows(manifest), *_other_files(Path(settings.MEDIA_ROOT), manifest["media"])])
    return len(manifest["media"])


def _read(folder: Path) -> dict[str, Any]:
    """The manifest of a backup that is whole, and that this release and this database can take."""
    if not (folder / MANIFEST).is_file():
        raise Unfit(f"{folder} has no {MANIFEST}: it is no backup, or one that was stopped.")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    if manifest["vendor"] != connection.vendor:
        raise Unfit(f"The backup is of {manifest['vendor']}, and the settings name {connection.vendor}.")
    if unknown := sorted(set(manifest["migrations"]) - _known()):
        raise Unfit(f"A later release made the backup: this one does not know {', '.join(unknown)}.")
    spoiled = [] if _digest(folder / DATABASE) == manifest["database"] else [f"{DATABASE} was changed or is gone."]
    _refuse([*spoiled, *_other_files(folder / MEDIA, manifest["media"])])
    return manifest


def _known() -> set[str]:
    """Also those that others have replaced."""
    disk = MigrationLoader(None).disk_migrations
    return {".".join(one) for name, migration in disk.items() for one in (name, *migration.replaces)}


def _refuse(differences: list[str]) -> None:
    if differences:
        raise Unfit("\n".join(differences))


def _taken() -> str:
    """What stands where the backup is to go, "" for nothing."""
    if connection.introspection.table_names():
        return "The database"
    root = Path(settings.MEDIA_ROOT)
    return str(root) if root.is_dir() and any(root.iterdir()) else ""


# --- proofs -----------------------------------------------------------------------------------------------------------
def _applied() -> list[str]:
    return sorted(".".join(one) for one in MigrationRecorder(connection).applied_migrations())


def summed(cursor: Any) -> dict[str, list[str]]:
    """Of every table the columns that are summed: whole numbers, unless 64 bits wide, and prices.

    Left out is what is not there yet: before `migrate` this release keeps the tables of the one before.
    """
    there = set(connection.introspection.table_names(cursor))
    found = {}
    for table, columns in _columns().items():
        if table in there:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} LIMIT 0")  # noqa: S608 - our own names
            here = {column[0] for column in cursor.description}
            found[table] = [column for column in columns if column in here]
    return found


def _columns() -> dict[str, list[str]]:
    return {
        model._meta.db_table: [
            field.column
            for field in model._meta.local_concrete_fields
            if field.column
            and isinstance(field, models.IntegerField | models.DecimalField)
            and not isinstance(field, models.BigIntegerField)
        ]
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }


def figures(cursor: Any, columns: dict[str, list[str]]) -> Figures:
    name = connection.ops.quote_name
    found: Figures = {}
    for table, wanted_columns in columns.items():
        wanted = ", ".join(["COUNT(*)", *(f"COALESCE(SUM({name(column)}), 0)" for column in wanted_columns)])
        cursor.execute(f"SELECT {wanted} FROM {name(table)}")  # noqa: S608 - our own names
        found[table] = dict(zip(["rows", *wanted_columns], map(str, cursor.fetchone()), strict=True))
    return found


def _other_rows(manifest: dict[str, Any]) -> list[str]:
    kept: Figures = manifest["figures"]
    columns = {table: [column for column in row if column != "rows"] for table, row in kept.items()}
    with transaction.atomic(), connection.cursor() as cursor:
        _take_time(cursor)
        here = figures(cursor, columns)
    differing = [
        f"{table}: {column} is {here[table][column]} and was {was}."
        for table, row in kept.items()
        for column, was in row.items()
        if here[table][column] != was
    ]
    return differing + ([] if _applied() == manifest["migrations"] else ["The migrations are not those of the backup."])


def _take_time(cursor: Any) -> None:
    """Whole tables are counted."""
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL statement_timeout = 0")


# --- uploads ----------------------------------------------------------------------------------------------------------
def _files(root: Path) -> Iterator[str]:
    return (path.relative_to(root).as_posix() for path in sorted(root.rglob("*")) if path.is_file())


def _copy_files(source: Path, target: Path) -> dict[str, str]:
    """Digests by path. A file that is deleted meanwhile is left out."""
    digests = {}
    for name in _files(source):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copy2(source / name, target / name)
        except FileNotFoundError:
            continue
        digests[name] = _digest(target / name)
    return digests


def _other_files(root: Path, digests: dict[str, str]) -> list[str]:
    return [f"{MEDIA}/{name} was changed or is gone." for name, was in digests.items() if _digest(root / name) != was]


def _digest(path: Path) -> str:
    """SHA-256; "" where there is no such file."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- databases --------------------------------------------------------------------------------------------------------
def _keep_sqlite(target: Path) -> Figures:
    _copy_sqlite(str(connection.settings_dict["NAME"]), target)
    with closing(sqlite3.connect(target)) as copy:
        return figures(copy.cursor(), summed(copy.cursor()))


def _bring_sqlite(source: Path) -> None:
    connection.close()
    target = Path(connection.settings_dict["NAME"])
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy_sqlite(source, target)


def _copy_sqlite(source: str | Path, target: Path) -> None:
    """By SQLite's own backup: writers go on, and open connections survive it."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target, timeout=30)) as write:
        read.backup(write)


def _keep_postgresql(target: Path) -> Figures:
    """pg_dump sees what this transaction sees."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        _take_time(cursor)
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
        return figures(cursor, summed(cursor))


def _bring_postgresql(source: Path) -> None:
    _run("pg_restore", "--list", f"--file={os.devnull}", str(source))  # it can be read, before anything is lost
    if connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    connection.close()
    name = str(connection.settings_dict["NAME"])
    _run("pg_restore", "--no-comments", "--exit-on-error", "--single-transaction", f"--dbname={name}", str(source))


def _run(program: str, *arguments: str) -> None:
    """Where it connects to stands in its environment: arguments are seen by everybody on the machine."""
    at = connection.settings_dict
    kept = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = os.environ | {name: str(at[key]) for name, key in kept.items() if at[key]}
    environment |= {f"PG{key.upper()}": str(value) for key, value in at["OPTIONS"].items() if key.startswith("ssl")}
    command = [program, "--no-owner", "--no-privileges", "--no-password", *arguments]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603 - our own command
    except FileNotFoundError as missing:
        raise Unfit(f"{program} is not installed. On Debian: apt install postgresql-client.") from missing
    if done.returncode:
        raise Unfit(f"{program} failed: {done.stderr.strip()}")
