"""Small tables that every search reads, kept in the process and looked at again when they changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import Count, Manager, Max

T = TypeVar("T")
SECONDS = 1.0
"""How long a process goes on with what it knows before it asks whether the table changed."""


class Kept(Generic[T]):
    """What `load` made of a table whose rows have an `id` and a `changed_at`.

    At most one small query a second in each process, and the rows once after each change.
    """

    def __init__(self, rows: Callable[[], Manager[Any]], load: Callable[[], T]) -> None:
        self._rows = rows
        self._load = load
        self._now: tuple[float, dict[str, Any], T] | None = None

    def get(self) -> T:
        now = time.monotonic()
        kept = self._now
        if kept is not None and now - kept[0] <= SECONDS:
            return kept[2]
        version = self._rows().aggregate(rows=Count("pk"), newest=Max("pk"), last=Max("changed_at"))
        loaded = kept[2] if kept is not None and kept[1] == version else self._load()
        self._now = (now, version, loaded)
        return loaded

    def forget(self, **kwargs: Any) -> None:
        """Look again at once: a row was written in this process. Also a signal's receiver."""
        self._now = None
