from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

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
