"""The host's page of an agenda: what is on it, what members proposed, and what could be."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.events.models.meetings import Meeting
from portal.events.screens.meeting import lines_of
from portal.events.screens.suggestions import suggestions


def agenda_page(meeting: Meeting, user: Any, now: datetime) -> dict[str, Any]:
    """Three queries, and those of links and suggestions."""
    return {
        "meeting": meeting,
        "lines": lines_of(meeting, user, []),
        "proposals": list(meeting.items.filter(is_proposal=True).select_related("owner", "proposed_by")),
        "last": meeting.last_with_agenda(),
        "suggestions": suggestions(meeting, user, now),
    }
