"""The filled databases: made once, kept under var/bench or on the server, and made anew when their shape changes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDER = CHECKOUT / "var" / "bench"
PREFIX = "roundtable_bench_"
WRITTEN = 10_000
"""As in bench.filling: larger databases start as a copy of one of this size."""
SHAPING = (
    "bench/filling.py",
    *(
        f"portal/search/{name}.py"
        for name in ("mirror/changes", "entries/indexing", "text/words", "engines/postgresql", "engines/sqlite")
    ),
)
"""Besides the migrations."""


def _shape() -> str:
    """Names all that shapes a filled database: its tables, what is written into them, and what search makes of it."""
    made_by = hashlib.sha256()
    migrations = [path for path in sorted(CHECKOUT.glob("*/**/migrations/*.py")) if ".venv" not in path.parts]
    for path in [*migrations, *(CHECKOUT / name for name in SHAPING)]:
        made_by.update(path.read_bytes())
    return made_by.hexdigest()[:8]


def run(module: str, url: str, *arguments: str, elasticsearch: str = "", filling: bool = False) -> str:
    """What a module of ours prints, run with the bench's settings on that database."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environment(url, elasticsearch=elasticsearch, filling=filling),
        stdout=subprocess.PIPE,
    )
    if done.returncode:
        sys.exit(f"{module} failed: see the message above.")
    return done.stdout.decode()


def environment(
    url: str, *, elasticsearch: str = "", filling: bool = False, settings: str = "bench.settings"
) -> dict[str, str]:
    """With `elasticsearch`, the address of a node, that answers; its index has the database's name less its shape."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": settings,
        "DATABASE_URL": url,
        "BENCH_FILLING": str(int(filling)),
        "ELASTICSEARCH_URL": elasticsearch,
        "ELASTICSEARCH_INDEX": f"bench-{'_'.join(Path(urlsplit(url).path).stem.split('_')[:3])}",
        "ELASTICSEARCH_TIMEOUT": "30",  # a machine that does other work too must not turn to the reserve
    }


def sqlite(size: int) -> str:
    """The address of a SQLite database with that many practices."""
    file = FOLDER / f"{size}-{_shape()}.sqlite3"
    if not file.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in FOLDER.glob(f"{size}-*.sqlite3*"):
            old.unlink()
        partial = file.with_name(f"{size}-partial.sqlite3")
        if size > WRITTEN:
            shutil.copy(sqlite(WRITTEN).removeprefix("sqlite:///"), partial)
        run("bench.prepare", f"sqlite:///{partial}", "fill", str(size), filling=True)
        partial.rename(file)
    return f"sqlite:///{file}"


def postgresql(size: int, server: str) -> str:
    """The same on the server whose address is given; `server` names any database there that we may enter."""
    name = f"{PREFIX}{size}_{_shape()}"
    if name not in _names(server):
        for old in _names(server):
            if old.startswith(f"{PREFIX}{size}_"):
                _command(server, "DROP DATABASE {} WITH (FORCE)", old)
        partial = f"{PREFIX}{size}_partial"
        if size > WRITTEN:
            original = postgresql(WRITTEN, server).rpartition("/")[2]
            _command(server, "CREATE DATABASE {} TEMPLATE {}", partial, original)
        else:
            _command(server, "CREATE DATABASE {}", partial)
        run("bench.prepare", _at(server, partial), "fill", str(size), filling=True)
        _command(server, "ALTER DATABASE {} RENAME TO {}", partial, name)
    return _at(server, name)


def throwaway(size: int, server: str, name: str) -> str:
    """A copy of the filled database that may be written to."""
    original = postgresql(size, server).rpartition("/")[2]
    drop(server, name)
    _command(server, "CREATE DATABASE {} TEMPLATE {}", name, original)
    return _at(server, name)


def drop(server: str, name: str) -> None:
    if name in _names(server):
        _command(server, "DROP DATABASE {} WITH (FORCE)", name)


def _at(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def connect(url: str) -> psycopg2.extensions.connection:
    connection = psycopg2.connect(urlunsplit(urlsplit(url)._replace(scheme="postgresql")))
    connection.autocommit = True
    return connection


def _command(server: str, statement: str, *names: str) -> None:
    connection = connect(server)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    connection.close()


def _names(server: str) -> list[str]:
    connection = connect(server)
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        names = [row[0] for row in cursor.fetchall()]
    connection.close()
    return names
