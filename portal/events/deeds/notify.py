"""Mail about a meeting, each with the person's own calendar file."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from portal.districts.models import User
from portal.events.ical import invitation
from portal.events.models.meetings import Meeting
from portal.notices.deeds.tell import tell


def tell_everyone(kind: str, meeting: Meeting, *, by: User, at: datetime, attach: bool = True, **context: Any) -> int:
    """Write to all who are invited but the person who did it; how many were told.

    One occasion is one sequence of the meeting: told again of the same state, nobody gets a second mail.
    """
    people = meeting.series.people(at.astimezone(meeting.tz).date())
    return tell(
        kind,
        [person for person in people if person.pk != by.pk],
        key=f"meeting:{meeting.pk}:{kind}:{meeting.sequence}",
        at=at,
        calendar=partial(invitation, meeting) if attach else b"",
        meeting=meeting,
        series=meeting.series,
        **context,
    )
