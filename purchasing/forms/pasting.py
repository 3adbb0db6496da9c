"""Items and their prices as people paste or type them: a table of cells, or a price to a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from portal.tables import UnreadableFileError, pasted
from purchasing.deeds.draft import LineSpec
from purchasing.forms.fields import parse_count, parse_price
from purchasing.models.ladder import Step

COLUMNS = (
    *("item", "unit", "from", "price", "minimum order", "case size"),
    *("baseline price", "baseline source", "cap", "description"),
)


def _at_most(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > most:
            raise ValueError(
                _("“%(start)s…” has %(n)d characters. Write %(most)d at most.")
                % {"start": text[:40], "n": len(text), "most": most}
            )
        return text

    return read


_OF_ITEM: dict[str, Callable[[str], Any]] = {
    "unit": _at_most(40),
    "minimum order": parse_count,
    "case size": parse_count,
    "baseline price": parse_price,
    "baseline source": _at_most(200),
    "cap": parse_count,
    "description": _at_most(500),
}
"""Columns that are said of the item, in any of its rows."""


def parse_lines(text: str) -> tuple[list[LineSpec], list[str]]:
    """Items from pasted CSV or spreadsheet cells, one row for each step of price; and what is wrong, line by line.

    The first row names the columns (`COLUMNS`, the first four needed). Rows of the same item belong together.
    """
    try:
        table = pasted(text, known=COLUMNS)
        table.require(*COLUMNS[:4])
        rows = list(table.filled())
    except UnreadableFileError as error:
        return [], [str(error)]
    specs: dict[str, LineSpec] = {}
    said: dict[str, dict[str, Any]] = {}
    faults: list[str] = []
    for row in rows:
        try:
            if row.fault:
                raise ValueError(row.fault)
            _take(row.by_column(), specs, said)
        except ValueError as error:
            faults.append(_("Line %(number)d: %(error)s") % {"number": row.line, "error": error})
    found = list(specs.values())
    faults.extend(fault for spec in found for fault in spec.faults())
    return found, faults


def _take(cells: dict[str, str], specs: dict[str, LineSpec], said_before: dict[str, dict[str, Any]]) -> None:
    """One row into its item; `said_before` keeps by item what its rows said, for they must not say two things."""
    name = cells.get("item", "")
    if not name:
        raise ValueError(_("the item has no name."))
    spec = specs.get(name)
    if spec is None:
        if not cells.get("unit"):
            raise ValueError(_("“%(item)s” has no unit.") % {"item": name})
        spec = LineSpec(name=_at_most(150)(name), unit=_at_most(40)(cells["unit"]))
    step = Step(parse_count(cells.get("from", "")), parse_price(cells.get("price", "")))
    if step.minimum < 1:
        raise ValueError(_("a price starts from 1 or more."))
    said = {column: read(cells[column]) for column, read in _OF_ITEM.items() if cells.get(column)}
    before = said_before.setdefault(name, {})
    for column, value in said.items():
        if before.setdefault(column, value) != value:
            raise ValueError(_("“%(item)s” has another %(column)s above.") % {"item": name, "column": column})
        setattr(spec, column.replace(" ", "_"), value)
    spec.steps.append(step)
    specs[name] = spec


def parse_steps(text: str) -> list[Step]:
    """Steps typed one to a line, "500: 318.00". Raises `ValueError` with a sentence naming the line."""
    found = []
    for number, line in enumerate((row for row in text.splitlines() if row.strip()), start=1):
        quantity, sign, price = line.replace("\t", ":").partition(":")
        try:
            if not sign:
                raise ValueError(_("write the quantity, a colon and the price, as in 500: 318.00."))
            step = Step(parse_count(quantity.strip()), parse_price(price))
            if step.minimum < 1:
                raise ValueError(_("a price starts from 1 or more."))
        except ValueError as error:
            raise ValueError(_("Line %(number)d: %(error)s") % {"number": number, "error": error}) from error
        found.append(step)
    return found
