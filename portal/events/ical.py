"""iCalendar: what a meeting's row keeps for feeds, feeds put together from it, and the file in a mail.

Every meeting is a VEVENT of its own with its own UID, not an occurrence of a recurring one. The rows are the truth
(answers and minutes hang on them), so a moved meeting is a changed DTSTART, which every client reads alike; overriding
one date of a rule by RECURRENCE-ID is what subscribed calendars disagree about, most of all when the rule changes.
icalendar writes each VEVENT once, when the meeting changes; a feed only joins the texts. The portal's address is put
in when a feed or a file is written: `HERE` holds its place, so that an operator who moves the portal need rewrite none.
Every line is escaped and folded by icalendar: text goes in as `vText`, and nothing is added that is not a property.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from email.utils import parseaddr
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText
from icalendar.parser import Contentline

from portal.districts.models import User
from portal.events.models.meetings import Meeting
from portal.events.vtimezones import SIX_HOURS, vtimezone
from portal.text import clean, one_line

PRODUCT = "-//Roundtable//Meetings//EN"
FORM = 2
"""Raise it when feeds are written differently, so that no client keeps an old one."""
HERE = "\x1a"
"""Where the portal's address goes in a stored VEVENT: one byte, which no fold cuts and `clean` lets nobody type."""


def render(meeting: Meeting) -> None:
    """Write the row's two VEVENTs anew. Needs the series with county and office; saves nothing."""
    meeting.vevent = _event(meeting).to_ical().decode()
    meeting.vevent_public = _public_event(meeting).to_ical().decode()


def feed(name: str, zone: str, vevents: Iterable[str]) -> bytes:
    """A calendar of these texts, as `render` wrote them."""
    head, tail = _frame(name, zone)
    return _addressed(head + "".join(vevents) + tail)


def invitation(meeting: Meeting, person: User) -> bytes:
    """The file for a mail to one person: REQUEST, or CANCEL when the meeting is canceled."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", "CANCEL" if meeting.is_canceled else "REQUEST")
    calendar.add_component(vtimezone(meeting.zone))
    event = _event(meeting)
    organizer = vCalAddress(f"mailto:{_address()}")
    organizer.params["cn"] = _text(str(meeting.series.regional_office))
    event["organizer"] = organizer
    attendee = vCalAddress(f"mailto:{person.email}")
    attendee.params["cn"] = _text(person.name)
    attendee.params["partstat"] = vText("NEEDS-ACTION")
    attendee.params["rsvp"] = vText("TRUE")
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return _addressed(calendar.to_ical().decode())


def one(meeting: Meeting) -> bytes:
    """The file behind "Add to calendar"."""
    return feed(meeting.series.name, meeting.zone, [meeting.vevent])


def etag(series_id: int, version: int, reader: str) -> str:
    """Strong, and of one reader: never shared between people."""
    name = hashlib.sha256(f"{FORM}:{settings.PORTAL_URL}:{series_id}:{version}:{reader}".encode()).hexdigest()
    return f'"{name[:32]}"'


def uid(series_slug: str, original_starts_at: str) -> str:
    """The same for the same meeting, however often it is made."""
    name = hashlib.sha256(f"{series_slug}:{original_starts_at}".encode()).hexdigest()[:32]
    return f"{name}@{urlsplit(settings.PORTAL_URL).hostname or 'localhost'}"


@lru_cache(maxsize=256)
def _frame(name: str, zone: str) -> tuple[str, str]:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", "PUBLISH")
    calendar.add("name", _text(name))
    calendar.add("x-wr-calname", _text(name))
    calendar.add("x-wr-timezone", vText(zone))
    calendar.add("refresh-interval", SIX_HOURS, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", vText("PT6H"))
    calendar.add_component(vtimezone(zone))
    head, _end, tail = calendar.to_ical().decode().rpartition("END:VCALENDAR")
    return head, "END:VCALENDAR" + tail


def _event(meeting: Meeting) -> Event:
    event = _bare(meeting)
    event.add("summary", _text(meeting.title))
    if meeting.where:
        event.add("location", _text(meeting.where))
    url = HERE + meeting.get_absolute_url()
    lines = [_("Agenda, parking and the link to join: %(url)s") % {"url": url}]
    if happened := _happened(meeting):
        lines.insert(0, one_line(clean(happened % {"reason": meeting.reason})))
    event.add("description", vText("\n".join(lines)))
    event.add("url", url)
    return event


def _happened(meeting: Meeting) -> str:
    """What became of it, as a sentence for its reason."""
    if meeting.is_canceled:
        return _("Canceled: %(reason)s")
    if meeting.is_reinstated:
        return _("Takes place after all: %(reason)s")
    return _("Moved: %(reason)s") if meeting.is_moved and meeting.reason else ""


def _public_event(meeting: Meeting) -> Event:
    event = _bare(meeting)
    event.add("summary", _text(meeting.title))
    event.add("location", _text(meeting.series.where_it_is))
    return event


def _bare(meeting: Meeting) -> Event:
    event = Event()
    event.add("uid", meeting.uid)
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("sequence", meeting.sequence)
    event.add("dtstart", meeting.starts_at.astimezone(meeting.tz))
    event.add("dtend", meeting.ends_at.astimezone(meeting.tz))
    event.add("status", "CANCELLED" if meeting.is_canceled else "CONFIRMED")
    return event


def _text(text: str) -> vText:
    """A line of somebody's words; icalendar escapes this type alone, whatever the property."""
    return vText(one_line(clean(text)))


def _addressed(text: str) -> bytes:
    """The file with the portal's address in each place left for it, on lines of its own: folds change no value."""
    folded: bytes = Contentline(f" {settings.PORTAL_URL}").to_ical()  # type: ignore[no-untyped-call]
    here = folded.decode()
    return re.sub(rf"(?:\r\n )?{HERE}(?:\r\n )?", lambda found: f"\r\n{here}\r\n ", text).encode()


def _address() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
