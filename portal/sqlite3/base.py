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
            while not self._has_begun():
                if monotonic() >= until:
                    super()._start_transaction_under_autocommit()  # type: ignore[misc]
                    return
                sleep(random.uniform(0.5, 1.5) * PAUSE_SECONDS)  # noqa: S311 - so that no two keep in step
        finally:
            if is_next:
                _next.release()
            self.connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    def _has_begun(self) -> bool:
        """False while somebody else writes.

        Asked of the driver: Django's errors are cycles that hold a cursor. The collector may come to them in the thread
        that writes, and it waits there for this connection, while this one waits for the writer.
        """
        try:
            self.connection.execute(f"BEGIN {self.transaction_mode or ''}")  # type: ignore[attr-defined]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                return False
            with self.wrap_database_errors:
                raise
        return True
