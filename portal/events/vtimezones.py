"""VTIMEZONE components. icalendar writes them; the onsets are worked out here.

icalendar 7.3's own `Timezone.from_tzid` gives the spring onset in the offset after the change (an hour late)
and lists dates where Outlook reads only a yearly rule.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vDuration

UTC = ZoneInfo("UTC")
FIRST_YEAR, LAST_YEAR = 2019, 2037
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@lru_cache(maxsize=32)
def vtimezone(zone: str) -> Timezone:
    """The zone from 2019 on; with a yearly rule where its changes follow one, else with each date."""
    tz = ZoneInfo(zone)
    component = Timezone()
    component.add("tzid", zone)
    onsets: dict[tuple[timedelta, timedelta, str, bool], list[datetime]] = {}
    for moment in _changes(tz):
        before, after = (moment - timedelta(seconds=1)).astimezone(tz), moment.astimezone(tz)
        offsets = (_offset(before), _offset(after))
        local = (moment + offsets[0]).replace(tzinfo=None)
        onsets.setdefault((*offsets, after.tzname() or zone, bool(after.dst())), []).append(local)
    if not onsets:
        first = datetime(FIRST_YEAR, 1, 1, tzinfo=tz)
        onsets[_offset(first), _offset(first), first.tzname() or zone, False] = [first.replace(tzinfo=None)]
    for (before_offset, after_offset, name, is_summer), dates in onsets.items():
        part = TimezoneDaylight() if is_summer else TimezoneStandard()
        part.add("dtstart", dates[0])
        part.add("tzname", name)
        part.add("tzoffsetfrom", before_offset)
        part.add("tzoffsetto", after_offset)
        rule = _yearly(dates)
        if rule:
            part.add("rrule", rule)
        elif dates[1:]:
            part.add("rdate", dates[1:])
        component.add_component(part)
    return component


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def _changes(tz: ZoneInfo) -> list[datetime]:
    """The instants at which the offset or the name changes, to the second."""
    found = []
    day, last = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR, 12, 31, tzinfo=UTC)
    while day < last:
        following = day + timedelta(days=1)
        if _face(day, tz) != _face(following, tz):
            low, high = day, following
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
                low, high = (middle, high) if _face(middle, tz) == _face(low, tz) else (low, middle)
            found.append(high)
        day = following
    return found


def _face(moment: datetime, tz: ZoneInfo) -> tuple[timedelta, str | None]:
    local = moment.astimezone(tz)
    return _offset(local), local.tzname()


def _yearly(dates: list[datetime]) -> dict[str, object] | None:
    """The rule "nth (or last) weekday of a month" that gives exactly these local onsets, one each year, or None."""
    if len(dates) != LAST_YEAR - FIRST_YEAR + 1:
        return None
    faces = {(d.month, d.weekday(), d.time()) for d in dates}
    if len(faces) != 1:
        return None
    if len({(d.day - 1) // 7 for d in dates}) == 1:
        nth = (dates[0].day - 1) // 7 + 1
    elif all((d + timedelta(days=7)).month != d.month for d in dates):
        nth = -1
    else:
        return None
    return {"freq": "yearly", "bymonth": dates[0].month, "byday": f"{nth}{DAYS[dates[0].weekday()]}"}


SIX_HOURS = vDuration(timedelta(hours=6))
