"""What people search for, so that officers see what they do not find. Nobody can be named from it.

A search is a GET, and a GET writes nothing: `note` only remembers. A thread of the process writes what was remembered
some seconds later, over a connection of its own; a process that is killed loses those seconds.
"""

from __future__ import annotations

import atexit
import hmac
import threading
from collections import deque
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from portal.curation.models.searches import LONGEST, LoggedSearch, LogSalt
from portal.search.asking.finding import Results
from portal.search.text.words import fold
from portal.text import clean, one_line

log = structlog.get_logger(__name__)

SECONDS = 5.0
KEPT_DAYS = 90
MOST_WAITING = 1000
"""In one process; where more come, the oldest are let go."""


waiting: deque[tuple[LoggedSearch, int | None]] = deque(maxlen=MOST_WAITING)
"""Rows to be written, each with the number of the person that its reader is."""
_lock = threading.Lock()
_timer: threading.Timer | None = None


def note(results: Results, *, user: Any, kind: str = "", seconds: float, **kwargs: Any) -> None:
    """Told by search; remember one by words, its first page. No query, and nothing is waited for.

    What was found by some of the words only counts as nothing found: that is what a synonym would help.
    """
    folded = one_line(fold(clean(results.query.text)))[:LONGEST]
    if folded and results.page == 1:
        total = 0 if results.relaxed == "any" else results.total
        took = min(int(seconds * 1000), 600_000)
        row = LoggedSearch(day=timezone.localdate(), text=folded, kind=kind, total=total, milliseconds=took)
        waiting.append((row, getattr(user, "pk", None)))
        flush_soon()


def flush_soon() -> None:
    """Have a thread write what waits, `SECONDS` from now; one at a time in each process."""
    global _timer
    with _lock:
        if _timer is None:
            _timer = threading.Timer(SECONDS, _flush_in_thread)
            _timer.daemon = True
            _timer.start()


def _flush_in_thread() -> None:
    global _timer
    with _lock:
        _timer = None
    try:
        flush()
    except DatabaseError:
        log.warning("searches_not_logged", waiting=len(waiting))
    finally:
        connection.close()


def flush() -> int:
    """Write what waits; how many. Where the database refuses, it goes on waiting."""
    taken = [waiting.popleft() for _ in range(len(waiting))]
    if not taken:
        return 0
    try:
        salts = {day: LogSalt.of(day) for day in {row.day for row, _person in taken}}
        for row, person_id in taken:
            row.reader = _reader(person_id, salts[row.day])
        LoggedSearch.objects.bulk_create(row for row, _person in taken)
    except DatabaseError:
        if room := MOST_WAITING - len(waiting):
            waiting.extendleft(reversed(taken[-room:]))
        raise
    return len(taken)


def _reader(person_id: int | None, salt: str) -> str:
    if person_id is None:
        return ""
    key = f"{settings.SECRET_KEY}{salt}".encode()
    return hmac.new(key, str(person_id).encode(), "sha256").hexdigest()[:16]


@atexit.register
def _flush_at_exit() -> None:
    if waiting:
        _flush_in_thread()


def forget_old(now: datetime) -> int:
    """Delete searches older than 90 days, and the salts of months that are over; how many searches."""
    today = timezone.localdate(now)
    LogSalt.objects.filter(month__lt=today.replace(day=1)).delete()
    return LoggedSearch.objects.filter(day__lt=today - timedelta(days=KEPT_DAYS)).delete()[0]
