"""The web processes killed ten times under load and started again on the same port: `script/drill web`.

A connection that broke says nothing of what became of the form: its writer sends it again, with the same key. The short
form is in `test_once.py`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from tests.baked import session_of
from tests.copied import copied
from tests.loads import NO_ANSWER, back, judge, portal
from tests.people import Cast
from tests.programs import until

SECONDS = float(os.environ.get("DRILL_WEB_SECONDS", "0"))
"""Between a start and the next kill."""
KILLS = 10
AWAY_SECONDS = 0.5
pytestmark = [
    pytest.mark.skipif(not SECONDS, reason="script/drill web"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
]


def test_the_web_is_killed_ten_times_and_nothing_acknowledged_is_lost_or_doubled(
    cast: Cast, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    session = session_of(cast.member)
    with copied(tmp_path) as own:
        with portal(tmp_path, session, own.url, seconds=SECONDS) as load:
            slowest = 0.0
            for _time in range(KILLS):
                before = len(load.acknowledged)
                load.web.kill()
                time.sleep(AWAY_SECONDS)
                assert load.ready()[0] == NO_ANSWER
                load.web.start()
                began = time.monotonic()
                until(lambda: load.ready() == (200, {}))
                slowest = max(slowest, time.monotonic() - began)
                time.sleep(SECONDS)
                assert len(load.acknowledged) > before
            back(load)
        stored = own.stored()
        assert set(stored) == set(load.acknowledged), "each was sent until it was taken"
        figures = judge(load, stored, may=(200, 302, 503, NO_ANSWER))
    broken = load.answers["POST", NO_ANSWER]
    record_property(
        f"web killed {KILLS} times, {connection.vendor}",
        f"{figures}; {broken} forms sent again after a broken connection; ready again within {slowest:.1f} s",
    )
