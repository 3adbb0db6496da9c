"""What officers keep of search, in the Wagtail admin under *Search*."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet, SnippetViewSetGroup

from portal.search.models import SynonymSet


class PrefilledCreate(CreateView):  # type: ignore[misc]
    """The form with what its address names already in it: `?words=trolleys`."""

    def get_initial_form_instance(self) -> Any:
        given = {panel.field_name: self.request.GET.get(panel.field_name, "") for panel in self.panel.children}
        return self.model(**{name: text[:200] for name, text in given.items() if text})


class SynonymSnippets(SnippetViewSet):
    model = SynonymSet
    add_view_class = PrefilledCreate
    icon = "list-ul"
    menu_label = _("Synonyms")
    search_backend_name = None
    search_fields = ["words", "also"]
    list_display = ["words", "also", "changed_at"]
    list_per_page = 100
    panels = [FieldPanel("words"), FieldPanel("also")]


class SearchSnippets(SnippetViewSetGroup):
    menu_label = _("Search")
    menu_icon = "search"
    menu_order = 160
    items = (SynonymSnippets,)


register_snippet(SearchSnippets)
