"""What a process keeps of the database for some seconds, so that a page does not ask for it each time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar
from weakref import WeakSet

from django.db.models import Count, Manager, Max

T = TypeVar("T")


class Kept(Generic[T]):
    """What `load` returned, for `seconds`: another process sees a change so late at most.

    After that `version`, where there is one, says whether it has to be loaded again. What is kept by a key is one dict
    that fills as it is asked, and goes at one time. Nothing that decides a right is kept.
    """

    clock: ClassVar[Callable[[], float]] = staticmethod(time.monotonic)
    _all: ClassVar[WeakSet[Kept[Any]]] = WeakSet()

    def __init__(self, seconds: float, load: Callable[[], T], version: Callable[[], object] | None = None) -> None:
        self.seconds = seconds
        self._load = load
        self._version = version
        self._now: tuple[float, object, T] | None = None
        self._all.add(self)

    def get(self) -> T:
        now = Kept.clock()
        kept = self._now
        if kept is not None and now - kept[0] <= self.seconds:
            return kept[2]
        version = self._version() if self._version else None
        same = kept is not None and version is not None and kept[1] == version
        loaded = kept[2] if kept is not None and same else self._load()
        self._now = (now, version, loaded)
        return loaded

    def forget(self, **kwargs: Any) -> None:
        """Load at once when asked again: a row was written in this process. Also a signal's receiver."""
        self._now = None

    @classmethod
    def forget_all(cls) -> None:
        for kept in cls._all:
            kept.forget()


def rows_version(rows: Callable[[], Manager[Any]]) -> Callable[[], object]:
    """For tables whose rows have a `changed_at`: one small query that differs after every change."""
    return lambda: rows().aggregate(rows=Count("pk"), newest=Max("pk"), last=Max("changed_at"))
