"""News of the chapter, newest first."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from portal.pages.models.blocks import BodyBlock
from portal.pages.models.tree import PortalPage
from portal.paging import page_of


class NewsIndexPage(PortalPage):
    template = "pages/news_index.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.NewsPage"]

    class Meta:
        verbose_name = _("news list")
        verbose_name_plural = _("news lists")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        rows = NewsPage.objects.visible_to(request.user).child_of(self)
        context["news"] = page_of(rows, order=["-date", "-pk"], token=request.GET.get("page", ""))
        return context


class NewsPage(PortalPage):
    date = models.DateField(_("date"), default=timezone.localdate)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    template = "pages/news_page.html"
    parent_page_types = ["pages.NewsIndexPage"]
    subpage_types: list[str] = []
    content_panels = [*PortalPage.content_panels, FieldPanel("date"), FieldPanel("body")]
    search_fields = [*PortalPage.search_fields, index.SearchField("summary"), index.SearchField("body")]
    search_kind = "news"

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")
        indexes = [models.Index(fields=["date"], name="news_by_date")]
