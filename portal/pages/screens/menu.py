"""Where every page leads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.districts.models.standing import standing_of
from portal.kept import Kept
from portal.pages.models.media import audiences_of
from portal.pages.models.tree import HOME_DEPTH, PortalPage, url_of

SECTIONS = {
    "knowledge:practice-list": _("Practices"),
    "knowledge:question-list": _("Questions"),
    "events:meeting-list": _("Meetings"),
    "purchasing:agreement-list": _("Agreements"),
    "districts:district-list": _("Districts"),
}
"""The portal's parts, which stand before its pages."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    title: str
    url: str
    current: str = ""
    """For `aria-current`: "page" where the reader is there, "true" where they are somewhere below, else ""."""


_pages: Kept[dict[str, list[MenuItem]]] = Kept(5.0, dict)


def main_menu(user: Any, path: str = "") -> tuple[MenuItem, ...]:
    """What somebody who is at `path` is led to from everywhere: the portal's parts, and the pages of the menu."""
    parts = tuple(
        MenuItem(str(title), url, "page" if path == url else "true" if path.startswith(url) else "")
        for title, url in ((title, reverse(name)) for name, title in SECTIONS.items())
    )
    return parts + tuple(replace(one, current="page") if one.url == path else one for one in pages_in_menu(user))


def pages_in_menu(user: Any) -> list[MenuItem]:
    """Children of the home page with *show in menus*, in the order an officer gave them.

    One query, kept in the process for five seconds for each audience.
    """
    widest = audiences_of(standing_of(user))[-1]
    pages = _pages.get()
    if widest not in pages:
        rows = (
            PortalPage.objects.visible_to(user)
            .in_menu()
            .filter(depth=HOME_DEPTH + 1)
            .order_by("path")
            .values_list("title", "url_path")[:8]
        )
        pages[widest] = [MenuItem(title, url_of(path)) for title, path in rows]
    return pages[widest]


def forget_menu(**kwargs: Any) -> None:
    """Told of every write of a page; other processes follow within five seconds."""
    _pages.forget()
