"""Days as people type them after `before:` and `after:`."""

from __future__ import annotations

import re
from datetime import date, datetime

from portal.text import one_line

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_US = re.compile(r"(\d{1,2})/(?:(\d{1,2})/)?(\d{4}|\d{2})")
_NAMED = ("%b %d %Y", "%B %d %Y", "%b %Y", "%B %Y")


def first_day(text: str) -> date | None:
    """The first day of the year, month or day that is named: 2026, 2026-03, 3/15/2026, March 2026. None for others."""
    text = one_line(text.replace(",", " "))
    if not text.isascii():
        return None
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _US.fullmatch(text):
        month, day, year = found.groups()
        if len(year) == 2:
            if day is None:  # "3/15" without a year is not a date here
                return None
            year = f"20{year}"
    else:
        return _named(text)
    try:
        return date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None


def _named(text: str) -> date | None:
    for pattern in _NAMED:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
