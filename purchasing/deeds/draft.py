"""Writing an agreement down: its terms, its items with their steps, and the districts to ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.districts.models import District, RegionalOffice, User
from portal.prose import with_html
from portal.refusals import Refused, Stale
from purchasing import rules
from purchasing.models.agreements import Agreement
from purchasing.models.ladder import Ladder, Step
from purchasing.models.lifecycle import State
from purchasing.models.lines import LineItem, PriceBreak
from purchasing.models.quantities import Participation
from purchasing.models.records import StatusChange

MOST_ITEMS = 40
"""Of one agreement, typed and pasted together."""
MOST_STEPS = 12
"""Prices of one item."""


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
    if not rules.may_lead(by, lead_office.pk):
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
    """Change a draft. `version` is the one that was looked at; another one raises `Stale`."""
    if not rules.may_run(by, agreement):
        raise PermissionDenied
    with transaction.atomic():
        stored = Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
        require_draft(stored)
        columns = with_html(Agreement, terms | {"version": version + 1})
        if not Agreement.objects.filter(pk=stored.pk, version=version).update(**columns):
            raise Stale(_("Somebody else saved this draft meanwhile. Copy what you typed, then open the draft again."))
        stored.participations.all().delete()
        stored.lines.all().delete()
        _write(stored, lines, districts, at)
        changes = {"version": version + 1}
        log(instance=stored, action="purchasing.redraft", user=by, timestamp=at, data=changes)
    agreement.refresh_from_db()


def require_draft(agreement: Agreement) -> None:
    """Raises `Refused` once districts were asked."""
    if agreement.state != State.DRAFT:
        raise Refused(_("Districts were asked already; the items and terms stand."))


def _write(agreement: Agreement, lines: Sequence[LineSpec], districts: Iterable[District], at: datetime) -> None:
    if len(lines) > MOST_ITEMS:
        raise Refused(
            _("An agreement has at most %(most)d items, and this one would have %(n)d. Make two agreements of it.")
            % {"most": MOST_ITEMS, "n": len(lines)}
        )
    if faults := [fault for spec in lines for fault in spec.faults()]:
        raise Refused(" ".join(faults))
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
