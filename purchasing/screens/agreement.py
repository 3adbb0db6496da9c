"""What the pages of an agreement show, gathered before the template sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.districts.models.standing import Standing, standing_of
from portal.formats import number
from portal.ids import row_id
from portal.registry import PanelContext, search_sources, shown_panels
from portal.search.asking.links import resolve
from portal.templatetags.wording import unit_price
from purchasing import rules
from purchasing.forms.quantities import DeclineForm, QuantityForm
from purchasing.models.agreements import Agreement
from purchasing.models.ladder import OwnStep, Step, WhatIf
from purchasing.models.lifecycle import ENDED, State
from purchasing.models.quantities import ParticipationState
from purchasing.models.quantity_table import EMPTY, Cell, Line, QuantityTable, Row, WithoutUs, quantity_table_of
from purchasing.screens.listing import tone
from purchasing.screens.sentences import (
    approval_words,
    effect_sentence,
    gap_sentence,
    gap_words,
    right_sentence,
    without_us_sentence,
)


@dataclass(frozen=True, slots=True)
class Rung:
    """A row of the ladder's table: a step, and what this district would pay there."""

    own: OwnStep
    label: str
    price: str
    to_go: int
    saved: Decimal | None
    """Against buying without us; None where nothing says what that costs."""


@dataclass(frozen=True, slots=True)
class LineShown:
    """One item with its ladder, seen from one district."""

    line: Line
    quantity: int
    """What the figures are for: typed, else planned, else committed."""
    cell: Cell
    what_if: WhatIf
    without: WithoutUs | None
    others: int
    """How many other districts have committed to it."""
    rungs: list[Rung]
    gap: str
    saved_by_all: Decimal | None
    cheaper_more: Step | None
    price: str

    @property
    def breaks(self) -> list[dict[str, Any]]:
        return [{"quantity": s.minimum, "price": unit_price(s.price)} for s in self.line.ladder.steps]

    @property
    def most(self) -> int:
        return self.line.top

    @property
    def with_price(self) -> str:
        return unit_price(self.what_if.price)

    @property
    def without_us(self) -> str:
        return without_us_sentence(self.without, self.what_if.total, self.quantity)

    @property
    def effect(self) -> str:
        return effect_sentence(self.line, self.what_if, self.others)

    @property
    def then_gap(self) -> str:
        """From there to the next step."""
        return gap_words(self.what_if.gap)

    @property
    def approval(self) -> str:
        return approval_words(self.cell)

    @property
    def most_left(self) -> int | None:
        """The most that the cap leaves this district in all, where the quantity is above it."""
        if self.line.left is None or self.quantity <= self.cell.committed + self.line.left:
            return None
        return self.cell.committed + self.line.left


def show_line(table: QuantityTable, line: Line, row: Row | None, typed: int | None = None) -> LineShown:
    cell = row.cell(line.id) if row else EMPTY
    quantity = cell.total if typed is None else typed
    gap, without = line.gap, line.without_us(quantity)
    others = [other.cell(line.id).committed for other in table.rows if other is not row]
    what_if = line.ladder.what_if(quantity, others=others, own=cell.committed)
    then = line.ladder.step_at(what_if.group) if quantity != cell.committed else None
    rungs = []
    for own in line.ladder.rows_for(quantity, line.committed):
        label = _("%(n)s and up") % {"n": number(own.step.minimum)}
        if own.current:
            label = _("%(n)s and up, now %(all)s") % {"n": number(own.step.minimum), "all": number(line.committed)}
        if own.step == then:
            label = _("%(step)s, with yours %(all)s") % {"step": label, "all": number(what_if.group)}
        saved = None if without is None else without.total - own.total
        to_go = max(own.step.minimum - line.committed, 0)
        rungs.append(Rung(own, label, unit_price(own.step.price), to_go, saved))
    return LineShown(
        line=line,
        quantity=quantity,
        cell=cell,
        what_if=what_if,
        without=without,
        others=sum(map(bool, others)),
        rungs=rungs,
        gap=gap_sentence(line),
        saved_by_all=gap.saved_by_all if gap else None,
        cheaper_more=line.ladder.cheaper_more(line.committed),
        price=unit_price(line.price),
    )


def own_rows(table: QuantityTable, standing: Standing) -> list[Row]:
    """Of every district of the person that takes part."""
    return [row for row in table.rows if row.district_id in standing.district_ids]


