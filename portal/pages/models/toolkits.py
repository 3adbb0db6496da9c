"""Toolkits: links, documents and practices on one topic."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from portal.pages.models.blocks import BodyBlock
from portal.pages.models.tree import PortalPage
from portal.paging import page_of
from portal.registry import PanelContext, shown_panels


class ToolkitIndexPage(PortalPage):
    template = "pages/toolkit_index.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.ToolkitPage"]

    class Meta:
        verbose_name = _("toolkit list")
        verbose_name_plural = _("toolkit lists")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        rows = ToolkitPage.objects.visible_to(request.user).child_of(self)
        context["toolkits"] = page_of(rows, order=["title", "pk"], token=request.GET.get("page", ""))
        return context


class ToolkitTag(TaggedItemBase):  # type: ignore[misc]
    content_object = ParentalKey("pages.ToolkitPage", on_delete=models.CASCADE, related_name="tagged_items")


class ToolkitPage(PortalPage):
    tags = ClusterTaggableManager(through=ToolkitTag, blank=True, verbose_name=_("topics"))
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    template = "pages/toolkit_page.html"
    parent_page_types = ["pages.ToolkitIndexPage"]
    subpage_types: list[str] = []
    content_panels = [*PortalPage.content_panels, FieldPanel("tags"), FieldPanel("body")]
    search_fields = [*PortalPage.search_fields, index.SearchField("summary"), index.SearchField("body")]
    search_kind = "toolkit"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["panels"] = shown_panels("toolkit", PanelContext(request.user, timezone.now(), self))
        return context

    class Meta:
        verbose_name = _("toolkit")
        verbose_name_plural = _("toolkits")
