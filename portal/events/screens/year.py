"""A school year of meetings, month by month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from portal.districts.models.chapter import Chapter
from portal.events.models.meetings import Meeting

FIRST_MONTH = 7
"""The year shown is the school year, from July to June."""


@dataclass(frozen=True, slots=True)
class Month:
    first: datetime
    is_past: bool
    meetings: list[Meeting]


def school_year(text: str, now: datetime) -> tuple[int, datetime, datetime]:
    """The school year that begins in July of the year named, else the one we are in; from its start until its end."""
    tz = Chapter.current().tz
    today = now.astimezone(tz)
    year = today.year if today.month >= FIRST_MONTH else today.year - 1
    if len(text) == 4 and text.isascii() and text.isdigit() and 2000 <= int(text) <= 2100:
        year = int(text)
    return year, datetime(year, FIRST_MONTH, 1, tzinfo=tz), datetime(year + 1, FIRST_MONTH, 1, tzinfo=tz)


def by_month(meetings: Iterable[Meeting], now: datetime) -> Iterable[Month]:
    for _month, group in groupby(meetings, key=lambda m: (m.local_start.year, m.local_start.month)):
        rows = list(group)
        yield Month(rows[0].local_start, all(m.is_over(now) for m in rows), rows)
