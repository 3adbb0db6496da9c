"""What meetings say in the Monday summary."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from portal.districts.models import User
from portal.events.models.meetings import Meeting, MinutesState
from portal.registry import SummarySection
from portal.templatetags.wording import day, when

COMING_DAYS = 14
LINES = 5


def meetings(person: User, since: datetime, until: datetime) -> SummarySection | None:
    """Minutes sent out in the week, then meetings of the next 14 days. Two queries."""
    readable = Meeting.objects.visible_to(person)
    circulated = (
        readable.exclude(minutes_state=MinutesState.DRAFT)
        .filter(circulated_at__gte=since, circulated_at__lt=until)
        .order_by("-circulated_at", "-pk")[:2]
    )
    lines = [
        (
            _("Minutes are ready: %(meeting)s, %(day)s")
            % {"meeting": meeting.title, "day": day(meeting.starts_at, meeting.zone)},
            meeting.get_absolute_url(),
        )
        for meeting in circulated
    ]
    coming = readable.to_come(until).filter(starts_at__lt=until + timedelta(days=COMING_DAYS))[: LINES - len(lines)]
    lines += [
        (f"{meeting.title}: {when(meeting.starts_at, meeting.zone)}", meeting.get_absolute_url()) for meeting in coming
    ]
    return SummarySection(_("Meetings"), lines) if lines else None
