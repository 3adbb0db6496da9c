"""PostgreSQL killed ten times, read-only, and without a connection to spare, under load: `script/drill postgres`.

The short forms are in `test_away.py`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests import unwell
from tests.baked import session_of
from tests.copied import Cluster, cluster
from tests.loads import assert_ready, back, judge, portal, suffer
from tests.people import Cast
from tests.programs import until

SECONDS = float(os.environ.get("DRILL_POSTGRES_SECONDS", "0"))
"""Of each fault, and after it; of the ten kills a tenth."""
KILLS = 10
CONNECTIONS = 20
pytestmark = [
    pytest.mark.skipif(not SECONDS, reason="script/drill postgres"),
    pytest.mark.skipif(unwell.IS_SQLITE, reason="PostgreSQL's own faults"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
]
Record = Callable[[str, object], None]


def test_postgresql_is_killed_ten_times(cast: Cast, tmp_path: Path, record_property: Record) -> None:
    session = session_of(cast.member)
    with cluster() as own:
        with portal(tmp_path, session, own.url, seconds=SECONDS / KILLS) as load:
            slowest = 0.0
            for _time in range(KILLS):
                before = len(load.acknowledged)
                own.kill()
                time.sleep(SECONDS / KILLS)
                assert_ready(load, {"database": "no answer"})
                own.start()
                began = time.monotonic()
                until(lambda: load.ready() == (200, {}))
                slowest = max(slowest, time.monotonic() - began)
                time.sleep(SECONDS / KILLS)
                assert len(load.acknowledged) > before
            back(load)
        figures = judge(load, own.stored())
    record_property(f"PostgreSQL killed {KILLS} times", f"{figures}; ready again within {slowest:.1f} s")


def test_postgresql_is_read_only(cast: Cast, tmp_path: Path, record_property: Record) -> None:
    session = session_of(cast.member)
    with cluster() as own:

        def only_read(switch: str) -> None:
            with closing(own.connect()) as administrator, administrator.cursor() as cursor:
                cursor.execute(f"ALTER SYSTEM SET default_transaction_read_only = {switch}")
                cursor.execute("SELECT pg_reload_conf()")
            time.sleep(1)  # each session hears of it before its next statement

        with portal(tmp_path, session, own.url, seconds=SECONDS) as load:
            meanwhile = suffer(
                load,
                lambda: only_read("on"),
                lambda: only_read("off"),
                says={"writes": "read-only"},
                seconds=SECONDS,
            )
        figures = judge(load, own.stored())
    assert meanwhile["GET", 200] > SECONDS, figures
    assert meanwhile["POST", 503] > 0, figures
    assert meanwhile["POST", 302] == 0, figures
    assert ("GET", 503) not in load.answers, figures
    record_property("read-only, PostgreSQL", figures)


def take_all(own: Cluster) -> list[Any]:
    """Every connection that there may be, the portal's own ended."""
    held = [own.connect()]
    while len(held) < CONNECTIONS:
        try:
            held.append(own.connect())
        except psycopg2.OperationalError:
            with held[0].cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE backend_type = 'client backend' AND pid <> ALL(%s)",
                    [[each.info.backend_pid for each in held]],
                )
    return held


def test_postgresql_has_no_connection_to_spare(cast: Cast, tmp_path: Path, record_property: Record) -> None:
    session = session_of(cast.member)
    held: list[Any] = []

    def give_back() -> None:
        while held:
            held.pop().close()

    with cluster(f"max_connections = {CONNECTIONS}") as own:
        with portal(tmp_path, session, own.url, seconds=SECONDS) as load:
            meanwhile = suffer(
                load,
                lambda: held.extend(take_all(own)),
                give_back,
                says={"database": "no answer"},
                seconds=SECONDS,
            )
        figures = judge(load, own.stored())
    assert meanwhile["GET", 503] > 0, figures
    assert meanwhile["GET", 200] == meanwhile["POST", 302] == 0, figures
    record_property(f"all {CONNECTIONS} connections taken, PostgreSQL", figures)
