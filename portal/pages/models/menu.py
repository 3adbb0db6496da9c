"""The pages named in the portal's navigation."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from portal.districts.models.standing import standing_of
from portal.pages.models.media import audiences_of
from portal.pages.models.tree import HOME_DEPTH, PortalPage, url_of

KEPT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class MenuItem:
    title: str
    url: str


_kept: dict[str, tuple[float, list[MenuItem]]] = {}


def main_menu(user: Any) -> list[MenuItem]:
    """Children of the home page with *show in menus*, in the order an officer gave them.

    One query, kept in the process for five seconds for each audience.
    """
    widest = audiences_of(standing_of(user))[-1]
    kept = _kept.get(widest)
    if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
        rows = (
            PortalPage.objects.visible_to(user)
            .in_menu()
            .filter(depth=HOME_DEPTH + 1)
            .order_by("path")
            .values_list("title", "url_path")[:8]
        )
        kept = _kept[widest] = (time.monotonic(), [MenuItem(title, url_of(path)) for title, path in rows])
    return kept[1]


def forget_menu() -> None:
    """Called with every write of a page; other processes follow within five seconds."""
    _kept.clear()
