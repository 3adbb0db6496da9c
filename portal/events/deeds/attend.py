"""Who was there: with it, a meeting was held."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from portal.districts.models import District, User
from portal.events.deeds.begin import writable_meeting
from portal.events.models.attendance import Attendance
from portal.events.models.meetings import Meeting, Status


@transaction.atomic
def take_attendance(meeting: Meeting, people: dict[District, int], *, by: User, at: datetime) -> None:
    """Who was there, district by district; those left out or with zero were not. The meeting was held.

    Refused before it begins: held is held, there is no way back to a date that members still answer to.
    """
    meeting = writable_meeting(meeting.pk, by=by)
    meeting.refuse_unless_begun(at)
    present = {district: count for district, count in people.items() if count > 0}
    meeting.attendance.exclude(district__in=present).delete()
    Attendance.objects.bulk_create(
        [Attendance(meeting=meeting, district=district, people=count) for district, count in present.items()],
        update_conflicts=True,
        unique_fields=["meeting", "district"],
        update_fields=["people"],
    )
    if meeting.status != Status.HELD:
        meeting.status = Status.HELD
        meeting.save(update_fields=["status"])
        log(meeting, "events.hold", user=by)
