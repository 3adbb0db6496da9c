"""An engine that may fail, and the database in reserve: whoever searches gets an answer, and soon."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog

from portal.search.engines.base import MOST_COUNTED, Answer, Ask, Engine
from portal.search.text.query import Term

log = structlog.get_logger(__name__)
T = TypeVar("T")
REST_SECONDS = 5.0
"""How long an engine that failed is not asked again. Then one search tries it."""


class EngineTrouble(Exception):  # noqa: N818
    """An engine cannot answer, or not fully. `is_known` where it did not have to be asked to know that."""

    def __init__(self, message: str, *, is_known: bool = False) -> None:
        super().__init__(message)
        self.is_known = is_known


class Breaker:
    """Of one process. It opens at the first failure: a reader should not wait for what just made another wait."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._rests_until: float | None = None

    def lets_through(self) -> bool:
        """True while the engine is well, and once after each rest."""
        with self._lock:
            if self._rests_until is None:
                return True
            if self._clock() < self._rests_until:
                return False
            self._rests_until = self._clock() + REST_SECONDS  # the others wait for what this one finds
            return True

    def failed(self, why: str) -> None:
        if self._rest(self._clock() + REST_SECONDS) is None:
            log.warning("search_engine_failed", reason=why)

    def succeeded(self) -> None:
        if self._rest(None) is not None:
            log.info("search_engine_is_back")

    def _rest(self, until: float | None) -> float | None:
        """Until then; until when it was before."""
        with self._lock:
            before, self._rests_until = self._rests_until, until
        return before


class WithReserve:
    """Asks `first`, and where it fails or rests, `reserve`."""

    def __init__(self, first: Engine, reserve: Callable[[], Engine], breaker: Breaker | None = None) -> None:
        self.first = first
        self.reserve = reserve
        self.breaker = breaker or Breaker()

    def find(self, ask: Ask) -> Answer:
        answer = self._ask(lambda: self.first.find(ask))
        if answer is None:
            answer = self.reserve().find(ask)
            answer.is_reserve = True
        return answer

    def counts(self, terms: Sequence[Term], keys: frozenset[str], most: int = MOST_COUNTED) -> list[int]:
        counts = self._ask(lambda: self.first.counts(terms, keys, most))
        return self.reserve().counts(terms, keys, most) if counts is None else counts

    def _ask(self, question: Callable[[], T]) -> T | None:
        if not self.breaker.lets_through():
            return None
        try:
            answer = question()
        except EngineTrouble as trouble:
            if not trouble.is_known:
                self.breaker.failed(str(trouble))
            return None
        self.breaker.succeeded()
        return answer