def own_row(table: QuantityTable, standing: Standing, chosen: str = "") -> Row | None:
    """The district the person acts for: the one chosen, else one they buy for, else any of theirs that takes part."""
    mine = [district.pk for district in standing.districts]
    named = row_id(chosen)
    if named is not None and named in mine:
        return table.row_of([named])
    return table.row_of([pk for pk in mine if pk in standing.buyer_district_ids]) or table.row_of(mine)


@dataclass(frozen=True, slots=True)
class Desk:
    """What one district may do here now."""

    row: Row
    others: list[Row]
    """The person's other districts that take part."""
    may_plan: bool
    may_commit: bool
    is_kept_out: bool
    """A buyer who hosts the lead office: somebody else commits the district."""
    may_show_interest: bool


def desk_of(agreement: Agreement, user: Any, table: QuantityTable, row: Row | None, now: datetime) -> Desk | None:
    if row is None:
        return None
    state = agreement.state_at(now)
    return Desk(
        row=row,
        others=[other for other in own_rows(table, standing_of(user)) if other is not row],
        may_plan=agreement.takes_answers_at(now) and rules.may_plan(user, row.district_id),
        may_commit=state == State.COMMITTING and rules.may_commit(user, agreement, row.district_id),
        is_kept_out=rules.is_buyer_kept_out(user, agreement, row.district_id),
        may_show_interest=state == State.INTEREST
        and row.state in {ParticipationState.INVITED, ParticipationState.DECLINED},
    )


def agreement_page(agreement: Agreement, user: Any, now: datetime, query: Mapping[str, str]) -> dict[str, Any]:
    """Everything on the page of one agreement. Four queries, and those of its panels."""
    standing = standing_of(user)
    table = quantity_table_of(agreement)
    row = own_row(table, standing, query.get("district", ""))
    asked = any(name.startswith("quantity") for name in query)
    form = QuantityForm(query if asked else None, lines=table.lines, row=row)
    typed = form.quantities if asked and form.is_valid() else {}
    shown = [show_line(table, line, row, typed.get(line.id)) for line in table.lines]
    return {
        "agreement": agreement,
        "state": agreement.words_at(now),
        "tone": tone(agreement, now),
        "fiscal_year": agreement.fiscal_year_words,
        "is_over": agreement.state in ENDED,
        "may_grow": agreement.state == State.DRAFT or agreement.takes_answers_at(now),
        "is_open": agreement.is_open_at(now),
        "right": right_sentence(agreement, now),
        "table": table,
        "lines": shown,
        "form": form,
        "is_over_cap": any(line.most_left is not None for line in shown),
        "typed": {form.name_of(line): typed[line.id] for line in table.lines if line.id in typed},
        "desk": desk_of(agreement, user, table, row, now),
        "decline_form": DeclineForm(),
        "changes": list(agreement.changes.select_related("by")),
        "verbs": rules.verbs_at(user, agreement, now),
        "may_run": rules.may_run(user, agreement),
        "may_see_grid": rules.may_see_grid(user, agreement),
        "may_see_quantities": rules.may_see_quantities(user, agreement),
        "may_announce": agreement.state not in {State.DRAFT, *ENDED} and rules.may_announce(user, agreement),
        "quantities_by_district": [
            (other, [other.cell(line.id) for line in table.lines]) for other in table.rows if other.cells
        ],
        "cells": [_district_cell(other, row) for other in table.rows],
        "award": getattr(agreement, "award_row", None),
        "born_of": _born_of(agreement, user),
        "panels": shown_panels("agreement", PanelContext(user, now, agreement)),
    }


def _district_cell(row: Row, own: Row | None) -> dict[str, Any]:
    """A district in the row of those asked: shape and word of its answer."""
    states = {"joined": "yes", "planned": "pilot", "interested": "pilot", "declined": "stopped", "withdrawn": "stopped"}
    return {
        "label": row.short_name,
        "title": row.name,
        "state": "stopped" if row.is_released else states.get(row.state, "no"),
        "word": row.answer,
        "own": own is not None and row.district_id == own.district_id,
    }


def _born_of(agreement: Agreement, user: Any) -> Any:
    """The practice or meeting item that this agreement came from, where the reader may see it."""
    if not agreement.born_of_kind or agreement.born_of_kind not in search_sources:
        return None
    key = (agreement.born_of_kind, agreement.born_of_id or 0)
    return resolve([key], user).get(key)
