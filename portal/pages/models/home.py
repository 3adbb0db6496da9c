"""The root of the page tree."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import resolve
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Page

from portal.pages.models.blocks import StepBlock
from portal.pages.models.media import Audience
from portal.pages.models.tree import PortalPage


class HomePage(PortalPage):
    """The home page: open to everyone, and only one. What it shows to whom is told by `portal.pages.screens.home`."""

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
        """As the view at its address does, which needs no page: a preview shows the home page of whoever looks."""
        view = resolve("/")
        response: TemplateResponse = view.func(request, *view.args, **view.kwargs)
        return response
