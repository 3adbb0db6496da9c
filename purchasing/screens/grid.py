"""The host's grid as plain rows: the screen and the file are made from the same cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.spreadsheets import Cell
from purchasing.models.quantity_table import Line, QuantityTable, Row


def how_words(how: str) -> str:
    return {"phone": _("by phone"), "mail": _("by email"), "person": _("in person")}.get(how, how)


@dataclass(frozen=True, slots=True)
class GridRow:
    row: Row
    cells: list[Cell]
    """District, answer, then committed and more planned for each item, then a note."""


@dataclass(frozen=True, slots=True)
class Grid:
    head: list[str]
    rows: list[GridRow]
    totals: list[Cell]

    def __iter__(self) -> Iterator[list[Cell]]:
        """Head, rows, totals: the whole file."""
        yield [*self.head]
        for row in self.rows:
            yield row.cells
        yield self.totals


def grid_of(table: QuantityTable) -> Grid:
    head = [_("District"), _("Answer")]
    for line in table.lines:
        head += [_("%(item)s: committed") % {"item": line.name}, _("%(item)s: more planned") % {"item": line.name}]
    head.append(_("Note"))
    rows = []
    for row in table.rows:
        cells: list[Cell] = [row.name, row.answer]
        for line in table.lines:
            cell = row.cell(line.id)
            cells += [cell.committed, cell.more]
        cells.append(_note(row, table.lines))
        rows.append(GridRow(row, cells))
    totals: list[Cell] = [_("Total"), _("%(n)d of %(all)d answered") % {"n": table.answered, "all": len(table.rows)}]
    for line in table.lines:
        totals += [line.committed, line.planned]
    totals.append("")
    return Grid(head, rows, totals)


def _note(row: Row, lines: list[Line]) -> str:
    reported = next((cell for cell in row.cells.values() if cell.is_reported), None)
    if reported is not None:
        return _("Entered by the regional office: %(who)s, %(how)s") % {
            "who": reported.reported_by,
            "how": how_words(reported.reported_how),
        }
    cells = [(line, row.cell(line.id)) for line in lines]
    less = "; ".join(f"{line.name}: {line.counted(c.planned)}" for line, c in cells if 0 < c.planned < c.committed)
    return _("Means to take less in all: %(what)s") % {"what": less} if less else row.reason
