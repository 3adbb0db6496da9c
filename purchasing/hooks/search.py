"""What search knows of buying together: agreements, their items, and what is announced to anybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from portal.markup import plain
from portal.registry import EntryData, SearchSource
from portal.templatetags.wording import when_in_full
from purchasing.models.agreements import Agreement
from purchasing.models.lifecycle import PLACES, TERM_ENDED, State
from purchasing.models.lines import LineItem
from purchasing.models.quantities import Participation
from purchasing.models.quantity_table import lines_by_agreement
from purchasing.screens.sentences import state_sentence


def _entries(rows: Sequence[Agreement]) -> Iterable[EntryData]:
    """In full, for those who take part, the lead office's hosts and officers. Two queries."""
    asked, now = _asked([row.pk for row in rows]), timezone.now()
    lines = lines_by_agreement([row.pk for row in rows])
    for row in rows:
        items = [line.name for line in lines[row.pk]]
        yield EntryData(
            object_id=row.pk,
            title=row.title,
            summary=row.summary,
            body=" ".join([row.number, *items, plain(row.body)]),
            tags=[row.category] if row.category else [],
            county_id=_county(row),
            status=_status(row, now),
            dated=timezone.localdate(row.opened_at or row.created_at),
            popularity=len(asked[row.pk]),
            audience=_audience(row, asked[row.pk]),
        )


def _asked(agreement_ids: Iterable[int]) -> dict[int, list[int]]:
    """The districts that take part, by agreement. One query."""
    asked = defaultdict(list)
    rows = Participation.objects.filter(agreement__in=list(agreement_ids)).order_by("district_id")
    for agreement, district in rows.values_list("agreement_id", "district_id"):
        asked[agreement].append(district)
    return asked


def _audience(agreement: Agreement, asked: Iterable[int]) -> set[str]:
    """The keys of those who see an agreement in full; the same rule as `visible_to`."""
    audience = {"officers", f"office:{agreement.lead_office_id}"}
    if agreement.state != State.DRAFT:
        audience.update(f"district:{pk}" for pk in asked)
    return audience


def _status(agreement: Agreement, now: datetime) -> str:
    """The state as it is kept; that the term has ended is kept by `refile_ended`."""
    return TERM_ENDED if agreement.is_past_term_at(now) else agreement.state


def _line_rows() -> QuerySet[LineItem]:
    return LineItem.objects.select_related("agreement__lead_office")


def _line_entries(rows: Sequence[LineItem]) -> Iterable[EntryData]:
    """The items of agreements, without prices and quantities. One query."""
    asked, now = _asked({row.agreement_id for row in rows}), timezone.now()
    for row in rows:
        agreement = row.agreement
        yield EntryData(
            object_id=row.pk,
            title=row.name,
            summary=agreement.title,
            body=" ".join(filter(None, [row.description, agreement.number])),
            tags=[agreement.category] if agreement.category else [],
            county_id=_county(agreement),
            status=_status(agreement, now),
            dated=timezone.localdate(agreement.opened_at or agreement.created_at),
            popularity=len(asked[row.agreement_id]),
            audience=_audience(agreement, asked[row.agreement_id]),
        )


def _line_urls(ids: Sequence[int]) -> dict[int, str]:
    rows = LineItem.objects.filter(pk__in=ids).order_by().values_list("pk", "agreement_id")
    return {pk: f"{reverse('purchasing:agreement-detail', args=[agreement])}#item-{pk}" for pk, agreement in rows}


def _line_facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    """The agreement's own fact. One query."""
    seen = _line_rows().select_related(None).select_related("agreement").filter(pk__in=ids).order_by()
    return {row.pk: state_sentence(row.agreement, now) for row in seen}


def _announcements(rows: Sequence[Agreement]) -> Iterable[EntryData]:
    """Only what anybody may know: title, office and closing date, whose year is told: it is read in other years too."""
    for row in rows:
        closing = ""
        if row.closed_at:
            closing = _g("Closed %(when)s") % {"when": when_in_full(row.closed_at, row.zone)}
        elif row.closes_at:
            closing = _g("Closes %(when)s") % {"when": when_in_full(row.closes_at, row.zone)}
        yield EntryData(
            object_id=row.pk,
            title=row.title,
            summary=f"{row.lead_office}. {closing}".strip(),
            county_id=_county(row),
            dated=timezone.localdate(row.opened_at) if row.opened_at else None,
            audience={"public"},
        )


def _county(row: Agreement) -> int | None:
    """The county of an office that has one only."""
    ids = row.lead_office.county_ids
    return ids[0] if len(ids) == 1 else None


def _rows() -> QuerySet[Agreement]:
    return Agreement.objects.select_related("lead_office")


def _announced_rows() -> QuerySet[Agreement]:
    return Agreement.objects.announced().select_related("lead_office")


def _urls(ids: Sequence[int]) -> dict[int, str]:
    return {pk: reverse("purchasing:agreement-detail", args=[pk]) for pk in ids}


def _facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    seen = Agreement.objects.visible_to(user).filter(pk__in=ids).only("state", "closes_at", "zone", "term_ends_on")
    return {row.pk: state_sentence(row, now) for row in seen}


SOURCES = [
    SearchSource(
        kind="agreement",
        label=_("Agreements"),
        singular=_("Agreement"),
        model=Agreement,
        rows=_rows,
        entries=_entries,
        urls=_urls,
        facts=_facts,
        order=30,
        statuses=PLACES,
        is_offered=True,
    ),
    SearchSource(
        kind="line-item",
        label=_("Items of agreements"),
        singular=_("Item of an agreement"),
        model=LineItem,
        rows=_line_rows,
        entries=_line_entries,
        urls=_line_urls,
        facts=_line_facts,
        order=32,
        weight=0.7,
        statuses=PLACES,
    ),
    SearchSource(
        kind="announcement",
        label=_("Announced purchases"),
        singular=_("Announced purchase"),
        model=Agreement,
        rows=_announced_rows,
        entries=_announcements,
        urls=_urls,
        order=70,
        weight=0.9,
    ),
]
