"""Whoever waits for SQLite's one writer asks as often as everybody else, however long it has waited."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import OperationalError, connection, transaction

from portal.away import BUSY, why
from portal.sqlite3 import base
from tests import unwell

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not unwell.IS_SQLITE, reason="PostgreSQL has many writers"),
]


def begin() -> None:
    with transaction.atomic():
        pass


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each pause was."""
    found: list[float] = []

    def note(seconds: float) -> None:
        found.append(seconds)
        time.sleep(seconds)

    monkeypatch.setattr(base, "sleep", note)
    return found


def test_the_last_pause_of_a_long_wait_is_no_longer_than_the_first(
    pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    unwell.as_in_web(monkeypatch)
    began = time.monotonic()
    with unwell.locked(), pytest.raises(OperationalError) as refused:
        unwell.apart(begin)
    assert 2.4 < time.monotonic() - began < 4.0
    assert why(refused.value) == BUSY
    assert max(pauses) < 2 * base.PAUSE_SECONDS
    assert len(pauses) > 50


def test_who_waits_goes_on_when_the_writer_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = Event()

    def note(seconds: float) -> None:
        waits.set()
        time.sleep(seconds)

    monkeypatch.setattr(base, "sleep", note)
    with ThreadPoolExecutor(1) as pool:
        with unwell.locked():
            second = pool.submit(unwell.apart, begin)
            assert waits.wait(10)
            assert not second.done()
        assert second.result(10) is None


def test_a_connection_that_fails_keeps_nobody_else_waiting() -> None:
    def fails() -> None:
        connection.ensure_connection()
        opened = connection.connection
        try:
            connection.connection = sqlite3.connect(":memory:")
            connection.connection.close()
            with pytest.raises(sqlite3.ProgrammingError):
                connection._start_transaction_under_autocommit()  # type: ignore[attr-defined]
        finally:
            connection.connection = opened

    unwell.apart(fails)
    assert not base._next.locked()


def test_a_write_outside_of_a_transaction_waits_as_ever() -> None:
    def timeout() -> int:
        begin()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            found: int = cursor.fetchone()[0]
            return found

    assert unwell.apart(timeout) == 20_000
