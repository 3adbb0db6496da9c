"""Pages of plain content: about, privacy, a campaign; and the chapter's board."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.search import index

from portal.pages.models.blocks import BodyBlock, SeatBlock
from portal.pages.models.tree import PortalPage


class StandardPage(PortalPage):
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    template = "pages/standard_page.html"
    parent_page_types = ["pages.HomePage", "pages.StandardPage"]
    subpage_types = ["pages.StandardPage"]
    content_panels = [*PortalPage.content_panels, FieldPanel("body")]
    search_fields = [*PortalPage.search_fields, index.SearchField("summary"), index.SearchField("body")]
    search_kind = "page"

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")


class BoardPage(PortalPage):
    """Who holds which seat, by role."""

    seats = StreamField(StreamBlock([("seat", SeatBlock())]), verbose_name=_("seats"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    template = "pages/board_page.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []
    content_panels = [*PortalPage.content_panels, FieldPanel("seats"), FieldPanel("body")]
    search_fields = [*PortalPage.search_fields, index.SearchField("summary"), index.SearchField("seats")]
    search_kind = "page"

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
