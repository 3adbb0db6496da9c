"""The one writer of CSV files. A cell never becomes a formula in the reader's spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TextIO

from django.http import HttpResponse
from django.utils.functional import Promise

ENCODING, UNDECODED = "utf-8-sig", "surrogateescape"
"""What was no UTF-8 in a file that is refused goes out as it came in."""
Cell = str | int | Decimal | date | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are the full-width forms of the first four: some spreadsheets compute those too."""


def safe(cell: Cell) -> str:
    """The cell as text: a text that a spreadsheet would compute gets a leading apostrophe, a number never does."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip(" \u00a0\u3000").startswith(_FORMULA_STARTS) or cell.startswith("\t") else cell
    return str(cell)


def csv_bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    """`ENCODING`, UTF-8 with the mark by which spreadsheets know it; CRLF at line ends, as RFC 4180 has it."""
    out = io.StringIO(newline="")
    write_csv(out, rows)
    return out.getvalue().encode(ENCODING, UNDECODED)


def write_csv(out: TextIO, rows: Iterable[Sequence[Cell]]) -> None:
    """To a file that was opened with `newline=""`, `ENCODING` and `UNDECODED`."""
    csv.writer(out, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)


def csv_response(name: str, rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """A download. `name` is ASCII, without the ending."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(csv_bytes(rows), content_type="text/csv; charset=utf-8", headers=headers)


def guard_the_admins_exports() -> None:
    """The CSV files of Wagtail's lists and reports, too: it leaves formulas in them, and members name what they list.

    All of its exports pass each value through this one method; its XLSX files write formulas as text by themselves.
    """
    from wagtail.admin.views.mixins import SpreadsheetExportMixin as Export

    as_it_was = Export.preprocess_field_value

    def guarded(view: Any, field: str, value: Any, export_format: str) -> Any:
        cell = as_it_was(view, field, value, export_format)
        return safe(str(cell)) if export_format == Export.FORMAT_CSV and isinstance(cell, str | Promise) else cell

    Export.preprocess_field_value = guarded
