"""The invitation to a meeting."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portal.districts.models import User
from portal.events.deeds.begin import locked_meeting
from portal.events.deeds.notify import tell_everyone
from portal.events.models.meetings import Meeting


@transaction.atomic
def invite(meeting: Meeting, *, by: User, at: datetime) -> int:
    """Send the invitation with the agenda; told twice of the same date, nobody gets a second mail."""
    meeting = locked_meeting(meeting.pk, by=by)
    meeting.refuse_unless_scheduled()
    meeting.invited_at = at
    meeting.save(update_fields=["invited_at"])
    return tell_everyone("meeting-announced", meeting, by=by, at=at)
