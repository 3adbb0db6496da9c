"""District x item: every quantity of an agreement in one query, and the totals that are summed from it.

The page, the host's grid and its file are all made from this one table, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from purchasing.models.agreements import Agreement
from purchasing.models.ladder import Gap, Ladder, Step, extended
from purchasing.models.lines import LineItem
from purchasing.models.quantities import Participation, ParticipationState, answers_in
from purchasing.models.units import counted, plural, singular


@dataclass(frozen=True, slots=True)
class WithoutUs:
    """What a quantity costs a district that does not take part."""

    price: Decimal
    total: Decimal
    source: str
    """Where that price was found; "" where it is only what our own ladder asks for the quantity alone."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line item with its ladder.

    `committed` is the total kept with the item, or in a quantity table the sum over the districts' rows, as `planned`
    is: what they plan on top of it. A line alone knows of no plans. Less than the minimum order has no price.
    """

    id: int
    agreement_id: int
    name: str
    unit: str
    description: str
    minimum_order: int
    case_size: int
    baseline_price: Decimal | None
    baseline_source: str
    cap: int | None
    estimate: int | None
    ladder: Ladder
    committed: int = 0
    planned: int = 0

    @property
    def one_unit(self) -> str:
        return singular(self.unit)

    @property
    def units(self) -> str:
        return plural(self.unit)

    def counted(self, quantity: int) -> str:
        return counted(quantity, self.unit)

    @property
    def price(self) -> Decimal | None:
        return self.ladder.price_or_none(self.committed)

    def rises_by(self, fewer: int) -> bool:
        """With so many units more it cost everybody less than now."""
        was = self.ladder.price_or_none(self.committed + fewer) if fewer > 0 else None
        return was is not None and (self.price is None or self.price > was)

    def without_us(self, quantity: int) -> WithoutUs | None:
        """What every figure is compared with: the price stated, else what the ladder asks for this quantity alone."""
        stated, alone = self.baseline_price, self.ladder.price_or_none(quantity)
        if stated is not None:
            return WithoutUs(stated, extended(quantity, stated), self.baseline_source or _("as its host states"))
        return None if alone is None else WithoutUs(alone, extended(quantity, alone), "")

    @property
    def gap(self) -> Gap | None:
        return self.ladder.gap(self.committed)

    @property
    def left(self) -> int | None:
        """Units left under the cap; None without a cap."""
        return None if self.cap is None else max(self.cap - self.committed, 0)

    @property
    def top(self) -> int:
        """The right end of the drawing: a little above the last step and what is committed."""
        last = self.ladder.steps[-1].minimum if self.ladder.steps else 1
        return max(round(last * 1.25), self.committed + self.planned, 1)


@dataclass(frozen=True, slots=True)
class Cell:
    planned: int = 0
    committed: int = 0
    reported_by: str = ""
    reported_how: str = ""
    board_date: date | None = None
    version: int = 0
    authority: str = ""
    evidence: str = ""

    @property
    def total(self) -> int:
        """What the district means to take: the plan where there is one, else what it is bound to."""
        return self.planned or self.committed

    @property
    def more(self) -> int:
        """What the plan adds to what binds."""
        return max(self.planned - self.committed, 0)

    @property
    def is_reported(self) -> bool:
        """Entered by the regional office and not yet confirmed."""
        return bool(self.planned and self.reported_by)


EMPTY = Cell()


@dataclass(slots=True)
class Row:
    participation_id: int
    district_id: int
    name: str
    short_name: str
    slug: str
    state: str
    reason: str
    has_answered: bool = False
    """What is being asked now."""
    is_released: bool = False
    """What it had promised binds it no more."""
    cells: dict[int, Cell] = field(default_factory=dict)

    @property
    def answer(self) -> str:
        return _("Released") if self.is_released else str(ParticipationState(self.state).label)

    def cell(self, line_id: int) -> Cell:
        return self.cells.get(line_id, EMPTY)

    @property
    def is_bound(self) -> bool:
        return any(cell.committed for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Bought:
    """One line of what a district gets: at the price that all of them reached."""

    line: Line
    quantity: int
    price: Decimal | None
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class QuantityTable:
    lines: list[Line]
    rows: list[Row]

    @property
    def answered(self) -> int:
        return sum(row.has_answered for row in self.rows)

    @property
    def waiting(self) -> list[Row]:
        return [row for row in self.rows if not row.has_answered]

    def row_of(self, district_ids: Iterable[int]) -> Row | None:
        """The row of the first of these districts that takes part."""
        rows = {row.district_id: row for row in self.rows}
        return next((rows[pk] for pk in district_ids if pk in rows), None)

    def bought_by(self, district_id: int) -> list[Bought]:
        row = self.row_of([district_id])
        found = []
        for line in self.lines:
            quantity = row.cell(line.id).committed if row else 0
            if quantity:
                price = line.price
                found.append(Bought(line, quantity, price, None if price is None else extended(quantity, price)))
        return found


def lines_by_agreement(agreement_ids: Iterable[int]) -> dict[int, list[Line]]:
    """The lines of each agreement with their ladders and the totals committed, without what is planned. One query."""
    columns = (
        *("pk", "agreement_id", "name", "unit", "description", "minimum_order", "case_size"),
        *("baseline_price", "baseline_source", "cap", "estimate", "committed", "breaks__minimum", "breaks__price"),
    )
    found: dict[int, list[Line]] = {pk: [] for pk in agreement_ids}
    heads: dict[int, tuple[Any, ...]] = {}
    steps: dict[int, list[Step]] = {}
    rows = LineItem.objects.filter(agreement__in=list(found)).order_by("agreement", "position", "pk")
    for *head, minimum, price in rows.values_list(*columns):
        heads.setdefault(head[0], tuple(head))
        steps.setdefault(head[0], [])
        if minimum is not None:
            steps[head[0]].append(Step(minimum, price))
    for pk, head in heads.items():
        found[head[1]].append(Line(*head[:-1], ladder=Ladder.of(steps[pk]).from_order_of(head[5]), committed=head[-1]))  # type: ignore[misc]
    return found


def quantity_table_of(agreement: Agreement) -> QuantityTable:
    """Every district's answer and quantities, and totals summed from them afresh. Two queries.

    After a release nobody's quantity counts, and none is shown.
    """
    columns = (
        *("pk", "district_id", "district__name", "district__short_name", "district__slug", "state", "reason"),
        *("commitments__line_id", "commitments__planned", "commitments__committed", "commitments__reported_by"),
        *("commitments__reported_how", "commitments__board_date", "commitments__version"),
        *("commitments__authority", "commitments__evidence", "commitments__released_at"),
    )
    rows: dict[int, Row] = {}
    answers = answers_in(agreement.state)
    found = Participation.objects.filter(agreement=agreement).order_by("district__name", "pk")
    for values in found.values_list(*columns):
        row = rows.setdefault(values[0], Row(*values[:7]))
        row.has_answered = row.state in answers
        line_id, *cell, released_at = values[7:]
        row.is_released |= released_at is not None
        if line_id is not None and released_at is None:
            row.cells[line_id] = Cell(*cell)
    lines = [
        replace(
            line,
            committed=sum(row.cell(line.id).committed for row in rows.values()),
            planned=sum(row.cell(line.id).more for row in rows.values()),
        )
        for line in lines_by_agreement([agreement.pk])[agreement.pk]
    ]
    return QuantityTable(lines, list(rows.values()))
