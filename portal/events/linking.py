"""What an agenda item is about: a practice, an agreement, anything that search knows, as its reader may see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.search import links


def resolved(keys: Sequence[tuple[str, int]], user: Any) -> dict[tuple[str, int], Any]:
    """Title and address of each that the reader may see; no query for none."""
    return links.resolve(list(keys), user) if keys else {}
