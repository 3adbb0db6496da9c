"""What buying together shows on other pages: home, a district, a practice, the needs of a district, the next agenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.districts.models.standing import standing_of
from portal.formats import number
from portal.registry import AgendaSuggestion, Need, PanelContext
from portal.templatetags.wording import when
from purchasing.models.agreements import Agreement
from purchasing.models.lifecycle import BEFORE_AWARD, ENDED, State
from purchasing.models.quantities import ANSWERED, Participation
from purchasing.models.quantity_table import lines_by_agreement
from purchasing.screens.listing import CLOSING_SOON_DAYS
from purchasing.screens.sentences import nearest_gap, state_sentence

NEEDED_DAYS = 30
SOON = 20
"""How many agreements the home page reads to show three needs and four that close."""


@dataclass(frozen=True, slots=True)
class Soon:
    """An open agreement on the home page."""

    agreement: Agreement
    gap: str
    """The nearest step in words."""
    is_waiting: bool
    """For an answer of the reader's district."""
    missing: int
    """How many districts its host, the reader, has not heard of."""


def _soon(context: PanelContext) -> list[Soon]:
    """Open agreements, the nearest closing first.

    Those that close within fourteen days, and those within thirty that wait for my district or, where I am the host,
    for any. Two queries a page.
    """
    if "agreements.soon" not in context.kept:
        context.kept["agreements.soon"] = _read_soon(context)
    found: list[Soon] = context.kept["agreements.soon"]
    return found


def _read_soon(context: PanelContext) -> list[Soon]:
    standing = standing_of(context.user)
    silent = Participation.objects.filter(agreement=OuterRef("pk")).exclude(state__in=ANSWERED).order_by()
    missing = silent.filter(agreement__lead_office__in=standing.office_ids).values("agreement")
    rows: list[Any] = list(
        Agreement.objects.visible_to(context.user)
        .open_at(context.now)
        .annotate(
            is_waiting=Exists(silent.filter(district__in=standing.district_ids)),
            missing=Coalesce(Subquery(missing.annotate(count=Count("pk")).values("count")), 0),
        )
        .filter(
            Q(closes_at__lte=context.now + timedelta(days=CLOSING_SOON_DAYS))
            | Q(closes_at__lte=context.now + timedelta(days=NEEDED_DAYS)) & (Q(is_waiting=True) | Q(missing__gt=0))
        )
        .select_related("lead_office")
        .order_by("-is_waiting", "closes_at", "pk")[:SOON]
    )
    lines = lines_by_agreement([row.pk for row in rows]) if rows else {}
    rows.sort(key=lambda row: (row.closes_at, row.pk))
    return [Soon(row, nearest_gap(lines[row.pk]), row.is_waiting, row.missing) for row in rows]


def needs(context: PanelContext) -> list[Need]:
    """Agreements closing within thirty days that my district has not answered, and those of my office that some have
    not. Two queries, with the panel's."""
    standing = standing_of(context.user)
    if not standing.district_ids and not standing.office_ids:
        return []
    soon = _soon(context)
    mine = [_our_answer(row) for row in soon if row.is_waiting]
    hosted = [_who_is_missing(row) for row in soon if row.missing]
    return mine[:3] + hosted[:3]


def _our_answer(soon: Soon) -> Need:
    row = soon.agreement
    text = _("%(title)s: closes %(when)s.") % {"title": row.title, "when": when(row.closes_at, row.zone)}
    text = f"{text} {soon.gap}." if soon.gap else text
    url = f"{row.get_absolute_url()}#ours"
    return Need(text=text, url=url, deed=_("See our price"), by=row.closes_at, about=row.title)


def _who_is_missing(soon: Soon) -> Need:
    row = soon.agreement
    said = ngettext(
        "%(title)s: %(count)s district has not answered; closes %(when)s.",
        "%(title)s: %(count)s districts have not answered; closes %(when)s.",
        soon.missing,
    )
    text = said % {"title": row.title, "count": number(soon.missing), "when": when(row.closes_at, row.zone)}
    url = reverse("purchasing:agreement-grid", args=[row.pk])
    return Need(text=text, url=url, deed=_("See who is missing"), by=row.closes_at, about=row.title)


def closing(context: PanelContext) -> dict[str, Any] | None:
    """Open agreements that close within fourteen days. Two queries, with the needs'."""
    until = context.now + timedelta(days=CLOSING_SOON_DAYS)
    near = [row for row in _soon(context) if row.agreement.closes_at and row.agreement.closes_at <= until]
    return {"agreements": [(row.agreement, row.gap) for row in near[:4]]} if near else None


def announced(context: PanelContext) -> dict[str, Any] | None:
    """What is announced to everybody. One query."""
    rows = Agreement.objects.announced().open_at(context.now).select_related("lead_office").order_by("closes_at", "pk")
    found = list(rows[:3])
    return {"agreements": found} if found else None


def district(context: PanelContext) -> dict[str, Any] | None:
    """What a district takes part in, as far as the reader sees it. One query."""
    rows = (
        Agreement.objects.visible_to(context.user)
        .filter(participations__district=context.about, participations__state="joined")
        .exclude(state__in=ENDED)
        .select_related("lead_office")
    )
    found = [(row, row.words_at(context.now)) for row in rows[:6]]
    return {"agreements": found, "district": context.about} if found else None


def of_practice(pk: Any) -> QuerySet[Agreement]:
    return Agreement.objects.filter(born_of_kind="practice", born_of_id=pk)


def born_of(context: PanelContext) -> dict[str, Any] | None:
    """The agreements that came from this practice, as far as the reader sees them. One query."""
    rows = of_practice(context.about.pk) & Agreement.objects.visible_to(context.user)
    found = [(row, row.words_at(context.now)) for row in rows.select_related("lead_office")[:4]]
    return {"agreements": found} if found else None


def agenda(county_ids: Sequence[int], user: Any, now: datetime) -> list[AgendaSuggestion]:
    """Agreements of these counties that are under way or just awarded, the nearest closing first. One query."""
    rows = (
        Agreement.objects.visible_to(user)
        .filter(
            participations__district__county__in=county_ids, state__in=BEFORE_AWARD - {State.DRAFT} | {State.AWARDED}
        )
        .order_by("rank", "closes_at", "pk")
        .distinct()[:3]
    )
    return [
        AgendaSuggestion(row.title, state_sentence(row, now), "agreement", row.pk, row.get_absolute_url())
        for row in rows
    ]
