from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.db import OperationalError
from structlog.testing import capture_logs

from portal.loops import LONGEST_PAUSE_SECONDS, Loop
from tests.programs import running, until

pytestmark = pytest.mark.django_db(transaction=True)  # each turn gives back what is no good of its connection


@pytest.fixture
def loop(settings: Any, tmp_path: Path) -> Loop:
    settings.VAR_DIR = tmp_path
    return Loop("mail", every=1.0)


def failing(error: Exception) -> Callable[[], bool]:
    def step() -> bool:
        raise error

    return step


@pytest.mark.parametrize("is_more", [True, False])
def test_a_step_that_was_done_shows_that_the_loop_lives(loop: Loop, tmp_path: Path, is_more: bool) -> None:
    assert loop.turn(lambda: is_more) is is_more
    assert (tmp_path / "alive" / "mail").exists()


@pytest.mark.parametrize("error", [OperationalError("server closed"), SMTPServerDisconnected("gone"), OSError("full")])
def test_what_is_away_costs_one_line_and_a_growing_pause(loop: Loop, tmp_path: Path, error: Exception) -> None:
    with capture_logs() as lines:
        pauses = []
        for _turn in range(6):
            assert not loop.turn(failing(error))
            pauses.append(loop._pause)
    assert pauses == [2.0, 4.0, 8.0, 10.0, 10.0, 10.0]
    assert [line["event"] for line in lines] == ["loop_waits"] * 6
    assert str(error) in lines[0]["reason"]
    assert not (tmp_path / "alive" / "mail").exists()
    loop.turn(lambda: False)
    assert loop._pause == 1.0


def test_a_fault_of_our_own_does_not_end_it(loop: Loop) -> None:
    with capture_logs() as lines:
        assert not loop.turn(failing(KeyError("retired")))
    assert [(line["event"], line["log_level"]) for line in lines] == [("loop_failed", "error")]


def test_another_server_may_be_away_as_well(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    shipping = Loop("shipping", away=(KeyError,))
    with capture_logs() as lines:
        assert not shipping.turn(failing(KeyError("no node")))
    assert [line["event"] for line in lines] == ["loop_waits"]


def test_a_slow_clock_is_not_made_faster_by_trouble(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    clock = Loop("clock", every=30.0)
    clock.turn(failing(OSError("full")))
    assert clock._pause == 30.0 > LONGEST_PAUSE_SECONDS


def test_nothing_is_begun_without_a_database(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as outage, capture_logs() as lines:
        outage.setattr("portal.loops.connection.cursor", refuse)
        assert not loop.turn(failing(KeyError("it was begun")))
    assert [line["reason"] for line in lines] == ["OperationalError: connection refused"]


def test_shipping_shows_that_it_lives_where_there_is_nothing_to_ship_to(tmp_path: Path) -> None:
    with running(tmp_path, "search_ship") as process:
        until((tmp_path / "alive" / "shipping").exists)
        process.terminate()
        assert process.wait(timeout=60) == 0
