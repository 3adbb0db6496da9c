"""The home page: for a visitor what the chapter is, for a member what needs them now."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Page

from portal.districts.models.standing import Standing, standing_of
from portal.pages.models.blocks import StepBlock
from portal.pages.models.media import Audience
from portal.pages.models.tree import PortalPage
from portal.registry import PanelContext, needs, shown_panels


class HomePage(PortalPage):
    """The root of the tree: open to everyone, and only one."""

    how_it_works = StreamField(
        StreamBlock([("step", StepBlock())], max_num=4), verbose_name=_("how it works"), blank=True
    )

    parent_page_types = [Page]
    subpage_types = ["pages.StandardPage", "pages.NewsIndexPage", "pages.ToolkitIndexPage", "pages.BoardPage"]
    max_count = 1
    content_panels = [*PortalPage.content_panels, FieldPanel("how_it_works")]
    promote_panels = [panel for panel in PortalPage.promote_panels if getattr(panel, "field_name", "") != "audience"]

    class Meta:
        verbose_name = _("home page")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.audience = Audience.PUBLIC
        super().save(*args, **kwargs)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> TemplateResponse:
        return show_home(request, self)


def show_home(request: HttpRequest, page: HomePage | None = None) -> TemplateResponse:
    """The home page for this reader. It works while no page tree exists: the portal's own parts need none.

    Costs a visitor four queries and a member none, besides the menu's and those of the registered panels.
    """
    standing = standing_of(request.user)
    context = PanelContext(user=request.user, now=timezone.now())
    if standing.is_member:
        return TemplateResponse(request, "pages/home_member.html", _for_member(standing, context))
    page = page or HomePage.objects.live().order_by("path").first()
    return TemplateResponse(request, "pages/home_visitor.html", _for_visitor(request, context) | {"page": page})


def _for_member(standing: Standing, context: PanelContext) -> dict[str, Any]:
    place: models.Model | None = standing.district or (standing.offices[0] if standing.offices else None)
    return {
        "place": getattr(place, "short_name", "") or (str(place) if place else ""),
        "needs": needs(context),
        "panels": shown_panels("home.member", context),
        "aside": shown_panels("home.aside", context),
    }


def _for_visitor(request: HttpRequest, context: PanelContext) -> dict[str, Any]:
    from portal.pages.models.news import NewsPage
    from portal.pages.models.standard import BoardPage
    from portal.pages.models.toolkits import ToolkitPage

    visible = PortalPage.objects.visible_to(request.user)
    return {
        "panels": shown_panels("home.visitor", context),
        "toolkits": ToolkitPage.objects.filter(pk__in=visible.values("pk")).order_by("path").only(*LISTED)[:6],
        "news": NewsPage.objects.filter(pk__in=visible.values("pk")).order_by("-date", "-pk").only(*LISTED, "date")[:3],
        "board": BoardPage.objects.filter(pk__in=visible.values("pk")).order_by("path").first(),
    }


LISTED = ("title", "url_path", "summary")
"""The fields a list of pages needs."""
