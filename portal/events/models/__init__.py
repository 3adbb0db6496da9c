from portal.events.models.agendas import ActionItem, AgendaItem, Decision, ItemKind
from portal.events.models.answers import Answer, Attendance, Rsvp
from portal.events.models.feed_secret import FeedSecret
from portal.events.models.meetings import Meeting, MinutesState, NotPossibleError, Status
from portal.events.models.series import MeetingSeries

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Answer",
    "Attendance",
    "Decision",
    "FeedSecret",
    "ItemKind",
    "Meeting",
    "MeetingSeries",
    "MinutesState",
    "NotPossibleError",
    "Rsvp",
    "Status",
]
