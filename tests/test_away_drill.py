"""The database away for a while under load, in production's own processes: `script/drill away`.

PostgreSQL is a cluster of the drill's own, so that it can be stopped and killed. Writers send one question after
another, each with its key and until it is taken; what was acknowledged is compared with what is stored. The short forms
are in `test_away.py`.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from tests import unwell
from tests.baked import session_of
from tests.people import Cast

SECONDS = float(os.environ.get("DRILL_AWAY_SECONDS", "0"))
"""Before, in and after each fault."""
WITHIN_SECONDS, BACK_WITHIN_SECONDS = 3.0, 5.0
CSRF = "a" * 32
PATH = "/questions/new/"
STORED = "SELECT title FROM knowledge_question WHERE title LIKE 'Drill%'"
pytestmark = [
    pytest.mark.skipif(not SECONDS, reason="script/drill away"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
]


class Cluster:
    """A PostgreSQL server with a copy of the test's database. It refuses root, and runs as the user postgres then."""

    def __init__(self, folder: Path) -> None:
        self.port = unwell.free_port()
        self.data = folder / "data"
        self.owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        if self.owner:
            shutil.chown(folder, "postgres")
        found = shutil.which("pg_ctl") or str(max(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")))
        self.programs = Path(found).resolve().parent
        self._run("initdb", "-D", self.data, "-U", "drill", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")

    def _run(self, program: str, *arguments: object, check: bool = True) -> None:
        subprocess.run(  # noqa: S603
            [*self.owner, str(self.programs / program), *map(str, arguments)],
            check=check,
            cwd="/",
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        log, listens = self.data.parent / "log", f"-p {self.port} -c listen_addresses=127.0.0.1"
        for _attempt in range(20):  # processes of a killed one may take a moment to end
            self._run("pg_ctl", "-D", self.data, "-l", log, "-w", "-o", f"{listens} -k ''", "start", check=False)
            if (self.data / "postmaster.pid").exists():
                return
            time.sleep(0.2)
        raise RuntimeError(log.read_text())

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")

    def kill(self) -> None:
        server = int((self.data / "postmaster.pid").read_text().split()[0])
        theirs = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        for process in (server, *map(int, theirs)):
            os.kill(process, signal.SIGKILL)

    def fill(self) -> None:
        """With what is in the test's database."""
        given, file = unwell.AT, str(self.data.parent / "dump")
        theirs = ["-h", given["HOST"], "-p", str(given["PORT"] or 5432), "-U", given["USER"]]
        for program, *arguments in (
            ["createdb", *self._login(), "drill"],
            ["pg_dump", *theirs, "--no-owner", "-f", file, given["NAME"]],
            ["psql", *self._login(), "-q", "-d", "drill", "-f", file],
        ):
            password = {"PGPASSWORD": given["PASSWORD"]}
            command = [str(self.programs / program), *arguments]
            subprocess.run(command, env=os.environ | password, stdout=subprocess.DEVNULL, check=True)  # noqa: S603

    def _login(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", "drill"]

    @property
    def url(self) -> str:
        return f"postgres://drill@127.0.0.1:{self.port}/drill"


class Load:
    """What is sent and what comes back."""

    def __init__(self, port: int, session: str) -> None:
        self.port = port
        self.cookie = f"__Host-sessionid={session}; __Host-csrftoken={CSRF}"
        self.stop = threading.Event()
        self.lock = threading.Lock()
        self.answers: Counter[tuple[str, int]] = Counter()
        self.slowest_503 = 0.0
        self.acknowledged: list[str] = []
        self.texts_lost = 0
        self.last_good: dict[str, float] = {}
        self.threads = [
            *(threading.Thread(target=self._write, args=(number,)) for number in range(3)),
            *(threading.Thread(target=self._read) for _ in range(2)),
        ]

    def ask(self, verb: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {
            "Cookie": self.cookie,
            "X-Forwarded-Proto": "https",
            "Referer": f"https://127.0.0.1:{self.port}/",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        began = time.monotonic()
        browser = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        browser.request(verb, path, urlencode(form) if form else None, headers)
        answer = browser.getresponse()
        text = answer.read().decode()
        browser.close()
        now = time.monotonic()
        with self.lock:
            self.answers[verb, answer.status] += 1
            if answer.status == 503:
                self.slowest_503 = max(self.slowest_503, now - began)
            else:
                self.last_good[verb] = now
        return answer.status, text

    def _write(self, writer: int) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            title = f"Drill of writer {writer}, question {number}?"
            form = {"title": title, "tags": "", "form_key": str(uuid.uuid4()), "csrfmiddlewaretoken": CSRF}
            while True:
                status, text = self.ask("POST", PATH, form)
                if status != 503:
                    break
                self.texts_lost += title not in text or form["form_key"] not in text
                time.sleep(0.2)
            if status == 302:
                self.acknowledged.append(title)
            time.sleep(0.05)

    def _read(self) -> None:
        while not self.stop.is_set():
            self.ask("GET", "/questions/")
            time.sleep(0.05)

    def end(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()


@contextmanager
def portal(folder: Path, session: str, **environment: str) -> Iterator[Load]:
    """Production's own processes, and people who use it."""
    port = unwell.free_port()
    given = {
        "DJANGO_SETTINGS_MODULE": "portal.settings.base",
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "127.0.0.1",
        "PORTAL_URL": "https://127.0.0.1",
        "EMAIL_URL": "dummymail://",
        "BEHIND_TLS_PROXY": "true",
        "VAR_DIR": str(folder),
    }
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "ELASTICSEARCH_URL"}}
    log = (folder / "log").open("w")
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "-c", "portal/gunicorn.py", "-b", f"127.0.0.1:{port}"]
    kept |= given | environment
    server = subprocess.Popen(command, cwd=settings.BASE_DIR, env=kept, stderr=log)  # noqa: S603
    load = Load(port, session)
    try:
        for _attempt in range(300):
            try:
                load.ask("GET", "/healthz")
                break
            except OSError:
                time.sleep(0.1)
        load.answers.clear()
        for thread in load.threads:
            thread.start()
        time.sleep(SECONDS)
        yield load
        load.end()
    finally:
        load.stop.set()
        server.terminate()
        server.wait()
        log.close()


def judge(load: Load, stored: Counter[str], log: Path) -> str:
    lost = [title for title in load.acknowledged if title not in stored]
    doubled = [title for title, times in stored.items() if times > 1]
    longest = max(len(line) for line in log.read_text().splitlines())
    said = {f"{verb} {status}": times for (verb, status), times in sorted(load.answers.items())}
    figures = (
        f"{len(load.acknowledged)} acknowledged, {stored.total()} stored, {len(lost)} lost, {len(doubled)} doubled;"
        f" answers {said}; slowest 503 after {load.slowest_503:.2f} s; {load.texts_lost} texts lost;"
        f" longest line of the log {longest} characters"
    )
    assert not lost, figures
    assert not doubled, figures
    assert {status for _verb, status in load.answers} <= {200, 302, 503}, figures
    assert load.slowest_503 < WITHIN_SECONDS, figures
    assert load.texts_lost == 0, figures
    return figures


@pytest.mark.skipif(unwell.IS_SQLITE, reason="PostgreSQL is stopped and killed")
def test_postgresql_is_away_and_nothing_acknowledged_is_lost(
    cast: Cast, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    home = Path("/var/tmp") / f"roundtable-drill-{os.getpid()}"  # noqa: S108 - a folder that the user postgres may enter
    home.mkdir(mode=0o755)
    cluster = Cluster(home)
    cluster.start()
    try:
        session = session_of(cast.member)
        cluster.fill()
        with portal(tmp_path, session, DATABASE_URL=cluster.url) as load:
            for name, strike in (("pg_ctl stop -m fast", cluster.stop), ("kill -9", cluster.kill)):
                strike()
                time.sleep(SECONDS)
                cluster.start()
                began = time.monotonic()
                time.sleep(max(SECONDS, BACK_WITHIN_SECONDS))
                assert min(load.last_good.values()) > began, f"not back after {name}"
        with psycopg2.connect(cluster.url) as database, database.cursor() as cursor:
            cursor.execute(STORED)
            stored = Counter(title for (title,) in cursor.fetchall())
        database.close()
        record_property("away, PostgreSQL", judge(load, stored, tmp_path / "log"))
    finally:
        cluster.stop()
        shutil.rmtree(home)


HOLD = """
import sqlite3, sys, time
other = sqlite3.connect(sys.argv[1])
other.execute("BEGIN IMMEDIATE")
time.sleep(float(sys.argv[2]))
other.rollback()
"""


@pytest.mark.skipif(not unwell.IS_SQLITE, reason="SQLite has one lock")
def test_another_process_holds_sqlites_lock_and_readers_go_on(
    cast: Cast, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    session = session_of(cast.member)
    file = tmp_path / "roundtable.sqlite3"
    connection.cursor().execute("VACUUM INTO %s", [str(file)])
    with portal(tmp_path, session) as load:
        before = load.answers["GET", 200]
        subprocess.run([sys.executable, "-c", HOLD, str(file), str(SECONDS)], check=True)  # noqa: S603
        assert load.answers["GET", 200] > before + SECONDS, "readers go on"
        assert load.answers["POST", 503] > 0
        time.sleep(BACK_WITHIN_SECONDS)
    database = sqlite3.connect(file)
    stored = Counter(title for (title,) in database.execute(STORED))
    database.close()
    assert ("GET", 503) not in load.answers
    record_property("locked, SQLite", judge(load, stored, tmp_path / "log"))
