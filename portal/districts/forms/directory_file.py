"""The state directory and its regional offices as CSV files: what each row says, or a refusal that says why not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from portal.districts.deeds.import_directory import DirectoryRow, OfficeRow, Refusal
from portal.districts.models.places import GRADES, District
from portal.tables import RefusedRowError, Table, UnreadableFileError, text_of
from portal.text import one_line

OFFICES_FILE = "illinois_regional_offices.csv"
"""Looked for beside the directory where no other file is named."""
COLUMNS = (
    *("name", "nces_id", "rcdts", "county", "regional_office", "type", "address", "city", "zip", "website"),
    *("lowest_grade", "highest_grade", "schools", "enrollment", "low_income_pct", "el_pct", "iep_pct"),
)
DISTRICT_KINDS = frozenset({"Regular public school district", "Independent charter district"})
"""What the directory lists and counts. Cooperatives, service agencies and regional offices themselves, which the state
keeps in the same file, are kept but not counted."""
_SHARES = ("low_income_pct", "el_pct", "iep_pct")
_COUNTS = ("schools", "enrollment")
_TEXTS = {"rcdts": "rcdts", "kind": "type", "address": "address", "city": "city", "zip_code": "zip"}
_url = URLValidator(schemes=["http", "https"])


def read_files(
    path: Path, offices_path: Path | None = None
) -> tuple[list[DirectoryRow | Refusal], list[OfficeRow] | None]:
    """The directory in `path` and the offices in `offices_path`, or in the file beside the directory, if there is one.

    Raises `UnreadableFileError`.
    """
    if offices_path is None and (path.parent / OFFICES_FILE).exists():
        offices_path = path.parent / OFFICES_FILE
    rows = read_directory(text_of(path), str(path))
    return rows, None if offices_path is None else read_offices(text_of(offices_path), str(offices_path))


def read_directory(text: str, name: str) -> list[DirectoryRow | Refusal]:
    """Every row of the file `name`, in order. Raises `UnreadableFileError` when it is not this kind of file."""
    found: list[DirectoryRow | Refusal] = []
    seen: dict[str, int] = {}
    for line, cells, more in _rows(text, name, COLUMNS):
        try:
            if more:
                raise RefusedRowError(_("There are more cells than columns."))
            row = _row(line, cells)
            if (before := seen.setdefault(row.fields["nces_id"], line)) != line:
                raise RefusedRowError(_("This NCES id already stands on line %(line)s.") % {"line": before})
            found.append(row)
        except RefusedRowError as refusal:
            found.append(Refusal(line, _printable(cells["name"]), str(refusal)))
    return found


def read_offices(text: str, name: str) -> list[OfficeRow]:
    """Regional offices with the names of their counties. Raises `UnreadableFileError`."""
    offices = []
    for line, cells, _more in _rows(text, name, ("code", "counties")):
        code, counties = cells["code"], cells["counties"]
        if not code or len(code) > 4 or not counties or not f"{code}{counties}".isprintable():
            raise UnreadableFileError(
                _("%(path)s, line %(line)s: a code and its counties are needed.") % {"path": name, "line": line}
            )
        offices.append(OfficeRow(code, [county.strip() for county in counties.split(";") if county.strip()]))
    return offices


def _rows(text: str, name: str, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str], list[str]]]:
    """The line on which each row ends, its cells by column, and those for which there is none; blank rows left out."""
    table = Table(text, any_case=False)
    if missing := table.missing(*columns):
        raise UnreadableFileError(
            _("%(path)s lacks the columns: %(columns)s.") % {"path": name, "columns": ", ".join(missing)}
        )
    for row in table:
        if row.trouble:
            raise UnreadableFileError(
                _("%(path)s, line %(line)s: %(error)s.") % {"path": name, "line": row.last_line, "error": row.trouble}
            )
        if not row.is_blank:
            cells = row.by_column()
            yield row.last_line, {column: cells[column] for column in columns}, row.beyond


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)


def _row(line: int, raw: dict[str, str]) -> DirectoryRow:
    for column, value in raw.items():
        if not value.isprintable():
            raise RefusedRowError(_("%(column)s holds bytes that are not UTF-8 text.") % {"column": column})
    name = one_line(raw["name"])
    if not name:
        raise RefusedRowError(_("The name is missing."))
    if not (raw["nces_id"].isascii() and raw["nces_id"].isdigit() and len(raw["nces_id"]) == 7):
        raise RefusedRowError(_("The NCES id must be seven digits, not “%(value)s”.") % {"value": raw["nces_id"]})
    fields: dict[str, Any] = {"name": name, "nces_id": raw["nces_id"]}
    fields |= {ours: raw[theirs] for ours, theirs in _TEXTS.items()}
    fields["website"], note = _website(raw["website"])
    fields |= {column: _grade(column, raw[column]) for column in ("lowest_grade", "highest_grade")}
    fields |= {column: _count(column, raw[column]) for column in _COUNTS}
    fields |= {column: _share(column, raw[column]) for column in _SHARES}
    fields["is_district"] = raw["type"] in DISTRICT_KINDS
    for column, value in fields.items():
        limit = getattr(District._meta.get_field(column), "max_length", None)
        if limit is not None and isinstance(value, str) and len(value) > limit:
            raise RefusedRowError(
                _("%(column)s is longer than %(limit)s letters.") % {"column": column, "limit": limit}
            )
    return DirectoryRow(line, fields, county=raw["county"], office_code=raw["regional_office"], note=note)


def _website(value: str) -> tuple[str, str]:
    """The address, or "" with a note: a district is not refused because its website is mistyped."""
    if value:
        try:
            _url(value)
        except ValidationError:
            return "", _("the website “%(value)s” is not an address and is left out") % {"value": value}
    return value, ""


def _grade(column: str, value: str) -> str:
    """ "N" is how the state writes that an agency teaches no grade."""
    if value in ("", "N"):
        return ""
    if value not in GRADES:
        raise RefusedRowError(_("%(column)s must be a grade, not “%(value)s”.") % {"column": column, "value": value})
    return value


def _count(column: str, value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 7):
        raise RefusedRowError(
            _("%(column)s must be a whole number, not “%(value)s”.") % {"column": column, "value": value}
        )
    return int(value)


def _share(column: str, value: str) -> Decimal | None:
    if not value:
        return None
    try:
        share = Decimal(value)
    except InvalidOperation:
        share = Decimal("NaN")
    if not share.is_finite() or not 0 <= share <= 100:
        raise RefusedRowError(
            _("%(column)s must be from 0 to 100, not “%(value)s”.") % {"column": column, "value": value}
        )
    return share.quantize(Decimal("0.1"))
