"""What the home page shows. It works while no page tree exists: the portal's own parts need none."""

from __future__ import annotations

from typing import Any

from django.db import models

from portal.districts.models.standing import Standing
from portal.pages.models import BoardPage, HomePage, NewsPage, PortalPage, ToolkitPage
from portal.registry import PanelContext, needs, shown_panels

LISTED = ("title", "url_path", "summary")
"""The fields a list of pages needs."""


def for_member(standing: Standing, context: PanelContext) -> dict[str, Any]:
    """What needs them now. No query, besides those of the registered panels and needs."""
    place: models.Model | None = standing.district or (standing.offices[0] if standing.offices else None)
    return {
        "place": getattr(place, "short_name", "") or (str(place) if place else ""),
        "needs": needs(context),
        "panels": shown_panels("home.member", context),
        "aside": shown_panels("home.aside", context),
    }


def for_visitor(context: PanelContext) -> dict[str, Any]:
    """What the chapter is. Four queries, besides those of the registered panels."""
    visible = PortalPage.objects.visible_to(context.user)
    return {
        "page": HomePage.objects.live().order_by("path").first(),
        "panels": shown_panels("home.visitor", context),
        "toolkits": ToolkitPage.objects.filter(pk__in=visible.values("pk")).order_by("path").only(*LISTED)[:6],
        "news": NewsPage.objects.filter(pk__in=visible.values("pk")).order_by("-date", "-pk").only(*LISTED, "date")[:3],
        "board": BoardPage.objects.filter(pk__in=visible.values("pk")).order_by("path").first(),
    }
