"""The pages named in the portal's navigation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.districts.models.standing import standing_of
from portal.kept import Kept
from portal.pages.models.media import audiences_of
from portal.pages.models.tree import HOME_DEPTH, PortalPage, url_of


@dataclass(frozen=True, slots=True)
class MenuItem:
    title: str
    url: str


_menus: Kept[dict[str, list[MenuItem]]] = Kept(5.0, dict)


def main_menu(user: Any) -> list[MenuItem]:
    """Children of the home page with *show in menus*, in the order an officer gave them.

    One query, kept in the process for five seconds for each audience.
    """
    widest = audiences_of(standing_of(user))[-1]
    menus = _menus.get()
    if widest not in menus:
        rows = (
            PortalPage.objects.visible_to(user)
            .in_menu()
            .filter(depth=HOME_DEPTH + 1)
            .order_by("path")
            .values_list("title", "url_path")[:8]
        )
        menus[widest] = [MenuItem(title, url_of(path)) for title, path in rows]
    return menus[widest]


def forget_menu(**kwargs: Any) -> None:
    """Told of every write of a page; other processes follow within five seconds."""
    _menus.forget()
