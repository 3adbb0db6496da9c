"""The ladder of prices: what a quantity costs, and what it makes of everybody's price. Pure arithmetic on `Decimal`.

Only what is committed sets a price. Unit prices have four places; money is rounded once, at the extended line, half up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """To whole cents, half up: the one rounding rule."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def extended(quantity: int, price: Decimal) -> Decimal:
    """US dollars of a whole line, rounded here and nowhere before."""
    return rounded(quantity * price)


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """From `minimum` units over all districts, each costs `price` US dollars before tax."""

    minimum: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing to the next step. `off_each` and `saved_by_all` are None before the first price."""

    units: int
    step: Step
    off_each: Decimal | None
    saved_by_all: Decimal | None
    """Over everybody's units when the step is just reached."""


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A row of the ladder for one district's quantity."""

    step: Step
    total: Decimal
    reached: bool
    current: bool


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What it makes of everybody's price if one district takes `quantity` units. None where no step is reached."""

    quantity: int
    before: Decimal | None
    """Each, as long as the district takes what it has committed."""
    group: int
    """Units committed over all districts, once this one commits `quantity`."""
    price: Decimal | None
    """Each, for everybody, then."""
    total: Decimal | None
    """What this district pays then."""
    others: int
    """Units that the other districts have committed."""
    others_pay_more: Decimal | None
    """Each line of theirs rounded as it is billed, negative where they pay less; None where it had or gets no price."""
    gap: Gap | None
    """From there to the next step."""

    @property
    def is_moved(self) -> bool:
        """It changes what everybody pays each."""
        return self.price != self.before


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of one line item, lowest first."""

    steps: tuple[Step, ...]

    @classmethod
    def of(cls, steps: Iterable[Step | tuple[int, Decimal]]) -> Ladder:
        """In any order of rows."""
        return cls(tuple(sorted(step if isinstance(step, Step) else Step(*step) for step in steps)))

    def faults(self, minimum_order: int = 0) -> list[str]:
        """Which rules of a ladder it breaks: `empty`, `first`, `rise` (minimums), `fall` (prices)."""
        found = []
        if not self.steps:
            return ["empty"]
        if self.steps[0].minimum not in {1, max(minimum_order, 1)}:
            found.append("first")
        pairs = list(zip(self.steps, self.steps[1:], strict=False))
        if any(low.minimum >= high.minimum for low, high in pairs):
            found.append("rise")
        if any(high.price > low.price for low, high in pairs):
            found.append("fall")
        return found

    def from_order_of(self, minimum_order: int) -> Ladder:
        """The steps that count where fewer than `minimum_order` units over all districts order nothing."""
        return Ladder.of({max(step.minimum, minimum_order): step.price for step in self.steps}.items())

    def step_at(self, quantity: int) -> Step | None:
        """The greatest minimum not above the quantity: 500 units already buy the "500 and up" price."""
        reached = [step for step in self.steps if step.minimum <= quantity]
        return reached[-1] if reached else None

    def price_or_none(self, quantity: int) -> Decimal | None:
        """US dollars per unit before tax when `quantity` units are committed over all districts.

        None below the smallest step; zero never means "unknown".
        """
        step = self.step_at(quantity)
        return None if step is None else step.price

    def next_step(self, quantity: int) -> Step | None:
        """The first step above that changes the price; None at the top."""
        price = self.price_or_none(quantity)
        return next((s for s in self.steps if s.minimum > quantity and s.price != price), None)

    def gap(self, committed: int) -> Gap | None:
        """The distance to the next step; None at the top."""
        step = self.next_step(committed)
        if step is None:
            return None
        price = self.price_or_none(committed)
        if price is None:
            return Gap(step.minimum - committed, step, None, None)
        off = price - step.price
        return Gap(step.minimum - committed, step, off, extended(step.minimum, off))

    def cheaper_more(self, quantity: int) -> Step | None:
        """The step whose minimum costs less in all than `quantity` does now; None where buying more costs more."""
        price = self.price_or_none(quantity)
        if price is None or quantity == 0:
            return None
        now = extended(quantity, price)
        better = [s for s in self.steps if s.minimum > quantity and extended(s.minimum, s.price) < now]
        return better[0] if better else None

    def rows_for(self, quantity: int, committed: int) -> list[OwnStep]:
        """Every step with one district's total at it, while `committed` units are committed over all."""
        current = self.step_at(committed)
        return [
            OwnStep(step, extended(quantity, step.price), step.minimum <= committed, step == current)
            for step in self.steps
        ]

    def what_if(self, quantity: int, *, others: Sequence[int], own: int = 0) -> WhatIf:
        """What `quantity` units make of it for a district that committed `own`; `others`: what each other one did."""
        units = sum(others)
        before, then = self.price_or_none(units + own), self.price_or_none(units + quantity)
        more = None
        if before is not None and then is not None:
            more = sum((extended(each, then) - extended(each, before) for each in others), Decimal(0))
        return WhatIf(
            quantity=quantity,
            before=before,
            group=units + quantity,
            price=then,
            total=None if then is None else extended(quantity, then),
            others=units,
            others_pay_more=more,
            gap=self.gap(units + quantity),
        )
