"""A copy of the test's database for a drill alone, which may be stopped, killed, filled up or made read-only."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connection

from tests import unwell

STORED = "SELECT title FROM knowledge_practice WHERE title LIKE 'Drill%'"


def kill(server: int) -> None:
    """The process and its children, at once."""
    theirs = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    for process in (server, *map(int, theirs)):
        os.kill(process, signal.SIGKILL)


class CopiedFile:
    """SQLite's."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "roundtable.sqlite3"
        connection.cursor().execute("VACUUM INTO %s", [str(self.file)])

    def stored(self) -> Counter[str]:
        """How often each title of a `Load` is there."""
        with closing(sqlite3.connect(self.file)) as database:
            return Counter(title for (title,) in database.execute(STORED))

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"


class Cluster:
    """A PostgreSQL server with a copy of the test's database. It refuses root, and runs as the user postgres then."""

    def __init__(self, folder: Path, *options: str, disk: Path | None = None) -> None:
        """`options`: further lines of postgresql.conf. `disk`: where its tables are, and its journal is not."""
        self.port = unwell.free_port()
        self.data = (disk or folder) / "data"
        self.log = folder / "log"
        self.owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        if self.owner:
            for place in (folder, disk or folder):
                shutil.chown(place, "postgres")
        found = shutil.which("pg_ctl") or str(max(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")))
        self.programs = Path(found).resolve().parent
        given = ["-U", "drill", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        if disk:
            given += [f"--waldir={folder / 'journal'}"]
        self._run("initdb", "-D", self.data, *given)
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{option}\n" for option in options)

    def _run(self, program: str, *arguments: object, check: bool = True) -> bool:
        """Whether it could."""
        done = subprocess.run(  # noqa: S603
            [*self.owner, str(self.programs / program), *map(str, arguments)],
            check=check,
            cwd="/",
            stdout=subprocess.DEVNULL,
        )
        return done.returncode == 0

    def start(self) -> None:
        listens = f"-p {self.port} -c listen_addresses=127.0.0.1"
        for _attempt in range(20):  # processes of a killed one may take a moment to end
            options = ["-D", self.data, "-l", self.log, "-w", "-o", f"{listens} -k ''"]
            if self._run("pg_ctl", *options, "start", check=False) or self.answers():
                return
            time.sleep(0.2)
        raise RuntimeError(self.log.read_text())

    def answers(self) -> bool:
        return self._run("pg_isready", "-h", "127.0.0.1", "-p", self.port, check=False)

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")

    def kill(self) -> None:
        kill(int((self.data / "postmaster.pid").read_text().split()[0]))

    def fill(self) -> None:
        """With what is in the test's database."""
        given, file = unwell.AT, str(self.log.parent / "dump")
        theirs = ["-h", given["HOST"], "-p", str(given["PORT"] or 5432), "-U", given["USER"]]
        for program, *arguments in (
            ["createdb", *self._login(), "drill"],
            ["pg_dump", *theirs, "--no-owner", "-f", file, given["NAME"]],
            ["psql", *self._login(), "-q", "-d", "drill", "-f", file],
        ):
            password = {"PGPASSWORD": given["PASSWORD"]}
            command = [str(self.programs / program), *arguments]
            subprocess.run(command, env=os.environ | password, stdout=subprocess.DEVNULL, check=True)  # noqa: S603
        Path(file).unlink()

    def _login(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", "drill"]

    def connect(self) -> Any:
        """As an administrator, who may write where others may only read."""
        session = psycopg2.connect(self.url, options="-c default_transaction_read_only=off")
        session.autocommit = True
        return session

    def stored(self) -> Counter[str]:
        """How often each title of a `Load` is there."""
        with closing(self.connect()) as session, session.cursor() as cursor:
            cursor.execute(STORED)
            return Counter(title for (title,) in cursor.fetchall())

    @property
    def url(self) -> str:
        return f"postgres://drill@127.0.0.1:{self.port}/drill"


@contextmanager
def cluster(*options: str, home: Path = Path("/var/tmp"), disk: Path | None = None) -> Iterator[Cluster]:  # noqa: S108
    """One that runs, in a folder of its own, which the user postgres must be able to enter; gone afterwards."""
    folder = home / f"roundtable-drill-{os.getpid()}"
    folder.mkdir(mode=0o755)
    made = Cluster(folder, *options, disk=disk)
    made.start()
    try:
        made.fill()
        yield made
    finally:
        made._run("pg_ctl", "-D", made.data, "-m", "immediate", "-w", "stop", check=False)
        for place in (folder, made.data):
            shutil.rmtree(place, ignore_errors=True)


@contextmanager
def copied(folder: Path) -> Iterator[CopiedFile | Cluster]:
    """On whichever database the suite runs; `folder` is for SQLite's file."""
    if unwell.IS_SQLITE:
        yield CopiedFile(folder)
        return
    with cluster() as made:
        yield made
