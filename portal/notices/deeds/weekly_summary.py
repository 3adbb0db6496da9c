"""The Monday summary: what happened in a member's counties since the last one, a week before."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from portal.districts.models import Membership, User
from portal.districts.models.chapter import Chapter
from portal.notices.deeds.tell import tell
from portal.progress import done_until, note
from portal.registry import SummarySection, summary_sources

KIND = "weekly-summary"
MOST_DAYS = 21
"""How far a summary looks back after weeks in which none was sent."""
MONDAY = 0
HOUR = 7


def send_weekly(now: datetime) -> int:
    """On Monday from 7:00 in the chapter's zone, and on Tuesday for a portal that was down: once per person and week.

    A week in which nothing happened is not written about. Once all were asked the week is done: who joins later on
    Monday reads of it next time. Returns how many people were told.
    """
    local = now.astimezone(Chapter.current().tz)
    if local.weekday() > MONDAY + 1 or (local.weekday() == MONDAY and local.hour < HOUR):
        return 0
    monday = local.date() - timedelta(days=local.weekday())
    until = datetime.combine(monday, time(HOUR), tzinfo=local.tzinfo)
    last = done_until(KIND)
    if last == until:
        return 0
    since = max(last or until - timedelta(days=7), until - timedelta(days=MOST_DAYS))
    told = 0
    people = (
        User.objects.filter(is_active=True, pk__in=Membership.objects.current(local.date()).values("person"))
        .exclude(switched_off__kind=KIND)
        .exclude(notices__kind=KIND, notices__key=f"week:{monday}")
    )
    for person in people.iterator(chunk_size=200):
        sections = _sections(person, since, until)
        if sections:
            told += tell(KIND, [person], key=f"week:{monday}", at=now, sections=sections, since=since, until=until)
    note(KIND, until)
    return told


def _sections(person: User, since: datetime, until: datetime) -> list[SummarySection]:
    ordered = sorted(summary_sources, key=lambda source: source.order)
    return [section for source in ordered if (section := source.load(person, since, until)) is not None]
