"""Writing an agreement down: its terms, its items with their steps, and the districts to ask."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.districts.models import RegionalOffice
from purchasing import rules
from purchasing.models.agreements import Agreement
from purchasing.models.ladder import Ladder, Step
from purchasing.models.lifecycle import IllegalTransition, State
from purchasing.models.lines import LineItem, PriceBreak
from purchasing.models.quantities import Participation
from purchasing.models.records import StatusChange

if TYPE_CHECKING:
    from portal.districts.models import District, User

_PRICE = re.compile(r"\$?(\d{1,3}(,\d{3}){1,3}|\d{1,12})(\.\d{1,4})?", re.ASCII)
_COUNT = re.compile(r"\d{1,3}(,\d{3}){1,2}|\d{1,7}", re.ASCII)
MOST_PRICE = Decimal("9999999999.9999")
"""US dollars per unit: what the columns of prices hold."""
MOST_ITEMS = 40
"""Of one agreement, typed and pasted together."""
MOST_STEPS = 12
"""Prices of one item."""


def parse_price(text: str) -> Decimal:
    """US dollars from "1,234.50" or "$306". Anything else raises `ValueError` with a sentence."""
    if not _PRICE.fullmatch(text.strip()):
        raise ValueError(_("“%(text)s” is not a price. Write it as 1,234.50.") % {"text": text.strip()[:40]})
    price = Decimal(text.strip().lstrip("$").replace(",", ""))
    if price > MOST_PRICE:
        raise ValueError(_("“%(text)s” is more than a unit can cost here.") % {"text": text.strip()[:40]})
    return price


def parse_count(text: str) -> int:
    """A whole number from "1,150". Anything else raises `ValueError` with a sentence."""
    if not _COUNT.fullmatch(text.strip()):
        raise ValueError(_("“%(text)s” is not a whole number.") % {"text": text.strip()[:40]})
    return int(text.strip().replace(",", ""))


@dataclass(slots=True)
class LineSpec:
    """A line item as somebody writes it down."""

    name: str
    unit: str
    steps: list[Step] = field(default_factory=list)
    description: str = ""
    minimum_order: int = 1
    case_size: int = 0
    estimate: int | None = None
    baseline_price: Decimal | None = None
    baseline_source: str = ""
    cap: int | None = None

    def faults(self) -> list[str]:
        """Sentences that say what to mend; an item without any step yet is fine in a draft."""
        if not self.steps:
            return []
        said = {
            "first": _("The first price of “%(item)s” starts at 1 or at its minimum order."),
            "rise": _("“%(item)s” has two prices from the same quantity."),
            "fall": _("A larger quantity of “%(item)s” must not cost more each than a smaller one."),
        }
        found = [said[key] % {"item": self.name} for key in Ladder.of(self.steps).faults(self.minimum_order)]
        if len(self.steps) > MOST_STEPS:
            found.append(_("“%(item)s” has more than %(most)d prices.") % {"item": self.name, "most": MOST_STEPS})
        return found


COLUMNS = (
    *("item", "unit", "from", "price", "minimum order", "case size"),
    *("baseline price", "baseline source", "cap", "description"),
)

_OF_ITEM: dict[str, Callable[[str], Any]] = {
    "unit": lambda text: text[:40],
    "minimum order": parse_count,
    "case size": parse_count,
    "baseline price": parse_price,
    "baseline source": lambda text: text[:200],
    "cap": parse_count,
    "description": lambda text: text[:500],
}
"""Columns that are said of the item, in any of its rows."""


def parse_lines(text: str) -> tuple[list[LineSpec], list[str]]:
    """Items from pasted CSV or spreadsheet cells, one row for each step of price; and what is wrong, line by line.

    The first row names the columns (`COLUMNS`, the first four needed). Rows of the same item belong together.
    """
    text = text.strip("﻿\r\n ")
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return [], [_("The table could not be read: %(error)s.") % {"error": error}]
    names = [name.strip().lower() for name in rows[0]] if rows else []
    if missing := [name for name in COLUMNS[:4] if name not in names]:
        return [], [_("Line 1: name the columns. Missing: %(names)s.") % {"names": ", ".join(missing)}]
    if twice := [name for name in COLUMNS if names.count(name) > 1]:
        return [], [_("Line 1: there are two columns of one name: %(names)s.") % {"names": ", ".join(twice)}]
    specs: dict[str, LineSpec] = {}
    said: dict[str, dict[str, Any]] = {}
    faults: list[str] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        try:
            if any(cell.strip() for cell in row[len(names) :]):
                raise ValueError(_("more cells than columns. Put a number with a comma in quotes, as in “1,234.50”."))
            _take(dict(zip(names, (cell.strip() for cell in row), strict=False)), specs, said)
        except ValueError as error:
            faults.append(_("Line %(number)d: %(error)s") % {"number": number, "error": error})
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
        spec = LineSpec(name=name[:150], unit=cells["unit"][:40])
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


def draft(
    *,
    by: User,
    at: datetime,
    lead_office: RegionalOffice,
    title: str,
    fiscal_year: int,
    lines: Sequence[LineSpec] = (),
    districts: Iterable[District] = (),
    number: str = "",
    **terms: Any,
) -> Agreement:
    """A new agreement in the state "Draft". `terms` are further fields of `Agreement` (summary, body, kind, ...)."""
    if lead_office.pk not in {office.pk for office in by.standing.offices}:
        raise PermissionDenied
    with transaction.atomic():
        lead_office = RegionalOffice.objects.select_for_update(no_key=True).get(pk=lead_office.pk)  # one number each
        agreement = Agreement(
            number=number or _next_number(lead_office, fiscal_year),
            title=title,
            lead_office=lead_office,
            fiscal_year=fiscal_year,
            created_by=by,
            created_at=at,
            moved_at=at,
            **terms,
        )
        agreement.save(force_insert=True)
        _write(agreement, lines, districts, at)
        StatusChange.objects.create(agreement=agreement, at=at, by=by, verb="draft", to_state=State.DRAFT, version=1)
        log(instance=agreement, action="purchasing.draft", user=by, timestamp=at)
    return agreement


def redraft(
    agreement: Agreement,
    *,
    by: User,
    at: datetime,
    version: int,
    lines: Sequence[LineSpec],
    districts: Iterable[District],
    **terms: Any,
) -> None:
    """Change a draft. `version` is the one that was looked at; another one raises `IllegalTransition`."""
    if not rules.may_run(by, agreement):
        raise PermissionDenied
    with transaction.atomic():
        stored = Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
        if stored.state != State.DRAFT:
            raise IllegalTransition(_("Districts were asked already; the items and terms stand."))
        if not Agreement.objects.filter(pk=stored.pk, version=version).update(version=version + 1, **terms):
            raise IllegalTransition(
                _("Somebody else saved this draft meanwhile. Copy what you typed, then open the draft again.")
            )
        stored.participations.all().delete()
        stored.lines.all().delete()
        _write(stored, lines, districts, at)
        changes = {"version": version + 1}
        log(instance=stored, action="purchasing.redraft", user=by, timestamp=at, data=changes)
    agreement.refresh_from_db()


def _write(agreement: Agreement, lines: Sequence[LineSpec], districts: Iterable[District], at: datetime) -> None:
    if len(lines) > MOST_ITEMS:
        raise IllegalTransition(
            _("An agreement has at most %(most)d items, and this one would have %(n)d. Make two agreements of it.")
            % {"most": MOST_ITEMS, "n": len(lines)}
        )
    if faults := [fault for spec in lines for fault in spec.faults()]:
        raise IllegalTransition(" ".join(faults))
    items = LineItem.objects.bulk_create(
        LineItem(
            agreement=agreement,
            position=position,
            name=spec.name,
            unit=spec.unit,
            description=spec.description,
            minimum_order=spec.minimum_order,
            case_size=spec.case_size,
            estimate=spec.estimate,
            baseline_price=spec.baseline_price,
            baseline_source=spec.baseline_source,
            cap=spec.cap,
        )
        for position, spec in enumerate(lines, start=1)
    )
    PriceBreak.objects.bulk_create(
        PriceBreak(line=item, minimum=step.minimum, price=step.price)
        for item, spec in zip(items, lines, strict=True)
        for step in spec.steps
    )
    Participation.objects.bulk_create(
        Participation(agreement=agreement, district=district, invited_at=at) for district in districts
    )


def _next_number(office: RegionalOffice, fiscal_year: int) -> str:
    """ "31-2026-07": the office, the fiscal year, and a running number."""
    prefix = f"{office.code}-{fiscal_year}-"
    used = Agreement.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    numbers = [int(number.rpartition("-")[2]) for number in used if number.rpartition("-")[2].isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1:02d}"
