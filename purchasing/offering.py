"""What buying together offers to the rest of the portal: search, mail, panels, needs, agendas, timed work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.districts.standing import standing_of
from portal.due_jobs import Job, due_jobs
from portal.markup import plain
from portal.registry import (
    AgendaSource,
    AgendaSuggestion,
    EntryData,
    Need,
    NeedSource,
    NoticeKind,
    Panel,
    PanelContext,
    SearchSource,
    SummarySource,
    agenda_sources,
    need_sources,
    notice_kinds,
    panels,
    search_sources,
    summary_sources,
)
from portal.templatetags.wording import days_until, unit_price, when
from purchasing import telling
from purchasing.lifecycle import BEFORE_AWARD, State
from purchasing.sheet import Line, lines_of

NEEDED_DAYS = 30
HOME_DAYS = 14
SOON = 20
"""How many agreements the home page reads to show three needs and four that close."""


# --- search -----------------------------------------------------------------------------------------------------------
def _entries(rows: Sequence[Any]) -> Iterable[EntryData]:
    """In full, for those who take part, the lead office's hosts and officers. Two queries."""
    asked = _asked([row.pk for row in rows])
    lines = lines_of([row.pk for row in rows])
    for row in rows:
        items = [line.name for line in lines[row.pk]]
        yield EntryData(
            object_id=row.pk,
            title=row.title,
            summary=row.summary,
            body=" ".join([row.number, *items, plain(row.body)]),
            tags=[row.category] if row.category else [],
            county_id=_county(row),
            status=row.state,
            dated=timezone.localdate(row.opened_at or row.created_at),
            popularity=len(asked[row.pk]),
            audience=_audience(row, asked[row.pk]),
        )


def _asked(agreement_ids: Iterable[int]) -> dict[int, list[int]]:
    """The districts that take part, by agreement. One query."""
    from purchasing.quantities import Participation

    asked = defaultdict(list)
    rows = Participation.objects.filter(agreement__in=list(agreement_ids)).order_by("district_id")
    for agreement, district in rows.values_list("agreement_id", "district_id"):
        asked[agreement].append(district)
    return asked


def _audience(agreement: Any, asked: Iterable[int]) -> set[str]:
    """The keys of those who see an agreement in full; the same rule as `visible_to`."""
    audience = {"officers", f"office:{agreement.lead_office_id}"}
    if agreement.state != State.DRAFT:
        audience.update(f"district:{pk}" for pk in asked)
    return audience


def _line_rows() -> QuerySet[Any]:
    from purchasing.lines import LineItem

    return LineItem.objects.select_related("agreement__lead_office")


def _line_entries(rows: Sequence[Any]) -> Iterable[EntryData]:
    """The items of agreements, without prices and quantities. One query."""
    asked = _asked({row.agreement_id for row in rows})
    for row in rows:
        agreement = row.agreement
        yield EntryData(
            object_id=row.pk,
            title=row.name,
            summary=agreement.title,
            body=" ".join(filter(None, [row.description, agreement.number])),
            tags=[agreement.category] if agreement.category else [],
            county_id=_county(agreement),
            status=agreement.state,
            dated=timezone.localdate(agreement.opened_at or agreement.created_at),
            popularity=len(asked[row.agreement_id]),
            audience=_audience(agreement, asked[row.agreement_id]),
        )


def _line_urls(ids: Sequence[int]) -> dict[int, str]:
    from purchasing.lines import LineItem

    rows = LineItem.objects.filter(pk__in=ids).order_by().values_list("pk", "agreement_id")
    return {pk: f"{reverse('purchasing:agreement-detail', args=[agreement])}#item-{pk}" for pk, agreement in rows}


def _line_facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    """The agreement's own fact. One query."""
    seen = _line_rows().select_related(None).select_related("agreement").filter(pk__in=ids).order_by()
    return {row.pk: fact(row.agreement, now) for row in seen}


def _announcements(rows: Sequence[Any]) -> Iterable[EntryData]:
    """Only what anybody may know: title, office and closing date."""
    for row in rows:
        closing = ""
        if row.closed_at:
            closing = _g("Closed %(when)s") % {"when": when(row.closed_at, row.zone)}
        elif row.closes_at:
            closing = _g("Closes %(when)s") % {"when": when(row.closes_at, row.zone)}
        yield EntryData(
            object_id=row.pk,
            title=row.title,
            summary=f"{row.lead_office}. {closing}".strip(),
            county_id=_county(row),
            dated=timezone.localdate(row.opened_at) if row.opened_at else None,
            audience={"public"},
        )


