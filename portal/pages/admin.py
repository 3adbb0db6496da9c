"""What the portal adds to the officers' admin: a panel on its first page and one report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.components import Component
from wagtail.admin.views.reports import PageReportView

from portal.districts.models.chapter import Chapter
from portal.pages.models.media import Audience
from portal.pages.models.tree import HOME_DEPTH, PortalPage
from portal.paging import capped_count
from portal.registry import search_sources


class ChapterPanel(Component):  # type: ignore[misc]
    """What there is, and which pages wait to be published."""

    name = "chapter"
    template_name = "pages/admin/chapter_panel.html"
    order = 50

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        sources = sorted(search_sources, key=lambda source: source.order)
        return {
            "heading": Chapter.current().name,
            "counts": [(source.label, *capped_count(source.rows())) for source in sources],
            "drafts": PortalPage.objects.filter(has_unpublished_changes=True).order_by("-latest_revision_created_at")[
                :5
            ],
        }


class PagesFilters(WagtailFilterSet):  # type: ignore[misc]
    shown_to = django_filters.ChoiceFilter(label=_("Who can see this"), choices=Audience.choices)
    changed_before = django_filters.DateFilter(
        label=_("Not changed since"), field_name="latest_revision_created_at", lookup_expr="date__lte"
    )

    class Meta:
        model = PortalPage
        fields = ["shown_to", "live"]


class PagesReport(PageReportView):  # type: ignore[misc]
    """All pages by who can see them and when they last changed."""

    page_title = _("Pages by who can see them")
    header_icon = "view"
    results_template_name = "pages/admin/report_results.html"
    filterset_class = PagesFilters
    index_url_name = "pages_report"
    index_results_url_name = "pages_report_results"
    any_permission_required = ["add", "change", "publish"]
    list_export = ["title", "get_shown_to_display", "get_audience_display", "status_string"]
    export_headings = {
        "get_shown_to_display": _("Who can see this"),
        "get_audience_display": _("Chosen on the page"),
        "status_string": _("Status"),
    }

    def get_queryset(self) -> QuerySet[PortalPage]:
        found: QuerySet[PortalPage] = PortalPage.objects.filter(depth__gte=HOME_DEPTH).order_by(
            "shown_to", "latest_revision_created_at", "path"
        )
        return found
