"""An engine that fails is left alone for a while, and the database answers."""

from __future__ import annotations

from datetime import date

import pytest

from portal.search.engines.base import Answer, Ask
from portal.search.mirror.reserve import REST_SECONDS, Breaker, EngineTrouble, WithReserve
from portal.search.text.query import of_word

ASK = Ask(keys=frozenset({"public"}), today=date(2026, 11, 22), terms=(of_word("wifi"),))


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Ill:
    """An engine that fails until it is well, and counts how often it was asked."""

    def __init__(self) -> None:
        self.is_well = False
        self.is_known = False
        self.asked = 0

    def find(self, ask: Ask) -> Answer:
        self.asked += 1
        if not self.is_well:
            raise EngineTrouble("down", is_known=self.is_known)
        return Answer(total=7)

    def counts(self, terms: object, keys: object, most: int = 0) -> list[int]:
        return [self.find(ASK).total]


class Database:
    def find(self, ask: Ask) -> Answer:
        return Answer(total=5)

    def counts(self, terms: object, keys: object, most: int = 0) -> list[int]:
        return [5]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ill() -> Ill:
    return Ill()


@pytest.fixture
def seat(ill: Ill, clock: Clock) -> WithReserve:
    return WithReserve(ill, Database, Breaker(clock))


def test_the_database_answers_and_says_so(seat: WithReserve, ill: Ill) -> None:
    answer = seat.find(ASK)
    assert (answer.total, answer.is_reserve) == (5, True)
    assert seat.counts([of_word("wifi")], frozenset()) == [5]


def test_after_one_failure_it_is_not_asked_for_a_while(seat: WithReserve, ill: Ill, clock: Clock) -> None:
    for _ in range(10):
        seat.find(ASK)
    assert ill.asked == 1
    clock.now += REST_SECONDS - 0.1
    seat.find(ASK)
    assert ill.asked == 1


def test_then_one_search_tries_it_and_the_others_do_not_wait(seat: WithReserve, ill: Ill, clock: Clock) -> None:
    seat.find(ASK)
    clock.now += REST_SECONDS
    seat.find(ASK)
    assert ill.asked == 2
    seat.find(ASK)
    assert ill.asked == 2


def test_once_it_answers_it_is_asked_again(seat: WithReserve, ill: Ill, clock: Clock) -> None:
    seat.find(ASK)
    ill.is_well = True
    assert seat.find(ASK).is_reserve
    clock.now += REST_SECONDS
    answer = seat.find(ASK)
    assert (answer.total, answer.is_reserve) == (7, False)
    assert not seat.find(ASK).is_reserve


def test_what_is_known_without_asking_it_does_not_make_it_rest(seat: WithReserve, ill: Ill) -> None:
    ill.is_known = True
    assert seat.find(ASK).is_reserve
    ill.is_well = True
    assert not seat.find(ASK).is_reserve


def test_other_errors_are_not_hidden(seat: WithReserve, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(ask: Ask) -> Answer:
        raise ZeroDivisionError

    monkeypatch.setattr(seat.first, "find", broken)
    with pytest.raises(ZeroDivisionError):
        seat.find(ASK)
