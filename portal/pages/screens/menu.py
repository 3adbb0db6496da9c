"""Where every page leads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.districts.models.standing import standing_of
from portal.kept import Kept
from portal.pages.models.media import audiences_of
from portal.pages.models.tree import HOME_DEPTH, PortalPage, url_of


@dataclass(frozen=True, slots=True)
class MenuItem:
    title: str
    url: str
    current: str = ""
    """For `aria-current`: see `seen_from`."""
    has_more: bool = False
    """Other pages of the portal lie below."""

    def seen_from(self, path: str) -> str:
        """ "page" to who is there, "true" to who is somewhere below, else ""."""
        if path == self.url:
            return "page"
        return "true" if self.has_more and path.startswith(self.url) else ""


_pages: Kept[dict[str, list[MenuItem]]] = Kept(5.0, dict)


SECTIONS = {
    "knowledge:practice-list": _("Practices"),
    "knowledge:question-list": _("Questions"),
    "events:meeting-list": _("Meetings"),
    "purchasing:agreement-list": _("Agreements"),
    "districts:district-list": _("Districts"),
}
"""The portal's parts, which stand before its pages."""


@cache
def _sections(language: str) -> tuple[MenuItem, ...]:
    return tuple(MenuItem(str(title), reverse(name), has_more=True) for name, title in SECTIONS.items())


def main_menu(user: Any, path: str = "") -> tuple[MenuItem, ...]:
    """What somebody who is at `path` is led to from everywhere: the portal's parts, and the pages of the menu."""
    items = (*_sections(get_language()), *pages_in_menu(user))
    return tuple(replace(one, current=current) if (current := one.seen_from(path)) else one for one in items)


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
