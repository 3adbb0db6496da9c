"""The state directory as a CSV file: each row becomes a district's fields, or a refusal that says why."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from portal.districts.models.places import GRADES, District

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


class UnreadableFileError(Exception):
    """The file as a whole cannot be taken."""


class RefusedRowError(Exception):
    """One row cannot be taken; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """`line` is where the row ends in the file, from 1. `county` and `office_code` are as written."""

    line: int
    fields: dict[str, Any]
    county: str
    office_code: str
    note: str = ""
    """What was left out of the fields, and why."""


@dataclass(frozen=True, slots=True)
class Refusal:
    line: int
    name: str
    reason: str


@dataclass
class OfficeRow:
    code: str
    counties: list[str] = field(default_factory=list)


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """The lines under the header, cells in the order of `columns`; bytes that are no UTF-8 stay marked."""
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise UnreadableFileError(_("%(path)s cannot be read.") % {"path": path}) from error
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [cell.strip() for cell in next(reader, [])]
    missing = [column for column in columns if column not in header]
    if missing:
        raise UnreadableFileError(
            _("%(path)s lacks the columns: %(columns)s.") % {"path": path, "columns": ", ".join(missing)}
        )
    places = [header.index(column) for column in columns]
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield (
                    reader.line_num,
                    [cells[i].strip() if i < len(cells) else "" for i in places] + cells[len(header) :],
                )
    except csv.Error as error:
        raise UnreadableFileError(
            _("%(path)s, line %(line)s: %(error)s.") % {"path": path, "line": reader.line_num, "error": error}
        ) from error


def read_directory(path: Path) -> Iterator[DirectoryRow | Refusal]:
    """Every row of the file, in order. Raises `UnreadableFileError` when it is not this kind of file."""
    seen: dict[str, int] = {}
    for line, cells in _rows(path, COLUMNS):
        raw = dict(zip(COLUMNS, cells, strict=False))
        try:
            if len(cells) > len(COLUMNS):
                raise RefusedRowError(_("There are more cells than columns."))
            row = _row(line, raw)
            if (before := seen.setdefault(row.fields["nces_id"], line)) != line:
                raise RefusedRowError(_("This NCES id already stands on line %(line)s.") % {"line": before})
            yield row
        except RefusedRowError as refusal:
            yield Refusal(line, _printable(raw["name"]), str(refusal))


def read_offices(path: Path) -> list[OfficeRow]:
    """Regional offices with the names of their counties."""
    offices = []
    for line, (code, counties, *_more) in _rows(path, ("code", "counties")):
        if not code or len(code) > 4 or not counties or not f"{code}{counties}".isprintable():
            raise UnreadableFileError(
                _("%(path)s, line %(line)s: a code and its counties are needed.") % {"path": path, "line": line}
            )
        offices.append(OfficeRow(code, [name.strip() for name in counties.split(";") if name.strip()]))
    return offices


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)


def _row(line: int, raw: dict[str, str]) -> DirectoryRow:
    for column, value in raw.items():
        if not value.isprintable():
            raise RefusedRowError(_("%(column)s holds bytes that are not UTF-8 text.") % {"column": column})
    name = " ".join(raw["name"].split())
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
