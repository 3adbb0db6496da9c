"""An upgrade from the release before, and the way back, counted at each step: `script/drill upgrade`.

The release before is a worktree, with an environment of its own where it does not run in ours. What is upgraded is its
demo, by the steps of "Upgrading" in docs/operations.md; the numbers of the way back are read from the changelog.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.db import connection

from portal.backup import Figures, figures, summed
from tests import database
from tests.programs import CHECKOUT

BEFORE = os.environ.get("DRILL_UPGRADE_FROM", "")
"""A commit."""
pytestmark = [pytest.mark.skipif(not BEFORE, reason="script/drill upgrade"), pytest.mark.timeout(3600)]

MEMBER = "director@kaneland.example"
MOST_PAGES = 60
CATALOGUE = {
    "sqlite": "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT GLOB 'sqlite*'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}
BOOKS = ("purchasing_commitment", "purchasing_commitmententry", "purchasing_lineitem")
DJANGOS = {"django_migrations", "django_content_type", "auth_permission", "auth_group_permissions"}
"""What `migrate` notes of itself. Kinds and rights of models that are gone stay, and do no harm."""
SEEDED = {"search_synonymset"}
"""What `migrate` brings along, and takes away again where nobody changed it."""
TRAFFIC = {"django_session", "cache", "search_loggedsearch"}
"""What visits and signing in write."""
SEARCHED = {"search_entry", "search_audience", "search_audiencekey", "search_audienceword"}
"""What `search_rebuild` fills as this release fills it."""
WORK = {"portal_reached", "portal_progress", "django_tasks_database_dbtaskresult"}
"""What due jobs note of themselves."""
TAKEN = {"knowledge_question.rows", "knowledge_answer.rows", "districts_maildomain.rows", "search_entry.rows"}
"""What `WRITE` wrote and the release before has no place for, and the entries of a kind that it does not know; the log
of it and its words for spelling help stay."""

ASK = """
import json, re
from django.contrib.auth import get_user_model
from django.test import Client
browser = Client(HTTP_HOST="localhost", raise_request_exception=False)
ready = browser.get("/readyz").json()
member = get_user_model().objects.get(email={member!r})
browser.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
waiting, pages = {asked!r} or ["/", "/search/?q=chromebook"], dict()
follows = not {asked!r}
while waiting and len(pages) < {most}:
    path = waiting.pop(0)
    if path not in pages:
        answer = browser.get(path)
        pages[path] = answer.status_code
        if follows and answer.get("Content-Type", "").startswith("text/html"):
            waiting += re.findall(r'href="(/(?!static|media|admin|demo|accounts)[^"#?]*)"', answer.content.decode())
print(json.dumps([ready, pages]))
"""
"""Asked by each release of itself. Without `asked` it follows the links from the first page."""

WRITE = """
from django.utils import timezone
from knowledge.deeds.rewrite import take_back
from knowledge.models import Answer, Question
from portal.districts.models import District, MailDomain
now = timezone.now()
given = Answer.objects.exclude(author=None).first()
take_back(given, by=given.author, at=now)
alone = Question.objects.create(title="Taken back, unanswered", body="Not for all", author=given.author)
answered = given.question
kept = Answer.objects.create(question=answered, body="Stays", author=given.author)
Question.objects.filter(pk=answered.pk).update(author=given.author)
for question in (alone, answered):
    take_back(question, by=given.author, at=now)
for district in District.objects.order_by("pk")[:2]:
    MailDomain.objects.create(domain="shared.example", district=district)