def _county(row: Any) -> int | None:
    """The county of an office that has one only."""
    ids = row.lead_office.county_ids
    return ids[0] if len(ids) == 1 else None


def _rows() -> QuerySet[Any]:
    from purchasing.agreements import Agreement

    return Agreement.objects.select_related("lead_office")


def _announced_rows() -> QuerySet[Any]:
    from purchasing.agreements import Agreement

    return Agreement.objects.announced().select_related("lead_office")


def _urls(ids: Sequence[int]) -> dict[int, str]:
    return {pk: reverse("purchasing:agreement-detail", args=[pk]) for pk in ids}


def fact(agreement: Any, now: datetime) -> str:
    """ "Open, closes in 9 days"; the state in words where it is not open."""
    if not agreement.is_open_at(now):
        return str(State(agreement.state_at(now)).label)
    days = days_until(agreement.closes_at, now, agreement.zone)
    if days == 0:
        return _g("Open, closes today")
    sentence: str = ngettext("Open, closes in %(days)d day", "Open, closes in %(days)d days", days)
    return sentence % {"days": days}


def _facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    from purchasing.agreements import Agreement

    seen = Agreement.objects.visible_to(user).filter(pk__in=ids).only("state", "closes_at", "zone")
    return {row.pk: fact(row, now) for row in seen}


# --- needs, panels, agendas -------------------------------------------------------------------------------------------
def gap_sentence(line: Line) -> str:
    """ "37 more take $12.00 off each"; empty at the top of the ladder."""
    gap = line.gap
    if gap is None:
        return ""
    if gap.off_each is None:
        return _g("%(units)s more reach the first price, %(price)s each") % {
            "units": f"{gap.units:,}",
            "price": unit_price(gap.step.price),
        }
    return ngettext("%(units)s more takes %(off)s off each", "%(units)s more take %(off)s off each", gap.units) % {
        "units": f"{gap.units:,}",
        "off": unit_price(gap.off_each),
    }


def nearest_gap(lines: Sequence[Line]) -> str:
    """The sentence of the line that is nearest to its next step, by share of that step."""
    open_lines = [line for line in lines if line.gap is not None]
    if not open_lines:
        return ""
    return gap_sentence(min(open_lines, key=lambda line: line.gap.units / line.gap.step.minimum if line.gap else 1))


def _soon(context: PanelContext) -> list[tuple[Any, str, bool]]:
    """Open agreements, the nearest closing first, each with its gap in words and whether my district owes an answer.

    Those that close within fourteen days, and those within thirty that wait for my district. Two queries a page.
    """
    if "agreements.soon" not in context.kept:
        context.kept["agreements.soon"] = _read_soon(context)
    found: list[tuple[Any, str, bool]] = context.kept["agreements.soon"]
    return found


def _read_soon(context: PanelContext) -> list[tuple[Any, str, bool]]:
    from purchasing.agreements import Agreement
    from purchasing.quantities import ANSWERED, Participation

    mine = standing_of(context.user).district_ids
    waiting = Participation.objects.filter(agreement=OuterRef("pk"), district__in=mine).exclude(state__in=ANSWERED)
    rows: list[Any] = list(
        Agreement.objects.visible_to(context.user)
        .open_at(context.now)
        .annotate(is_waiting=Exists(waiting))
        .filter(
            Q(closes_at__lte=context.now + timedelta(days=HOME_DAYS))
            | Q(is_waiting=True, closes_at__lte=context.now + timedelta(days=NEEDED_DAYS))
        )
        .select_related("lead_office")
        .order_by("-is_waiting", "closes_at", "pk")[:SOON]
    )
    lines = lines_of([row.pk for row in rows]) if rows else {}
    rows.sort(key=lambda row: (row.closes_at, row.pk))
    return [(row, nearest_gap(lines[row.pk]), row.is_waiting) for row in rows]


def _needs(context: PanelContext) -> list[Need]:
    """Agreements closing within thirty days that my district has not answered. Two queries, with the panel's."""
    if not standing_of(context.user).district_ids:
        return []
    found: list[Need] = []
    for row, gap, is_waiting in _soon(context):
        if is_waiting and len(found) < 3:
            text = _g("%(title)s: closes %(when)s.") % {"title": row.title, "when": when(row.closes_at, row.zone)}
            text = f"{text} {gap}." if gap else text
            url = f"{row.get_absolute_url()}#ours"
            found.append(Need(text=text, url=url, deed=_g("See our price"), by=row.closes_at))
    return found


