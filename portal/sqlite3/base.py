"""Django's SQLite, where those who wait for the one writer have equal chances (`ENGINE`: "portal.sqlite3").

SQLite asks again and again for its lock, each time after a longer pause, up to 100 ms. So whoever has waited long asks
seldom, those who came later take their turn, and under load a few wait for seconds while others wait for none. Here a
transaction asks every few milliseconds from first to last.
"""

from __future__ import annotations

import random
import sqlite3
from threading import Lock
from time import monotonic, sleep

from django.db import OperationalError
from django.db.backends.sqlite3 import base

PAUSE_SECONDS = 0.004


_next = Lock()
"""Held by the one thread of this process that asks: the others stand behind it, and take nothing from who works."""


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        seconds = self.settings_dict["OPTIONS"].get("timeout", 5.0)
        until = monotonic() + seconds
        is_next = _next.acquire(timeout=seconds)
        try:
            self.connection.execute("PRAGMA busy_timeout = 0")
            while True:
                try:
                    super()._start_transaction_under_autocommit()  # type: ignore[misc]
                    return
                except OperationalError as error:
                    if not _is_busy(error) or monotonic() >= until:
                        raise
                sleep(random.uniform(0.5, 1.5) * PAUSE_SECONDS)  # noqa: S311 - so that no two keep in step
        finally:
            if is_next:
                _next.release()
            self.connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")


def _is_busy(error: OperationalError) -> bool:
    cause = error.__cause__
    return isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