print(answered.pk)
"""
"""What the release before has no place for."""


@dataclass(frozen=True)
class Release:
    checkout: Path
    python: str
    place: dict[str, str]

    def manage(self, *command: str, fails: bool = False) -> str:
        """What it says. `fails`: its exit code may be 1."""
        done = subprocess.run(  # noqa: S603 - our own command
            [self.python, "manage.py", *command], cwd=self.checkout, env=self.place, capture_output=True, text=True
        )
        assert done.returncode in (0, fails), f"{command}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code).strip().splitlines()[-1]

    def asked(self, pages: list[str]) -> list[str]:
        """The pages that answer the member, of these or of those that links lead to. It is ready."""
        ready, answers = json.loads(self.shell(ASK.format(member=MEMBER, asked=pages, most=MOST_PAGES)))
        assert ready["ready"], ready
        assert not pages or set(answers.values()) == {200}, answers
        assert not [path for path, status in answers.items() if status >= 500], answers
        return [path for path, status in answers.items() if status == 200]


def git(*command: str) -> None:
    subprocess.run(["git", *command], cwd=CHECKOUT, check=True, capture_output=True)  # noqa: S603, S607


@pytest.fixture
def place(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a portal that has nothing yet, as `script/demo` sets it."""
    ours = ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL", "EMAIL_URL", "MEDIA_ROOT", "STATIC_ROOT", "SECRET_KEY")
    usual = {name: value for name, value in os.environ.items() if name not in ours}
    usual |= {"DJANGO_SETTINGS_MODULE": "portal.settings.demo", "VAR_DIR": str(tmp_path / "var")}
    if connection.vendor == "sqlite":
        yield usual | {"DATABASE_URL": f"sqlite:///{tmp_path}/roundtable.sqlite3"}
        return
    server, name = database.copies("main"), "roundtable_upgrade_drill"
    assert isinstance(server, database.PostgreSQLCopies)
    server._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    server._run("CREATE DATABASE {}", name)
    yield usual | {"DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()}
    server._run("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def before(tmp_path: Path, place: dict[str, str]) -> Iterator[Release]:
    checkout = tmp_path / "before"
    git("worktree", "add", "--detach", str(checkout), BEFORE)
    try:
        check = [sys.executable, "manage.py", "check"]
        if subprocess.run(check, cwd=checkout, env=place, capture_output=True).returncode == 0:  # noqa: S603
            yield Release(checkout, sys.executable, place)
        else:
            install = ["sh", "-euc", ". script/_environment; ensure_environment production"]
            subprocess.run(install, cwd=checkout, env=place, check=True)  # noqa: S603
            yield Release(checkout, str(checkout / ".venv" / "bin" / "python"), place)
    finally:
        git("worktree", "remove", "--force", str(checkout))


@contextmanager
def reading(place: dict[str, str]) -> Iterator[Any]:
    """A cursor of that database."""
    url = place["DATABASE_URL"]
    is_sqlite = connection.vendor == "sqlite"
    opened: Any = sqlite3.connect(url.removeprefix("sqlite:///")) if is_sqlite else psycopg2.connect(url)
    with closing(opened):
        yield opened.cursor()


def counted(place: dict[str, str]) -> Figures:
    """Of every table its rows, and the sums that a backup keeps."""
    with reading(place) as cursor:
        cursor.execute(CATALOGUE[connection.vendor])
        tables: dict[str, list[str]] = {row[0]: [] for row in cursor.fetchall()}
        return figures(cursor, tables | summed(cursor))


def differences(was: Figures, now: Figures, *, but: Collection[str] = ()) -> dict[str, str]:
    """Of the tables and columns that both have."""
    return {
        f"{table}.{column}": f"{row[column]} -> {now[table][column]}"
        for table, row in was.items()
        if table in now and table not in but
        for column in row
        if column in now[table] and row[column] != now[table][column]
    }


def way_back() -> list[tuple[str, str]]:
    """(app, number) for each app, as the changelog says."""
    return re.findall(r"`migrate (\w+) (\d{4})`", (CHECKOUT / "CHANGELOG.md").read_text())


def test_an_upgrade_and_the_way_back_keep_what_is_there(
    before: Release, place: dict[str, str], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    began = time.monotonic()

    def tell(step: str, figures: object) -> None:
        record_property(f"upgrade drill on {connection.vendor}, {time.monotonic() - began:.0f} s, {step}", figures)

    now = Release(CHECKOUT, sys.executable, place)
    before.manage("migrate", "--verbosity", "0")
    before.manage("build_demo")
    before.manage("collectstatic", "--noinput", "--verbosity", "0")
    before.manage("run_due_jobs")
    before.manage("db_worker", "--batch")
    pages = before.asked([])
    assert len(pages) > 20
    was = counted(place)
    rows = sum(int(row["rows"]) for row in was.values())
    tell("before", f"{rows:,} rows in {len(was)} tables, {len(pages)} pages; {books(was)}")

    now.manage("backup", str(tmp_path / "kept"))
    said = now.manage("migrate")
    migrated = counted(place)
    assert not differences(was, migrated, but=DJANGOS | SEEDED)
    assert set(was) - set(migrated) <= {"portal_reached", "search_nearword"}
    more = sorted(set(migrated) - set(was))
    tell("migrated", f"all rows and sums as before; new tables: {', '.join(more)}; {said.splitlines()[-1]}")

    start(now)
    off = now.manage("search_status", fails=True)
    now.manage("search_rebuild")
    now.manage("search_status")
    assert now.asked(pages) == pages
    assert not differences(migrated, counted(place), but=TRAFFIC | WORK | SEARCHED)
    tell("started", f"{len(pages)} pages as before, and all rows and sums; search_status: {totals(off)}")

    answered = now.shell(WRITE)
    written = counted(place)
    for app, number in way_back():
        now.manage("migrate", app, number)
    back = counted(place)
    assert left_of(place, answered) == (0, 0, "This question was taken back", "", 1)
    gone = differences(written, back, but=DJANGOS | SEEDED)
    assert gone.keys() == TAKEN
    assert set(back) <= set(was)
    tell("tables put back", gone)
    start(before)
    before.manage("search_rebuild")
    before.manage("search_status")
    assert before.asked(pages) == pages
    back = counted(place)
    assert not differences(was, back, but=DJANGOS | TRAFFIC | WORK | {"wagtailcore_modellogentry", "search_nearword"})
    tell("the way back", f"{len(pages)} pages as before, and all rows and sums")

    now.manage("migrate")
    assert not differences(back, counted(place), but=DJANGOS | SEEDED)
    tell("migrated again", "all rows and sums as they came back")

    now.manage("restore", str(tmp_path / "kept"), "--force")
    start(before)
    before.manage("search_rebuild")
    assert before.asked(pages) == pages
    assert not differences(was, counted(place), but=TRAFFIC | WORK)
    tell("restored", f"{len(pages)} pages as before, and all rows and sums")


def start(release: Release) -> None:
    release.manage("migrate", "--check")
    release.manage("collectstatic", "--noinput", "--verbosity", "0")
    release.manage("run_due_jobs")


def books(counts: Figures) -> str:
    return "; ".join(f"{table}: {counts[table]}" for table in BOOKS)


def totals(status: str) -> str:
    """Of all kinds; before `search_rebuild`."""
    kinds = [
        list(map(int, line.replace(",", "").split()[1:])) for line in status.splitlines()[1:] if len(line.split()) == 6
    ]
    return f"{sum(kind[1] for kind in kinds):,} entries, {sum(sum(kind[2:]) for kind in kinds):,} not as they should be"


def left_of(place: dict[str, str], question: str) -> tuple[Any, ...]:
    """What is there of what `WRITE` wrote: questions, domains, and the answered question's title, details, answers."""
    with reading(place) as cursor:
        cursor.execute(
            "SELECT (SELECT COUNT(*) FROM knowledge_question WHERE title = 'Taken back, unanswered'),"
            " (SELECT COUNT(*) FROM districts_maildomain WHERE domain = 'shared.example'), title, body,"
            " (SELECT COUNT(*) FROM knowledge_answer WHERE question_id = knowledge_question.id AND body = 'Stays')"
            f" FROM knowledge_question WHERE id = {int(question)}"
        )
        return tuple(cursor.fetchone())
