"""Units as words: "1 device", "240 devices", "endpoints per year"."""

from __future__ import annotations

from portal.formats import number


def plural(unit: str) -> str:
    """The English plural of a unit as a host typed it; "each" and words that end in s stay as they are."""
    head, space, rest = unit.partition(" ")
    if rest and not rest.startswith(("of ", "per ", "in ", "for ")):
        return f"{head} {plural(rest)}"
    if not head or head.lower() in {"each", "equipment", "service"} or head.endswith("s"):
        return unit
    if head.endswith(("x", "ch", "sh", "z")):
        many = head + "es"
    elif head.endswith("y") and head[-2:-1] not in "aeiou":
        many = head[:-1] + "ies"
    else:
        many = head + "s"
    return f"{many}{space}{rest}"


def counted(quantity: int, unit: str) -> str:
    """ "1,153 devices"."""
    return f"{number(quantity)} {unit if quantity == 1 else plural(unit)}"