def _closing_panel(context: PanelContext) -> dict[str, Any] | None:
    """Open agreements that close within fourteen days. Two queries, with the needs'."""
    until = context.now + timedelta(days=HOME_DAYS)
    soon = [(row, gap) for row, gap, _waiting in _soon(context) if row.closes_at <= until]
    return {"agreements": soon[:4]} if soon else None


def _announced_panel(context: PanelContext) -> dict[str, Any] | None:
    """What is announced to everybody. One query."""
    from purchasing.agreements import Agreement

    rows = Agreement.objects.announced().open_at(context.now).select_related("lead_office").order_by("closes_at", "pk")
    found = list(rows[:3])
    return {"agreements": found} if found else None


def _district_panel(context: PanelContext) -> dict[str, Any] | None:
    """What a district takes part in, as far as the reader sees it. One query."""
    from purchasing.agreements import Agreement

    rows = (
        Agreement.objects.visible_to(context.user)
        .filter(participations__district=context.about, participations__state="joined")
        .select_related("lead_office")
    )
    found = list(rows[:6])
    return {"agreements": found, "district": context.about} if found else None


def _born_of_panel(context: PanelContext) -> dict[str, Any] | None:
    """The agreements that came from this practice, as far as the reader sees them. One query."""
    from purchasing.agreements import Agreement

    rows = Agreement.objects.visible_to(context.user).filter(born_of_kind="practice", born_of_id=context.about.pk)
    found = list(rows.select_related("lead_office")[:4])
    return {"agreements": found} if found else None


def _agenda(county_ids: Sequence[int], user: Any, now: datetime) -> list[AgendaSuggestion]:
    """Agreements of these counties that are under way or just awarded, the nearest closing first. One query."""
    from purchasing.agreements import Agreement

    rows = (
        Agreement.objects.visible_to(user)
        .filter(
            participations__district__county__in=county_ids, state__in=BEFORE_AWARD - {State.DRAFT} | {State.AWARDED}
        )
        .order_by("rank", "closes_at", "pk")
        .distinct()[:3]
    )
    return [AgendaSuggestion(row.title, fact(row, now), "agreement", row.pk, row.get_absolute_url()) for row in rows]


# --- timed work -------------------------------------------------------------------------------------------------------
def close_due(now: datetime) -> int:
    """Fix the quantities of every agreement past its closing, each in its own transaction."""
    from purchasing.agreements import Agreement

    return sum(agreement.settle(now) for agreement in Agreement.objects.due(now).order_by("pk"))


def register() -> None:
    from purchasing import summaries
    from purchasing.agreements import Agreement
    from purchasing.lines import LineItem

    search_sources.add(
        "agreement",
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
            statuses=dict(State.choices),
        ),
    )
    search_sources.add(
        "line-item",
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
            statuses=dict(State.choices),
        ),
    )
    search_sources.add(
        "announcement",
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
    )
    for key, label, can_be_switched_off in (
        ("agreement-asked", _("A regional office asks whether your district is interested in an agreement"), True),
        ("agreement-opened", _("An agreement is open for commitments"), True),
        ("agreement-changed", _("An agreement is extended, closed early, reopened or suspended"), True),
        ("agreement-closing", _("Three days are left and your district has not answered"), True),
        ("agreement-reminder", _("A host reminds your district of an agreement"), True),
        ("agreement-result", _("The result of an agreement, with your price"), False),
    ):
        notice_kinds.add(key, NoticeKind(key, label, can_be_switched_off))
    need_sources.add("agreements", NeedSource("agreements", _needs))
    panels.add(
        "agreements-closing",
        Panel("agreements-closing", "home.member", "purchasing/_closing_panel.html", _closing_panel, order=40),
    )
    panels.add(
        "agreements-announced",
        Panel("agreements-announced", "home.visitor", "purchasing/_announced_panel.html", _announced_panel, order=60),
    )
    panels.add(
        "agreements-of-district",
        Panel("agreements-of-district", "district", "purchasing/_district_panel.html", _district_panel, order=40),
    )
    panels.add(
        "agreements-of-practice",
        Panel("agreements-of-practice", "practice", "purchasing/_born_of_panel.html", _born_of_panel, order=60),
    )
    agenda_sources.add("agreements", AgendaSource("agreements", _("Agreements under way"), _agenda))
    due_jobs.add("close-agreements", Job("close-agreements", close_due))
    due_jobs.add("agreements-three-days-left", Job("agreements-three-days-left", telling.three_days_left))
    summary_sources.add("agreements", SummarySource("agreements", summaries.agreements, order=40))
