"""The agenda that writes itself: what other features offer, and what search finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.events.models.meetings import Meeting
from portal.registry import AgendaSuggestion, agenda_sources
from portal.search.asking.finding import find

LINKABLE = ["practice", "question", "agreement"]


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    rows: list[AgendaSuggestion]


def suggestions(meeting: Meeting, user: Any, now: datetime) -> list[Group]:
    """By source, without what is on the agenda already."""
    there = set(meeting.items.filter(linked_id__isnull=False).values_list("linked_kind", "linked_id"))
    groups = []
    for source in agenda_sources:
        rows = source.suggest(meeting.series.county_ids, user, now)
        rows = [row for row in rows if (row.kind, row.object_id) not in there]
        if rows:
            groups.append(Group(str(source.label), rows))
    return groups


def found_by_title(text: str, user: Any) -> list[Any]:
    """The first ten practices, questions and agreements that the person may see; hits as search gives them."""
    return list(find(text, user=user, kinds=LINKABLE, per_page=10).hits)
