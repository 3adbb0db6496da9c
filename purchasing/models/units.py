"""Units as words: "1 device", "240 devices", "endpoints per year"."""

from __future__ import annotations

import re

from portal.formats import number

_EITHER = re.compile(r"\(e?s\)")
"""The end by which a host leaves the number open: "device(s)"."""
_REST = re.compile(r"\s*[(,/;:]| (?:of|per|in|for|with|at) ")
"""From here on a unit says more of what was named: "license (1 year)"."""
_STAY = frozenset({"each", "equipment", "service"})


def singular(unit: str) -> str:
    """ "device" of "device(s)"."""
    return _EITHER.sub("", unit)


def plural(unit: str) -> str:
    """The English plural of a unit as a host typed it; "each" and words that end in s stay as they are."""
    unit = singular(unit)
    rest = _REST.search(unit)
    end = rest.start() if rest else len(unit)
    return _plural_of(unit[:end]) + unit[end:]


def _plural_of(noun: str) -> str:
    last = noun.rpartition(" ")[2].lower()
    if not last[-1:].isalpha() or last in _STAY or last.endswith("s"):
        return noun
    if last.endswith(("x", "ch", "sh", "z")):
        return noun + "es"
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def counted(quantity: int, unit: str) -> str:
    """ "1,153 devices"."""
    return f"{number(quantity)} {singular(unit) if quantity == 1 else plural(unit)}"
