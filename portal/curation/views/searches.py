"""What people search for, as officers see it in the Wagtail admin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from portal.curation.models import LoggedSearch
from portal.search.asking.helping import ask_url
from portal.search.text.query import parse, spoken


class SearchesFilters(WagtailFilterSet):  # type: ignore[misc]
    found = django_filters.ChoiceFilter(
        label=gettext_lazy("Found"), method="by_found", choices=[("nothing", gettext_lazy("Nothing, at least once"))]
    )
    days = django_filters.ChoiceFilter(
        label=gettext_lazy("In the last"),
        method="by_days",
        choices=[("7", gettext_lazy("7 days")), ("30", gettext_lazy("30 days"))],
    )

    class Meta:
        model = LoggedSearch
        fields: list[str] = []

    def by_found(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(misses__gt=0).order_by("-misses", "-times", "text")

    def by_days(self, rows: QuerySet[LoggedSearch], name: str, value: str) -> QuerySet[LoggedSearch]:
        return rows.filter(day__gte=timezone.localdate() - timedelta(days=int(value)))


class SearchesReport(ReportView):  # type: ignore[misc]
    """What people search for, the most frequent first, and what found nothing."""

    page_title = gettext_lazy("What people search for")
    header_icon = "search"
    results_template_name = "curation/admin/searches_results.html"
    filterset_class = SearchesFilters
    index_url_name = "searches_report"
    index_results_url_name = "searches_report_results"
    permission_policy = ModelPermissionPolicy(LoggedSearch)
    any_permission_required = ["view"]
    list_export = ["text", "times", "readers", "misses", "last"]
    export_headings = {
        "text": gettext_lazy("Words"),
        "times": gettext_lazy("Searches"),
        "readers": gettext_lazy("Members"),
        "misses": gettext_lazy("Found nothing"),
        "last": gettext_lazy("Last"),
    }

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """What is offered for a search is about its words, not the operators typed with them."""
        if self.is_export:
            return object_list
        for row in object_list:
            row["words"] = spoken(parse(row["text"]).words)
            row["ask_url"] = ask_url(row["words"]) if row["words"] else ""
        return object_list

    def get_queryset(self) -> Any:
        return (
            LoggedSearch.objects.values("text")
            .annotate(
                times=Count("pk"),
                readers=Count("reader", distinct=True, filter=~Q(reader="")),
                misses=Count("pk", filter=Q(total=0)),
                last=Max("day"),
            )
            .order_by("-times", "text")
        )
