from portal.events.models.agendas import AgendaItem, ItemKind
from portal.events.models.attendance import Attendance
from portal.events.models.feed_secret import FeedSecret
from portal.events.models.meetings import Meeting, MinutesState, Status
from portal.events.models.outcomes import ActionItem, Decision
from portal.events.models.rsvps import Reply, Rsvp
from portal.events.models.series import MeetingSeries

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Attendance",
    "Decision",
    "FeedSecret",
    "ItemKind",
    "Meeting",
    "MeetingSeries",
    "MinutesState",
    "Reply",
    "Rsvp",
    "Status",
]
