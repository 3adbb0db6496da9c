from portal.events.agendas import ActionItem, AgendaItem, Decision, ItemKind
from portal.events.answers import Answer, Attendance, Rsvp
from portal.events.feeds import FeedSecret
from portal.events.meetings import Meeting, MinutesState, NotPossibleError, Status
from portal.events.series import MeetingSeries

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
