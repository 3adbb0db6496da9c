"""Officers moderate knowledge in the Wagtail admin: compare, restore, lock, publish.

Nothing is written here: an officer's publication ends in `Practice.publish`, as a member's does. What hides a member's
words (delete, unpublish) leads to the page that asks for the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.log_actions import LogActionRegistry
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


HIDE = {Practice: "practice-hide", Question: "question-hide", Answer: "answer-hide", Adoption: "note-hide"}
"""The page that asks why, for what members wrote."""


@hooks.register("before_delete_snippet")  # type: ignore[untyped-decorator]
def ask_why_before_deleting(request: HttpRequest, instances: Iterable[Model]) -> HttpResponse | None:
    written = [instance for instance in instances if type(instance) in HIDE]
    if len(written) > 1:
        messages.error(request, _("Hide them one by one: whoever wrote each is told why."))
        return redirect("wagtailadmin_home")
    return _ask_why(written[0]) if written else None


@hooks.register("before_unpublish")  # type: ignore[untyped-decorator]
def ask_why_before_unpublishing(request: HttpRequest, instance: Model) -> HttpResponse | None:
    return _ask_why(instance) if type(instance) in HIDE else None


def _ask_why(written: Model) -> HttpResponse:
    return redirect(f"knowledge:{HIDE[type(written)]}", written.pk)  # type: ignore[index]


ACTIONS = {
    "knowledge.rewrite": _("Change a question or an answer"),
    "knowledge.take_back": _("Take back a question or an answer"),
    "knowledge.restore": _("Bring back a question or an answer"),
    "knowledge.hide": _("Hide a question or an answer"),
    "knowledge.hide_note": _("Hide what a district says of a practice"),
}


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def register_log_actions(actions: LogActionRegistry) -> None:
    for name, label in ACTIONS.items():
        actions.register_action(name, label, label)
