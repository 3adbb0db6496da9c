from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.due_jobs import run_all

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
    assert client.get("/readyz").json()["lag"] == {"clock": None, "worker": 0, "search": 0}
    run_all(timezone.now() - timedelta(minutes=20))
    waiting = DBTaskResult.objects.create(
        task_path="portal.notices.deeds.send.send_waiting",
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


def test_asking_for_the_lag_writes_nothing(client: Client) -> None:
    run_all(timezone.now())
    with CaptureQueriesContext(connection) as asked:
        client.get("/readyz")
    assert not [q["sql"] for q in asked if not q["sql"].strip("( \n").upper().startswith(("SELECT", "PRAGMA"))]
