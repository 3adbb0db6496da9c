"""Meetings and actions as search finds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.events.agendas import ActionItem, AgendaItem
from portal.events.meetings import Meeting, MinutesState, Status
from portal.markup import plain
from portal.registry import EntryData, SearchSource, search_sources


def _meeting_rows() -> QuerySet[Meeting]:
    return Meeting.objects.order_by("pk")


def _meeting_entries(meetings: Sequence[Meeting]) -> Iterable[EntryData]:
    """A visitor finds none: of a public series only the dates are public, and they stand on the list."""
    prefetch_related_objects(
        list(meetings),
        "series__county",
        "series__regional_office",
        "decisions",
        Prefetch("items", queryset=AgendaItem.objects.accepted()),
    )
    for meeting in meetings:
        items = list(meeting.items.all())
        texts = [f"{item.title}. {plain(item.body)}" for item in items]
        if meeting.minutes_open:
            texts.extend(plain(item.notes) for item in items)
            texts.extend(decision.text for decision in meeting.decisions.all())
        yield EntryData(
            object_id=meeting.pk,
            title=meeting.title,
            summary=", ".join(item.title for item in items[:6]),
            body="\n".join(text for text in texts if text),
            county_id=meeting.series.county_id,
            status=meeting.status,
            dated=meeting.month.date(),
            audience=meeting.series.audience_keys(),
        )


def _meeting_urls(ids: Sequence[int]) -> dict[int, str]:
    return {pk: reverse("events:meeting-detail", args=[pk]) for pk in ids}


def _meeting_facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    from portal.templatetags.wording import when

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


def _action_rows() -> QuerySet[ActionItem]:
    return ActionItem.objects.exclude(meeting__minutes_state=MinutesState.DRAFT).order_by("pk")


def _action_entries(actions: Sequence[ActionItem]) -> Iterable[EntryData]:
    prefetch_related_objects(list(actions), "series__county", "series__regional_office", "owner", "meeting")
    for action in actions:
        yield EntryData(
            object_id=action.pk,
            title=action.text[:200],
            body=action.text,
            county_id=action.series.county_id,
            district_id=action.owner_id,
            status="closed" if action.closed_at else "open",
            dated=action.due or action.meeting.month.date(),
            audience=action.series.audience_keys(),
        )


def _action_urls(ids: Sequence[int]) -> dict[int, str]:
    rows = ActionItem.objects.filter(pk__in=list(ids)).values_list("pk", "meeting_id")
    return {pk: f"{reverse('events:meeting-detail', args=[meeting_id])}#action-{pk}" for pk, meeting_id in rows}


def _action_facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    from portal.templatetags.wording import day

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


def register() -> None:
    search_sources.add(
        "meeting",
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
            statuses=dict(Status.choices),
        ),
    )
    search_sources.add(
        "action",
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
            statuses={"open": gettext_lazy("To do"), "closed": gettext_lazy("Done")},
        ),
    )
