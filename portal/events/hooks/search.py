"""What search finds of meetings: the meetings, their agenda items, their minutes, and the actions.

Each text is found once: an item's own text in the item, notes and decisions in the minutes. All of one meeting is seen
by the same people. Of a public series everybody finds the dates, as the list shows them, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.events.models.agendas import AgendaItem
from portal.events.models.meetings import Meeting, MinutesState, Status
from portal.events.models.outcomes import ActionItem
from portal.markup import plain
from portal.registry import EntryData, SearchSource, search_sources
from portal.templatetags.wording import day, when, when_in_full

MOST_NAMED = 6
"""Agenda items that the line under a meeting names."""


def _day(meeting: Meeting) -> str:
    """ "October 8, 2026"."""
    return day(meeting.starts_at, meeting.zone)


# --- meetings ---------------------------------------------------------------------------------------------------------
def _meeting_rows() -> QuerySet[Meeting]:
    return Meeting.objects.order_by("pk")


def _with_items(meetings: Sequence[Meeting], *more: str) -> None:
    prefetch_related_objects(
        list(meetings),
        "series__county",
        "series__regional_office",
        Prefetch("items", queryset=AgendaItem.objects.accepted()),
        *more,
    )


def _named(meeting: Meeting) -> str:
    return ", ".join(item.title for item in list(meeting.items.all())[:MOST_NAMED])


def _meeting_entries(meetings: Sequence[Meeting]) -> Iterable[EntryData]:
    _with_items(meetings)
    for meeting in meetings:
        yield EntryData(
            object_id=meeting.pk,
            title=meeting.title,
            summary=_named(meeting),
            body="\n".join(filter(None, [meeting.series.name, _day(meeting), meeting.where, meeting.reason])),
            county_id=meeting.series.county_id,
            status=meeting.status,
            dated=meeting.local_start.date(),
            audience=meeting.series.audience_keys(),
        )


def _meeting_urls(ids: Sequence[int]) -> dict[int, str]:
    return {pk: reverse("events:meeting-detail", args=[pk]) for pk in ids}


def _meeting_facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    facts = {}
    meetings: Iterable[Any] = Meeting.objects.filter(pk__in=list(ids)).with_answers()
    for meeting in meetings:
        words = when(meeting.starts_at, meeting.zone)
        if meeting.is_canceled:
            words = _("%(when)s, canceled") % {"when": words}
        elif not meeting.is_over(now):
            words = _("%(when)s, %(count)d districts have answered") % {
                "when": words,
                "count": meeting.districts_answered,
            }
        elif meeting.minutes_open:
            words = _("%(when)s, with minutes") % {"when": words}
        facts[meeting.pk] = words
    return facts


# --- dates of public series -------------------------------------------------------------------------------------------
def _date_rows() -> QuerySet[Meeting]:
    return Meeting.objects.filter(series__dates_public=True).order_by("pk")


def _date_entries(meetings: Sequence[Meeting]) -> Iterable[EntryData]:
    """Only what anybody may know: title, date and county."""
    prefetch_related_objects(list(meetings), "series__county", "series__regional_office")
    for meeting in meetings:
        words = f"{when_in_full(meeting.starts_at, meeting.zone)}, {meeting.series.where_it_is}"
        yield EntryData(
            object_id=meeting.pk,
            title=meeting.title,
            summary=_("%(when)s, canceled") % {"when": words} if meeting.is_canceled else words,
            county_id=meeting.series.county_id,
            dated=meeting.local_start.date(),
            audience={"public"},
        )


# --- agenda items -----------------------------------------------------------------------------------------------------
def _item_rows() -> QuerySet[AgendaItem]:
    """What members proposed is the host's to see until it is taken."""
    return AgendaItem.objects.filter(is_proposal=False).order_by("pk")


def _item_entries(items: Sequence[AgendaItem]) -> Iterable[EntryData]:
    prefetch_related_objects(list(items), "meeting__series__county", "meeting__series__regional_office")
    for item in items:
        series = item.meeting.series
        yield EntryData(
            object_id=item.pk,
            title=item.title,
            summary=f"{item.meeting.title}, {_day(item.meeting)}",
            body=plain(item.body),
            county_id=series.county_id,
            district_id=item.owner_id,
            dated=item.meeting.local_start.date(),
            audience=series.audience_keys(),
        )


def _item_urls(ids: Sequence[int]) -> dict[int, str]:
    rows = AgendaItem.objects.filter(pk__in=list(ids)).order_by().values_list("pk", "meeting_id")
    return {pk: f"{reverse('events:meeting-detail', args=[meeting_id])}#item-{pk}" for pk, meeting_id in rows}


def _item_facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    """ "Discussion, led by Geneva"."""
    facts = {}
    for item in AgendaItem.objects.filter(pk__in=list(ids)).order_by().select_related("owner"):
        who = item.owner.short_name if item.owner else _("the host")
        facts[item.pk] = _("%(kind)s, led by %(who)s") % {"kind": item.get_kind_display(), "who": who}
    return facts


# --- minutes ----------------------------------------------------------------------------------------------------------
def _minutes_rows() -> QuerySet[Meeting]:
    """Those sent out; a draft is the host's."""
    return Meeting.objects.exclude(minutes_state=MinutesState.DRAFT).order_by("pk")


