"""Minutes on their way: drafted, circulated, approved."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal.districts.models import User
from portal.events.deeds.begin import locked_meeting
from portal.events.deeds.notify import tell_everyone
from portal.events.models.meetings import Meeting, MinutesState
from portal.refusals import Refused


@transaction.atomic
def circulate(meeting: Meeting, *, by: User, at: datetime, quiet: bool = False) -> None:
    """From now on members read the minutes; they are told."""
    meeting = locked_meeting(meeting.pk, by=by)
    if meeting.minutes_state != MinutesState.DRAFT:
        raise Refused(_("These minutes were already sent out."))
    meeting.refuse_unless_begun(at)
    meeting.minutes_state, meeting.circulated_at = MinutesState.CIRCULATED, at
    meeting.save(update_fields=["minutes_state", "circulated_at"])
    log(meeting, "events.circulate", user=by)
    if not quiet:
        tell_everyone("minutes-circulated", meeting, by=by, at=at, attach=False)


@transaction.atomic
def approve(meeting: Meeting, *, by: User, at: datetime) -> None:
    """Approved at the next meeting: nobody changes them any more."""
    meeting = locked_meeting(meeting.pk, by=by)
    if meeting.minutes_state != MinutesState.CIRCULATED:
        raise Refused(_("Send out the minutes first."))
    meeting.minutes_state, meeting.approved_at = MinutesState.APPROVED, at
    meeting.save(update_fields=["minutes_state", "approved_at"])
    log(meeting, "events.approve", user=by)
