"""Links in what officers write. To what not everybody may see they lead by its number: its address tells its title."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.rich_text.pages import PageLinkHandler

from portal.pages.models.media import Audience


class PageLinks(PageLinkHandler):  # type: ignore[misc]
    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        return [_link(page, "pages:page") for page in cls.get_many(attrs_list)]


class DocumentLinks(DocumentLinkHandler):  # type: ignore[misc]
    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        return [_link(document, "pages:document") for document in cls.get_many(attrs_list)]


def _link(thing: Any, by_number: str) -> str:
    """The opening tag, without an address where the thing is gone."""
    if thing is None:
        return "<a>"
    shown_to = getattr(thing, "shown_to", None) or getattr(thing, "audience", None)
    is_open = shown_to == Audience.PUBLIC and getattr(thing, "live", True)
    return format_html('<a href="{}">', thing.url if is_open else reverse(by_number, args=[thing.pk]))
