"""The database away for a while under load: `script/drill away`. The short forms are in `test_away.py`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import unwell
from tests.baked import session_of
from tests.copied import CopiedFile, cluster
from tests.loads import BACK_WITHIN_SECONDS, assert_ready, judge, portal, suffer
from tests.people import Cast

SECONDS = float(os.environ.get("DRILL_AWAY_SECONDS", "0"))
"""Before, in and after each fault."""
pytestmark = [
    pytest.mark.skipif(not SECONDS, reason="script/drill away"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
]


@pytest.mark.skipif(unwell.IS_SQLITE, reason="PostgreSQL is stopped and killed")
def test_postgresql_is_away_and_nothing_acknowledged_is_lost(
    cast: Cast, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    session = session_of(cast.member)
    with cluster() as own:
        with portal(tmp_path, session, own.url, seconds=SECONDS) as load:
            for strike in (own.stop, own.kill):
                suffer(load, strike, own.start, says={"database": "no answer"}, seconds=SECONDS)
        record_property("away, PostgreSQL", judge(load, own.stored()))


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
    own = CopiedFile(tmp_path)
    with portal(tmp_path, session, own.url, seconds=SECONDS) as load:
        before = load.answers["GET", 200]
        subprocess.run([sys.executable, "-c", HOLD, str(own.file), str(SECONDS)], check=True)  # noqa: S603
        assert load.answers["GET", 200] > before + SECONDS, "readers go on"
        assert load.answers["POST", 503] > 0
        time.sleep(BACK_WITHIN_SECONDS)
        assert_ready(load, {})
    assert ("GET", 503) not in load.answers
    record_property("locked, SQLite", judge(load, own.stored()))
