"""Writing an agreement down: its terms, its items with their steps, and the districts to ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import formats
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


COLUMNS = (
    *("name", "unit", "description", "minimum_order", "case_size", "estimate", "baseline_price", "baseline_source"),
    "cap",
)
"""What is written down of an item, but for its steps."""


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
    was: int | None = None
    """The id of the item that it changes; None for a new one."""

    @classmethod
    def of(cls, line: LineItem) -> LineSpec:
        """The item as it stands."""
        written = {name: getattr(line, name) for name in COLUMNS}
        return cls(**written, steps=[Step(step.minimum, step.price) for step in line.breaks.all()], was=line.pk)

    def faults(self) -> list[str]:
        """Sentences that say what to mend; an item without any step yet is fine in a draft."""
        return [*self._faults_of_cap(), *self._faults_of_steps()]

    def _faults_of_cap(self) -> list[str]:
        """What could never be ordered, or never be reached, with so few."""
        if self.cap is None:
            return []
        needed = [
            (self.minimum_order, _("“%(item)s”: the minimum order is %(n)s and the cap only %(cap)s. Change one.")),
            (self.case_size, _("“%(item)s” comes in cases of %(n)s, and its cap is only %(cap)s. Change one.")),
            (
                max((step.minimum for step in self.steps), default=0),
                _("“%(item)s” has a price from %(n)s up, and its cap is only %(cap)s: nobody could reach it."),
            ),
        ]
        return [
            said % {"item": self.name, "n": formats.number(units), "cap": formats.number(self.cap)}
            for units, said in needed
            if units > self.cap
        ][:1]

    def _faults_of_steps(self) -> list[str]:
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
        _write(stored, lines, districts, at)
        changes = {"version": version + 1}
        log(instance=stored, action="purchasing.redraft", user=by, timestamp=at, data=changes)
    agreement.refresh_from_db()


def require_draft(agreement: Agreement) -> None:
    """Raises `Refused` while districts are asked, and after."""
    if agreement.state == State.INTEREST:
        raise Refused(_("Districts are being asked: the items and terms stand. Go back to the draft to change them."))
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
    _write_lines(agreement, lines)
    _write_districts(agreement, districts, at)


def _write_lines(agreement: Agreement, specs: Sequence[LineSpec]) -> None:
    """An item that is changed stays the same row: what districts answered to a survey hangs on it."""
    kept = {line.pk: line for line in agreement.lines.filter(pk__in=[spec.was for spec in specs if spec.was])}
    gone = agreement.lines.exclude(pk__in=kept)
    if answered := gone.filter(entries__isnull=False).first():
        raise Refused(
            _("Districts answered about “%(item)s”: change it, but leave it in, or cancel and draft a new agreement.")
            % {"item": answered.name}
        )
    gone.delete()
    PriceBreak.objects.filter(line__in=kept).delete()
    agreement.lines.update(position=F("position") + MOST_ITEMS)  # out of the way of the new order
    items = []
    for position, spec in enumerate(specs, start=1):
        item = kept.pop(spec.was or 0, None) or LineItem(agreement=agreement)
        item.position = position
        for name in COLUMNS:
            setattr(item, name, getattr(spec, name))
        items.append(item)
    LineItem.objects.bulk_update([item for item in items if item.pk], ["position", *COLUMNS])
    LineItem.objects.bulk_create([item for item in items if not item.pk])
    PriceBreak.objects.bulk_create(
        PriceBreak(line=item, minimum=step.minimum, price=step.price)
        for item, spec in zip(items, specs, strict=True)
        for step in spec.steps
    )


def _write_districts(agreement: Agreement, districts: Iterable[District], at: datetime) -> None:
    wanted = {district.pk for district in districts}
    gone = agreement.participations.exclude(district__in=wanted)
    if answered := gone.filter(entries__isnull=False).select_related("district").first():
        raise Refused(_("%(district)s has answered: it stays among those asked.") % {"district": answered.district})
    gone.delete()
    asked = set(agreement.participations.values_list("district", flat=True))
    Participation.objects.bulk_create(
        Participation(agreement=agreement, district_id=pk, invited_at=at) for pk in sorted(wanted - asked)
    )


def _next_number(office: RegionalOffice, fiscal_year: int) -> str:
    """ "31-2026-07": the office, the fiscal year, and a running number."""
    prefix = f"{office.code}-{fiscal_year}-"
    used = Agreement.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    numbers = [int(number.rpartition("-")[2]) for number in used if number.rpartition("-")[2].isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1:02d}"
