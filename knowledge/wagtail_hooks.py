"""Officers moderate knowledge in the Wagtail admin: compare, restore, lock, publish, unpublish.

Nothing is written here: an officer's publication ends in `Practice.publish`, as a member's does.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from knowledge.models import Adoption, Answer, Practice, Product, Question, Tag


class NotAdded(ModelPermissionPolicy):  # type: ignore[misc,unused-ignore]
    """What stands under a practice or a question is said there, by its district; officers change or delete it."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "add" and bool(super().user_has_permission(user, action))


for _model in (Adoption, Answer):
    register_permission_policy(_model, NotAdded(_model))


class PracticeSnippets(SnippetViewSet):
    model = Practice
    icon = "clipboard-list"
    search_backend_name = None
    search_fields = ["title", "summary", "district__name"]
    list_display = ["title", "district", "kind", "audience", UpdatedAtColumn()]
    list_filter = ["kind", "audience", "live", "locked"]
    ordering = ["-posted_at"]
    list_per_page = 50
    panels = [
        FieldRowPanel([FieldPanel("kind"), FieldPanel("audience")]),
        FieldPanel("title"),
        FieldPanel("summary"),
        FieldPanel("district"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("problem", "what_we_do", "replaced", "do_differently")],
            heading=_("Text, in Markdown"),
        ),
        FieldPanel("tags"),
        FieldPanel("products"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("cost", "cost_per", "cost_note", "devices", "staff_hours")],
            heading=_("Cost and scale"),
        ),
    ]


class QuestionSnippets(SnippetViewSet):
    model = Question
    icon = "help"
    search_backend_name = None
    search_fields = ["title", "body"]
    list_display = ["title", "district", "asked_at", "answer_count"]
    panels = [FieldPanel("title"), FieldPanel("body"), FieldPanel("tags")]


class AnswerSnippets(SnippetViewSet):
    model = Answer
    icon = "comment"
    search_backend_name = None
    search_fields = ["body"]
    list_display = ["__str__", "question", "answered_at"]
    panels = [FieldPanel("body")]


class AdoptionSnippets(SnippetViewSet):
    model = Adoption
    icon = "tick"
    search_backend_name = None
    search_fields = ["practice__title", "district__name", "note"]
    list_display = ["practice", "district", "status", "last_confirmed_at"]
    list_filter = ["status"]
    panels = [FieldPanel(name) for name in ("status", "since", "scale", "again", "note", "contact")]


class TagSnippets(SnippetViewSet):
    model = Tag
    icon = "tag"
    search_backend_name = None
    search_fields = ["name"]
    panels = [FieldPanel("name"), FieldPanel("slug")]


class ProductSnippets(SnippetViewSet):
    model = Product
    icon = "desktop"
    search_backend_name = None
    search_fields = ["name", "vendor"]
    list_display = ["name", "vendor"]
    panels = [FieldPanel("name"), FieldPanel("vendor"), FieldPanel("aliases")]


class KnowledgeSnippets(SnippetViewSetGroup):
    menu_label = _("Knowledge")
    menu_icon = "clipboard-list"
    menu_order = 150
    items = (PracticeSnippets, QuestionSnippets, AnswerSnippets, AdoptionSnippets, TagSnippets, ProductSnippets)


register_snippet(KnowledgeSnippets)
