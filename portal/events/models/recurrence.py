"""Rules a host can say ("second Thursday"), kept as RFC 5545 text. Dates only: the clock is the series' own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.db import models
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
"""As RFC 5545 counts: from the end of the month."""
NTHS: dict[int, str | Promise] = {
    1: gettext_lazy("first"),
    2: gettext_lazy("second"),
    3: gettext_lazy("third"),
    4: gettext_lazy("fourth"),
    5: gettext_lazy("fifth"),
    LAST: gettext_lazy("last"),
}
MOST_MONTH_DAYS = 31


class Pattern(models.TextChoices):
    NTH_WEEKDAY = "nth", gettext_lazy("Weekdays of the month: the second Thursday, the last Monday")
    WEEKS = "weeks", gettext_lazy("Every week, or every so many weeks")
    MONTH_DAY = "day", gettext_lazy("The same day of each month: the 15th, the last day")
    DATES = "dates", gettext_lazy("Single dates")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """One of four patterns. Weekdays count from Monday 0; `months` is empty for all twelve.

    A month without a fifth Thursday, or without a 31st, has no meeting; `LAST` is the last one that it has.
    """

    pattern: Pattern
    weekdays: tuple[int, ...] = (0,)
    nths: tuple[int, ...] = (1,)
    interval: int = 1
    month_day: int = 1
    months: tuple[int, ...] = ()
    dates: tuple[date, ...] = ()

    def to_rfc5545(self) -> str:
        """The value of RRULE, or of RDATE with its name for single dates."""
        by_month = f";BYMONTH={','.join(map(str, self.months))}" if self.months else ""
        days = [DAYS[weekday] for weekday in self.weekdays]
        match self.pattern:
            case Pattern.NTH_WEEKDAY:
                return f"FREQ=MONTHLY{by_month};BYDAY={','.join(f'{nth}{day}' for nth in self.nths for day in days)}"
            case Pattern.WEEKS:
                return f"FREQ=WEEKLY;INTERVAL={self.interval}{by_month};BYDAY={','.join(days)}"
            case Pattern.MONTH_DAY:
                return f"FREQ=MONTHLY{by_month};BYMONTHDAY={self.month_day}"
            case Pattern.DATES:
                return "RDATE;VALUE=DATE:" + ",".join(f"{d:%Y%m%d}" for d in sorted(set(self.dates)))

    @classmethod
    def from_rfc5545(cls, text: str) -> Recurrence:
        """Read what `to_rfc5545` wrote; `ValueError` for any other rule."""
        if text.startswith("RDATE;VALUE=DATE:"):
            days = text.partition(":")[2].split(",")
            return cls(Pattern.DATES, dates=tuple(_date(value) for value in days))
        parts = dict(part.split("=", 1) for part in text.split(";"))
        months = tuple(int(m) for m in parts.get("BYMONTH", "").split(",") if m)
        if "BYMONTHDAY" in parts:
            return cls(Pattern.MONTH_DAY, month_day=int(parts["BYMONTHDAY"]), months=months)
        by_day = parts["BYDAY"].split(",")
        weekdays = _distinct(DAYS.index(day[-2:]) for day in by_day)
        if parts["FREQ"] == "WEEKLY":
            return cls(Pattern.WEEKS, weekdays=weekdays, interval=int(parts.get("INTERVAL", "1")), months=months)
        return cls(
            Pattern.NTH_WEEKDAY, weekdays=weekdays, nths=_distinct(int(day[:-2]) for day in by_day), months=months
        )

    def starting(self, first: date) -> date:
        """The day from which a series counts that may begin on `first`: for weeks, the first that the rule names.

        "Every 8 weeks on Monday" from a Tuesday begins on the Monday after, not when eight weeks are over; and
        "September to May" from a day in June on the first one in September.
        """
        if self.pattern != Pattern.WEEKS:
            return first
        days = (first + timedelta(days=ahead) for ahead in count())
        return next(d for d in days if d.weekday() in self.weekdays and (not self.months or d.month in self.months))

    def days(self, first: date, last: date) -> list[date]:
        """The rule's days from `first`, where weeks are counted from, to `last`, both included."""
        if self.pattern == Pattern.DATES:
            return sorted({d for d in self.dates if first <= d <= last})
        if last < first:
            return []
        rule = rrulestr(self.to_rfc5545(), dtstart=datetime.combine(first, time()))
        return [d.date() for d in rule.between(*_naive(first, last), inc=True)]

    def in_words(self) -> str:
        """ "Second Thursday of the month, September to May"."""
        days = _listed(WEEKDAYS[weekday] for weekday in self.weekdays)
        match self.pattern:
            case Pattern.NTH_WEEKDAY:
                words = _("%(nth)s %(day)s of the month") % {"nth": _listed(NTHS[n] for n in self.nths), "day": days}
            case Pattern.WEEKS:
                words = ngettext("every %(day)s", "every %(weeks)d weeks on %(day)s", self.interval) % {
                    "weeks": self.interval,
                    "day": days,
                }
            case Pattern.MONTH_DAY if self.month_day == LAST:
                words = _("last day of the month")
            case Pattern.MONTH_DAY:
                words = _("day %(day)d of the month") % {"day": self.month_day}
            case Pattern.DATES:
                words = ngettext("one date", "%(count)d dates", len(self.dates)) % {"count": len(self.dates)}
        if self.months:
            words = f"{words}, {_months_in_words(self.months)}"
        return words[:1].upper() + words[1:]


def months_between(first: int, last: int) -> tuple[int, ...]:
    """The months from `first` to `last`, over the new year where need be; all twelve are the empty tuple."""
    count = (last - first) % 12 + 1
    return () if count == 12 else tuple((first - 1 + i) % 12 + 1 for i in range(count))


def instant(day: date, clock: time, zone: str) -> datetime:
    """The moment when the clock in `zone` shows that time of that day, in UTC.

    In the night that clocks go back, the first of the two; a time that the night skips counts from the offset before
    (2:30 AM is 3:30 AM), as RFC 5545 says.
    """
    return datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def _months_in_words(months: Sequence[int]) -> str:
    if tuple(months) == months_between(months[0], months[-1]) and len(months) > 1:
        return _("%(first)s to %(last)s") % {
            "first": MONTHS[months[0]],
            "last": MONTHS[months[-1]],
        }
    return ", ".join(str(MONTHS[m]) for m in months)


def _listed(words: Iterable[str | Promise]) -> str:
    """ "first and third"."""
    return get_text_list([str(word) for word in words], _("and"))


def _distinct(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers))


def _naive(first: date, last: date) -> tuple[datetime, datetime]:
    return datetime.combine(first, time()), datetime.combine(last, time()) + timedelta(hours=1)


def _date(value: str) -> date:
    return date(int(value[:4]), int(value[4:6]), int(value[6:8]))
