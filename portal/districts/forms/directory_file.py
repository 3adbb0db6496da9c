"""The state directory and its regional offices as CSV files: what each row says, or a refusal that says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.districts.deeds.import_directory import DirectoryRow, OfficeRow, Refusal
from portal.districts.models.places import GRADES, District, RegionalOffice, county_key
from portal.tables import RefusedRowError, Row, Table, UnreadableFileError, lines_of
from portal.text import one_line

OFFICES_FILE = "*regional_offices.csv"
"""Looked for beside the directory where no other file is named."""
COLUMNS = {
    "name": gettext_lazy("The official name: Kaneland CUSD 302. Needed."),
    "nces_id": gettext_lazy("The seven digits by which the federal government knows the district. Needed."),
    "state_code": gettext_lazy("The state\u2019s own code, if it has one."),
    "county": gettext_lazy("The county\u2019s name, with or without the word County."),
    "regional_office": gettext_lazy("The code of its regional office, as in the other file."),
    "type": gettext_lazy(
        "“Regular public school district” or “Independent charter district”; others are kept, not listed."
    ),
    "address": gettext_lazy("The street address of the district office."),
    "city": gettext_lazy("Its city."),
    "zip": gettext_lazy("Its ZIP code."),
    "website": gettext_lazy("The district\u2019s website; mail domains are proposed from it."),
    "lowest_grade": gettext_lazy("PK, KG, or 01 to 12."),
    "highest_grade": gettext_lazy("PK, KG, or 01 to 12."),
    "schools": gettext_lazy("How many schools."),
    "enrollment": gettext_lazy("How many students."),
    "low_income_pct": gettext_lazy("Students from low-income families, in percent: 19.0."),
    "el_pct": gettext_lazy("English learners, in percent."),
    "iep_pct": gettext_lazy("Students with an IEP, in percent."),
}
"""Each column with what stands in it. A column that is missing says nothing; nor does an empty cell."""
OFFICE_COLUMNS = {
    "code": gettext_lazy("Up to four letters or digits, as the directory names the office. Needed."),
    "counties": gettext_lazy("Its counties, with semicolons between them. Needed."),
    "name": gettext_lazy("The office\u2019s name, where it has one of its own."),
    "contact": gettext_lazy("How the public reaches it: a phone number or an address. Visitors read it."),
}
TEMPLATES = {
    "districts": [
        [*COLUMNS],
        [
            *("Prairie View CUSD 12", "1712345", "", "Prairie", "01", "Regular public school district"),
            *("1 School St", "Prairie View", "60000", "http://www.prairieview12.example", "PK", "12"),
            *("5", "2400", "31.5", "4.2", "15.0"),
        ],
    ],
    "offices": [[*OFFICE_COLUMNS], ["01", "Prairie; Lake", "", "555-0100"]],
}
"""Files to start from: the columns, and a row to be replaced."""
ALSO = {"rcdts": "state_code", "zip_code": "zip", "state_id": "state_code"}
DISTRICT_KINDS = frozenset({"Regular public school district", "Independent charter district"})
"""What the directory lists and counts. Cooperatives, service agencies and regional offices themselves, which the state
keeps in the same file, are kept but not counted."""
_TEXTS = {"state_code": "state_code", "type": "kind", "address": "address", "city": "city", "zip": "zip_code"}
_url = URLValidator(schemes=["http", "https"])


def read_files(
    path: Path, offices_path: Path | None = None, *, encoding: str = "utf-8"
) -> tuple[list[DirectoryRow | Refusal], list[OfficeRow] | None]:
    """The directory in `path` and the offices in `offices_path`, or in the file beside the directory, if there is one.

    Raises `UnreadableFileError`.
    """
    offices_path = offices_path or next(iter(sorted(path.parent.glob(OFFICES_FILE))), None)
    rows = read_directory(lines_of(path, encoding))
    return rows, None if offices_path is None else read_offices(lines_of(offices_path, encoding))


def read_directory(lines: str | Iterable[str]) -> list[DirectoryRow | Refusal]:
    """Every row, in order. Raises `UnreadableFileError` when it is not this kind of file."""
    table = Table(lines, known=tuple(COLUMNS), also=ALSO)
    table.require("name", "nces_id")
    found: list[DirectoryRow | Refusal] = []
    seen: dict[str, int] = {}
    for row in table.filled():
        cells = row.by_column()
        try:
            said = _directory_row(row, cells)
            if (before := seen.setdefault(said.fields["nces_id"], row.line)) != row.line:
                raise RefusedRowError(_("This NCES id already stands on line %(line)s.") % {"line": before})
            found.append(said)
        except RefusedRowError as refusal:
            found.append(Refusal(row.line, _printable(cells["name"]), str(refusal), table.columns, row.cells))
    return found


def read_offices(lines: str | Iterable[str]) -> list[OfficeRow]:
    """Regional offices with the names of their counties. Raises `UnreadableFileError`."""
    table = Table(lines, known=tuple(OFFICE_COLUMNS))
    table.require("code", "counties")
    offices = []
    for row in table.filled():
        cells = {name: one_line(cell) for name, cell in row.by_column().items()}
        fault = row.fault or _office_fault(cells)
        if fault:
            raise UnreadableFileError(
                _("Regional offices, line %(line)s: %(fault)s") % {"line": row.line, "fault": fault}
            )
        counties = [county.strip() for county in cells["counties"].replace(",", ";").split(";")]
        offices.append(
            OfficeRow(cells["code"], [c for c in counties if c], cells.get("name", ""), cells.get("contact", ""))
        )
    return offices


def _office_fault(cells: dict[str, str]) -> str:
    if not cells["code"] or not cells["counties"] or not "".join(cells.values()).isprintable():
        return _("a code and its counties are needed.")
    if too_long := _too_long(RegionalOffice, {name: cells.get(name) for name in ("code", "name", "contact")}):
        return too_long
    if not all(map(_is_county, filter(None, map(str.strip, cells["counties"].replace(",", ";").split(";"))))):
        return _("a county\u2019s name is missing or too long.")
    return ""


def _too_long(model: type[Model], fields: dict[str, Any]) -> str:
    for column, value in fields.items():
        limit = getattr(model._meta.get_field(column), "max_length", None)
        if limit is not None and isinstance(value, str) and len(value) > limit:
            return _("%(column)s is longer than %(limit)s letters.") % {"column": column, "limit": limit}
    return ""


def _is_county(name: str) -> bool:
    return bool(county_key(name)) and len(name) <= 60


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)


def _directory_row(row: Row, cells: dict[str, str]) -> DirectoryRow:
    """What the row says. `fields` has no entry for a column that the table does not have."""
    if row.fault:
        raise RefusedRowError(row.fault)
    texts = {column: one_line(text) for column, text in cells.items() if column in COLUMNS}
    _refuse_unseen(texts)
    if not texts["name"]:
        raise RefusedRowError(_("The name is missing."))
    if not (texts["nces_id"].isascii() and texts["nces_id"].isdigit() and len(texts["nces_id"]) == 7):
        raise RefusedRowError(_("The NCES id must be seven digits, not “%(value)s”.") % {"value": texts["nces_id"]})
    fields: dict[str, Any] = {"name": texts["name"], "nces_id": texts["nces_id"]}
    fields |= {ours: texts[theirs] for theirs, ours in _TEXTS.items() if theirs in texts}
    fields |= {column: read(column, texts[column]) for column, read in _READERS.items() if column in texts}
    website, note = _website(texts.get("website", ""))
    fields |= {"website": website} if "website" in texts else {}
    fields |= {"is_district": texts["type"] in DISTRICT_KINDS} if texts.get("type") else {}
    if too_long := _too_long(District, fields):
        raise RefusedRowError(too_long)
    if texts.get("county") and not _is_county(texts["county"]):
        raise RefusedRowError(_("“%(name)s” is not the name of a county.") % {"name": texts["county"][:80]})
    return DirectoryRow(
        row.line, fields, county=texts.get("county"), office_code=texts.get("regional_office"), note=note
    )


def _refuse_unseen(texts: dict[str, str]) -> None:
    for column, value in texts.items():
        if hidden := next((letter for letter in value if not letter.isprintable()), ""):
            said = {"column": column, "code": f"{ord(hidden):04X}"}
            raise RefusedRowError(_("%(column)s holds a character that cannot be shown: U+%(code)s.") % said)


def _website(value: str) -> tuple[str, str]:
    """The address, or "" with a note: a district is not refused because its website is mistyped."""
    if value:
        value = value if "://" in value else f"http://{value}"
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


_READERS: dict[str, Callable[[str, str], Any]] = {
    "lowest_grade": _grade,
    "highest_grade": _grade,
    "schools": _count,
    "enrollment": _count,
    "low_income_pct": _share,
    "el_pct": _share,
    "iep_pct": _share,
}
