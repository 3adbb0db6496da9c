from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from tests import unwell
from tests.programs import CHECKOUT, environment

pytestmark = pytest.mark.django_db
TOKEN = "t" * 32
SAYS_IT = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _has_token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


def series(client: Client) -> dict[tuple[str, ...], float]:
    """Name and labels, in the order of the labels' names, and the value."""
    answer = client.get("/metrics", headers=SAYS_IT)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (one.name, *(label for _, label in sorted(one.labels.items()))): one.value
        for family in families
        for one in family.samples
    }


def test_without_a_token_there_is_no_such_page(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    for headers in (SAYS_IT, {}, {"Authorization": "Bearer "}):
        assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize("said", ["", "Bearer ", f"Bearer {TOKEN}t", TOKEN, f"Basic {TOKEN}", "Bearer é"])
def test_who_does_not_send_the_token_reads_nothing(client: Client, said: str) -> None:
    answer = client.get("/metrics", headers={"Authorization": said})
    assert (answer.status_code, answer.content) == (401, b"")


def test_a_request_counts_by_its_route(client: Client) -> None:
    asked = ("roundtable_request_seconds_count", "GET", "404", "districts:district-detail")
    before = series(client).get(asked, 0)
    client.get("/districts/nowhere-at-all/")
    client.generic("BREW", "/districts/nowhere-at-all/")
    after = series(client)
    assert after[asked] == before + 1
    assert not any("nowhere-at-all" in label or label == "BREW" for name in after for label in name)


def test_it_tells_what_readyz_tells(client: Client) -> None:
    told = series(client)
    assert told["roundtable_ready", "database"] == told["roundtable_ready", "triggers"] == 1
    assert told["roundtable_lag_seconds", "clock"] == float("inf"), "it never ran"
    assert told["roundtable_lag_seconds", "mail"] == 0


def test_it_answers_while_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    unwell.gone(monkeypatch)
    told = unwell.apart(lambda: series(client))
    assert told["roundtable_ready", "database"] == 0
    assert not any(name[0] == "roundtable_lag_seconds" for name in told)


COUNT = (
    "import django; django.setup(); from portal.metrics import SECONDS; SECONDS.labels('GET', 'home', 200).observe(1)"
)


def test_all_processes_are_added_up(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = environment(tmp_path, PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
    for _process in range(2):
        subprocess.run([sys.executable, "-c", COUNT], cwd=CHECKOUT, env=given, check=True)  # noqa: S603 - our own code
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    told = series(client)
    assert told["roundtable_request_seconds_count", "GET", "200", "home"] == 2
    assert told["roundtable_ready", "database"] == 1
