"""What runs until it is stopped: the workers and the clock, each a process of its own."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path

import structlog
from django.conf import settings
from django.db import Error, close_old_connections, connection

from portal.logs import cause_of

log = structlog.get_logger(__name__)

LONGEST_PAUSE_SECONDS = 10.0


class Loop:
    """Takes one step after another until SIGTERM or SIGINT, and outlives a database or a mail server that is away.

    A step that is under way is finished. After each that did not fail, the file `VAR_DIR/alive/<name>` is touched: how
    old it is tells a health check whether the loop still turns.
    """

    def __init__(self, name: str, *, every: float = 1.0, away: tuple[type[Exception], ...] = ()) -> None:
        """`every`: seconds until it looks again, where nothing waits. `away`: what else says that a server is."""
        self.name = name
        self._away: tuple[type[Exception], ...] = (Error, OSError, *away)  # the mail server's is an OSError too
        self.stop = threading.Event()
        self._every = self._pause = every
        self._alive = Path(settings.VAR_DIR) / "alive" / name

    def run(self, step: Callable[[], bool]) -> None:
        """`step` returns whether more may wait at once."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        while not self.stop.is_set():
            if not self.turn(step):
                self.stop.wait(self._pause)

    def turn(self, step: Callable[[], bool]) -> bool:
        """One step, or one line of the log where it fails; the pause grows from one failure to the next."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")  # no step begins without a database
            is_more = step()
            self._alive.parent.mkdir(parents=True, exist_ok=True)
            self._alive.touch()
        except self._away as trouble:
            if isinstance(trouble, Error):
                close_old_connections()  # one that broke is never mended by itself
            self._wait_longer()
            log.warning("loop_waits", loop=self.name, reason=cause_of(trouble)[:300])
            return False
        except Exception:  # whatever it is, what waits behind it is to be tried
            close_old_connections()
            self._wait_longer()
            log.exception("loop_failed", loop=self.name)
            return False
        self._pause = self._every
        return is_more

    def _wait_longer(self) -> None:
        self._pause = max(self._every, min(self._pause * 2, LONGEST_PAUSE_SECONDS))
