"""Mail about a meeting, each with the person's own calendar file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.districts.models import User
from portal.events import calendars
from portal.events.meetings import Meeting
from portal.notices.telling import tell


def tell_everyone(
    kind: str, meeting: Meeting, *, by: User | None, at: datetime, attach: bool = True, **context: Any
) -> int:
    """Write to all who are invited but the person who did it; how many were told.

    One occasion is one sequence of the meeting: told again of the same state, nobody gets a second mail.
    """
    told = 0
    key = f"meeting:{meeting.pk}:{kind}:{meeting.sequence}"
    for person in meeting.series.people(at.astimezone(meeting.tz).date()):
        if by is not None and person.pk == by.pk:
            continue
        file = calendars.invitation(meeting, person) if attach else b""
        told += tell(kind, [person], key=key, at=at, calendar=file, meeting=meeting, series=meeting.series, **context)
    return told