def _minutes_entries(meetings: Sequence[Meeting]) -> Iterable[EntryData]:
    _with_items(meetings, "decisions")
    for meeting in meetings:
        texts = [decision.text for decision in meeting.decisions.all()]
        texts += [plain(item.notes) for item in meeting.items.all() if item.notes]
        yield EntryData(
            object_id=meeting.pk,
            title=_("Minutes of %(meeting)s, %(day)s") % {"meeting": meeting.title, "day": _day(meeting)},
            summary=_named(meeting),
            body="\n".join(texts),
            county_id=meeting.series.county_id,
            status=meeting.minutes_state,
            dated=meeting.local_start.date(),
            audience=meeting.series.audience_keys(),
        )


def _minutes_urls(ids: Sequence[int]) -> dict[int, str]:
    return {pk: f"{reverse('events:meeting-detail', args=[pk])}#agenda" for pk in ids}


def _minutes_facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    """ "Approved, 2 decisions"."""
    facts = {}
    rows: Any = Meeting.objects.filter(pk__in=list(ids)).order_by().annotate(n=Count("decisions"))
    for pk, state, count in rows.values_list("pk", "minutes_state", "n"):
        words = str(MinutesState(state).label)
        decided = ngettext("%(n)d decision", "%(n)d decisions", count) % {"n": count}
        facts[pk] = _("%(state)s, %(decisions)s") % {"state": words, "decisions": decided} if count else words
    return facts


# --- actions ----------------------------------------------------------------------------------------------------------
def _action_rows() -> QuerySet[ActionItem]:
    return ActionItem.objects.exclude(meeting__minutes_state=MinutesState.DRAFT).order_by("pk")


def _action_entries(actions: Sequence[ActionItem]) -> Iterable[EntryData]:
    prefetch_related_objects(list(actions), "series__county", "series__regional_office", "owner", "meeting")
    for action in actions:
        yield EntryData(
            object_id=action.pk,
            title=action.text[:200],
            summary=f"{action.meeting.title}, {_day(action.meeting)}",
            body=action.text[200:],
            county_id=action.series.county_id,
            district_id=action.owner_id,
            status="closed" if action.closed_at else "open",
            dated=action.due or action.meeting.local_start.date(),
            audience=action.series.audience_keys(),
        )


def _action_urls(ids: Sequence[int]) -> dict[int, str]:
    rows = ActionItem.objects.filter(pk__in=list(ids)).values_list("pk", "meeting_id")
    return {pk: f"{reverse('events:meeting-detail', args=[meeting_id])}#action-{pk}" for pk, meeting_id in rows}


def _action_facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    facts = {}
    for action in ActionItem.objects.filter(pk__in=list(ids)).select_related("owner"):
        who = action.owner.short_name if action.owner else _("Host")
        if action.closed_at:
            facts[action.pk] = _("%(who)s, done") % {"who": who}
        elif action.due:
            facts[action.pk] = _("%(who)s, due %(day)s") % {"who": who, "day": day(action.due)}
        else:
            facts[action.pk] = _("%(who)s, open") % {"who": who}
    return facts


SOURCES = [
    SearchSource(
        kind="meeting",
        label=gettext_lazy("Meetings"),
        singular=gettext_lazy("Meeting"),
        model=Meeting,
        rows=_meeting_rows,
        entries=_meeting_entries,
        urls=_meeting_urls,
        facts=_meeting_facts,
        order=40,
        weight=0.8,
        statuses=dict(Status.choices),
        is_offered=True,
        is_offered_to_own_kind=False,  # those of a series have one title: each would be related to all the others
    ),
    SearchSource(
        kind="meeting-date",
        label=gettext_lazy("Dates of meetings"),
        singular=gettext_lazy("Date of a meeting"),
        model=Meeting,
        rows=_date_rows,
        entries=_date_entries,
        urls=_meeting_urls,
        order=72,
        weight=0.6,
    ),
    SearchSource(
        kind="agenda-item",
        label=gettext_lazy("Agenda items"),
        singular=gettext_lazy("Agenda item"),
        model=AgendaItem,
        rows=_item_rows,
        entries=_item_entries,
        urls=_item_urls,
        facts=_item_facts,
        order=42,
        weight=0.7,
    ),
    SearchSource(
        kind="minutes",
        label=gettext_lazy("Minutes"),
        singular=gettext_lazy("Minutes"),
        model=Meeting,
        rows=_minutes_rows,
        entries=_minutes_entries,
        urls=_minutes_urls,
        facts=_minutes_facts,
        order=44,
        weight=0.8,
        statuses=dict(MinutesState.choices),
    ),
    SearchSource(
        kind="action",
        label=gettext_lazy("Actions"),
        singular=gettext_lazy("Action"),
        model=ActionItem,
        rows=_action_rows,
        entries=_action_entries,
        urls=_action_urls,
        facts=_action_facts,
        order=60,
        weight=0.7,
        statuses={"open": gettext_lazy("To do"), "closed": gettext_lazy("Done")},
    ),
]


def register() -> None:
    search_sources.add(*SOURCES)
