"""What officers see of search in the Wagtail admin: forms that start filled, and what people search for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import CreateView

from portal import boxes, search
from portal.registry import search_sources
from portal.search.helping import ask_url
from portal.search.links import resolve
from portal.search.models import LoggedSearch
from portal.search.query import parse, spoken
from portal.search.synonyms import split

OFFERED = 10
SHOWN_DAYS = 90
"""How long a promoted answer is shown where the officer names no other day."""


class PrefilledCreate(CreateView):  # type: ignore[misc]
    """A form with what its address names already in it: `?words=trolleys`."""

    prefilled: tuple[str, ...] = ()

    def get_initial_form_instance(self) -> Any:
        return self.model(**{name: self.request.GET.get(name, "")[:200] for name in self.prefilled})


class NewSynonyms(PrefilledCreate):
    prefilled = ("words", "also")


class NewPromoted(PrefilledCreate):
    prefilled = ("phrases",)


class PromotedForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Which thing is the answer: one of those that search finds for the words, or for other words given here."""

    find = boxes.CharField(
        label=gettext_lazy("Look for"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Where the answer is not in the list below: words of its title. Save to see what fits."),
    )
    thing = boxes.ChoiceField(label=gettext_lazy("The answer"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("until", timezone.localdate() + timedelta(days=SHOWN_DAYS))
        self.fields["thing"].choices = self._choices()  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["thing"] = f"{self.instance.kind}:{self.instance.object_id}"

    def _choices(self) -> list[tuple[str, str]]:
        """What is chosen already, and the best results for the words."""
        chosen = {(self.instance.kind, self.instance.object_id)} if self.instance.pk else set()
        kind, _colon, number = str(self.data.get("thing", "")).partition(":")
        if kind in search_sources and number.isascii() and number.isdigit() and len(number) < 19:
            chosen.add((kind, int(number)))
        offered = [
            (f"{kind}:{pk}", f"{search_sources[kind].singular}: {link.title}")
            for (kind, pk), link in resolve(chosen, self.for_user).items()
        ]
        phrases = str(self.data.get("phrases", "")) or self.instance.phrases
        words = str(self.data.get("find", "")) or next(iter(split(phrases)), "")
        if words:
            hits = search.find(words, user=self.for_user, per_page=OFFERED).hits
            offered += [(f"{hit.kind}:{hit.object_id}", f"{hit.label}: {hit.title}") for hit in hits]
        return list(dict(offered).items())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "thing" not in self.errors:
            kind, _colon, number = cleaned.get("thing", "").partition(":")
            if kind:
                self.instance.kind, self.instance.object_id = kind, int(number)
            else:
                self.add_error("thing", _("Choose the answer. Where it is not in the list, look for other words."))
        return cleaned


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
    results_template_name = "search/admin/searches_results.html"
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
