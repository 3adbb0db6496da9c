"""How a host's deed begins: the stored row is locked and the right asked, before anything is judged or written."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from portal.districts.models import User
from portal.events import rules
from portal.events.models.meetings import Meeting
from portal.events.models.series import MeetingSeries


def locked_series(pk: int, *, by: User) -> MeetingSeries:
    """`PermissionDenied` for who does not run it. A deed on dates or places locks it before it locks a meeting."""
    series = MeetingSeries.objects.locked(pk)
    if not rules.may_run(by, series):
        raise PermissionDenied
    return series


def locked_meeting(pk: int, *, by: User) -> Meeting:
    """`PermissionDenied` for who does not run its series."""
    meeting = Meeting.objects.locked(pk)
    if not rules.may_run(by, meeting.series):
        raise PermissionDenied
    return meeting


def writable_meeting(pk: int, *, by: User) -> Meeting:
    """The same for agenda and minutes; `Refused` once they stand."""
    meeting = locked_meeting(pk, by=by)
    meeting.refuse_unless_writable()
    return meeting
