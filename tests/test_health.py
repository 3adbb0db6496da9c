from __future__ import annotations

import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.due_jobs import run_all
from portal.progress import Progress
from tests import unwell

pytestmark = pytest.mark.django_db


def test_healthz_touches_nothing(client: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert client.get("/healthz").content == b"ok\n"


def test_readyz_names_each_check(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"]["triggers"] == "ok"


def test_readyz_says_which_trigger_is_missing(client: Client) -> None:
    name, table = "purchasing_statuschange_no_update", "purchasing_statuschange"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {table}"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert name in answer.json()["checks"]["triggers"]


def test_readyz_tells_a_clock_that_stands_and_a_worker_that_is_dead(client: Client) -> None:
    assert client.get("/readyz").json()["lag"] == {"clock": None, "worker": 0, "mail": 0, "search": 0}
    run_all(timezone.now() - timedelta(minutes=20))
    waiting = DBTaskResult.objects.create(
        task_path="portal.pages.deeds.read_documents.read_waiting",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
    )
    DBTaskResult.objects.filter(pk=waiting.pk).update(enqueued_at=timezone.now() - timedelta(minutes=30))
    answer = client.get("/readyz")
    assert answer.status_code == 200, "people can still read and write"
    lag = answer.json()["lag"]
    assert 1200 <= lag["clock"] < 1260
    assert 1800 <= lag["worker"] < 1860


def test_a_clock_that_was_put_back_is_not_behind_by_less_than_nothing(client: Client) -> None:
    run_all(timezone.now() + timedelta(minutes=20))
    assert client.get("/readyz").json()["lag"]["clock"] == 0


def test_asking_writes_nothing_but_one_row_that_is_rolled_back(client: Client) -> None:
    run_all(timezone.now())
    before = list(Progress.objects.values())
    with CaptureQueriesContext(connection) as asked:
        client.get("/readyz")
    others = [q["sql"].strip("( \n").upper() for q in asked]
    assert [q.split()[0] for q in others if not q.startswith(("SELECT", "PRAGMA"))] == [
        "SAVEPOINT",
        "INSERT",
        "ROLLBACK",
        "RELEASE",
    ]
    assert list(Progress.objects.values()) == before


@pytest.mark.parametrize("cookie", ["", "a-session-of-somebody"])
def test_readyz_says_in_time_that_the_database_is_away(db: None, cookie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    unwell.gone(monkeypatch)
    began = time.monotonic()
    answer = unwell.apart(lambda: Client().get("/readyz", headers={"Cookie": cookie and f"sessionid={cookie}"}))
    assert time.monotonic() - began < 4.5
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "no answer")


@pytest.mark.django_db(transaction=True)
def test_readyz_is_not_ready_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a standby, which answers every SELECT."""
    unwell.read_only(monkeypatch)
    answer = unwell.apart(lambda: Client().get("/readyz"))
    assert (answer.status_code, answer.json()["checks"]["writes"]) == (503, "read-only")


@pytest.mark.skipif(unwell.IS_SQLITE, reason="SQLite's room is looked at")
def test_readyz_needs_room_on_postgresqls_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit stands for the disk, which `script/drill full` fills."""
    unwell.started_with(monkeypatch, sqlite="", postgresql=" -c temp_file_limit=512kB")
    answer = unwell.apart(lambda: Client().get("/readyz"))
    assert (answer.status_code, answer.json()["checks"]["writes"]) == (503, "busy")


@pytest.mark.django_db(transaction=True)
def test_readyz_says_in_time_that_a_lock_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    unwell.as_in_web(monkeypatch)
    with unwell.locked("portal_progress"):
        began = time.monotonic()
        answer = unwell.apart(lambda: Client().get("/readyz"))
        assert time.monotonic() - began < 4.5
    assert (answer.status_code, answer.json()["checks"]["writes"]) == (503, "busy")


def test_readyz_says_that_uploads_cannot_be_kept(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    assert client.get("/readyz").json()["checks"]["media"] == "ok"
    settings.MEDIA_ROOT.write_text("a file where the folder should be")
    assert client.get("/readyz").json()["checks"]["media"] == "not writable"


def test_readyz_says_how_many_migrations_are_missing(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("portal", "0001_initial")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "1 missing: run migrate")


def test_readyz_says_that_static_files_were_not_collected_and_pages_are_served_all_the_same(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "portal.statics.StaticFiles"}}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["static"][:13]) == (503, "not collected")
    page = client.get("/")
    assert page.status_code == 200
    assert 'href="/static/css/portal.css"' in page.text


def test_every_static_file_that_a_template_names_is_there() -> None:
    folder = Path(settings.BASE_DIR) / "templates"
    named = {
        name for page in folder.rglob("*.html") for name in re.findall(r"{% static \"([^\"]+)\" %}", page.read_text())
    }
    assert "css/portal.css" in named
    assert [name for name in named if finders.find(name) is None] == []
