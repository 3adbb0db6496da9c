"""Ids as people's browsers send them."""

from __future__ import annotations

LONGEST = 18
"""Digits: what every database's big integer holds, and Python reads without refusing."""


def row_id(text: str) -> int | None:
    """The id in a form or an address; None for what cannot be one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else None
