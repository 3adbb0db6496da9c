"""What officers keep of search, in the Wagtail admin under *Search*, and a report of what is searched for."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet, SnippetViewSetGroup

from portal.curation.forms.promoted import PromotedForm
from portal.curation.models import PromotedAnswer
from portal.curation.views.searches import SearchesReport
from portal.search.models import SynonymSet


class PrefilledCreate(CreateView):  # type: ignore[misc]
    """A form with what its address names already in it: `?words=trolleys`."""

    prefilled: tuple[str, ...] = ()

    def get_initial_form_instance(self) -> Any:
        return self.model(**{name: self.request.GET.get(name, "")[:200] for name in self.prefilled})


class NewSynonyms(PrefilledCreate):
    prefilled = ("words", "also")


class NewPromoted(PrefilledCreate):
    prefilled = ("phrases",)


class SynonymSnippets(SnippetViewSet):
    model = SynonymSet
    add_view_class = NewSynonyms
    icon = "list-ul"
    menu_label = _("Synonyms")
    search_backend_name = None
    search_fields = ["words", "also"]
    list_display = ["words", "also", "changed_at"]
    list_per_page = 100
    panels = [FieldPanel("words"), FieldPanel("also")]


class PromotedSnippets(SnippetViewSet):
    model = PromotedAnswer
    url_prefix = "snippets/search/promotedanswer"
    add_view_class = NewPromoted
    icon = "pick"
    menu_label = _("Promoted answers")
    search_backend_name = None
    search_fields = ["phrases", "note"]
    list_display = ["phrases", "note", "until"]
    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("phrases", "find", "thing", "note", "until")], base_form_class=PromotedForm
    )


class SearchSnippets(SnippetViewSetGroup):
    menu_label = _("Search")
    menu_icon = "search"
    menu_order = 160
    items = (SynonymSnippets, PromotedSnippets)


register_snippet(SearchSnippets)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def report_urls() -> list[URLPattern]:
    return [
        path("reports/searches/", SearchesReport.as_view(), name="searches_report"),
        path("reports/searches/results/", SearchesReport.as_view(results_only=True), name="searches_report_results"),
    ]


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]
def report_menu_item() -> MenuItem:
    return MenuItem(
        _("What people search for"), reverse("searches_report"), name="searches", icon_name="search", order=610
    )
