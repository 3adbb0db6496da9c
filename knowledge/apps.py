from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


def _reindex_of(ids: Iterable[int], **kwargs: Any) -> None:
    """A district that moved to another county takes what its county may see along."""
    from knowledge.models import Practice, Question
    from portal.search.entries.indexing import reindex

    ids = list(ids)
    reindex(Practice.objects.filter(district__in=ids).touched(), Question.objects.filter(district__in=ids).touched())


def _reindex_one(instance: Any, created: bool, **kwargs: Any) -> None:
    if not created:
        _reindex_of([instance.pk])


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        from knowledge.hooks import panels
        from knowledge.hooks.agenda import agenda
        from knowledge.hooks.needs import needs
        from knowledge.hooks.products_used import uses
        from knowledge.hooks.search import SOURCES
        from knowledge.hooks.summary import shared, unanswered
        from portal.districts.signals import districts_changed
        from portal.registry import (
            AgendaSource,
            NeedSource,
            NoticeKind,
            Panel,
            SummarySource,
            UseSource,
            agenda_sources,
            need_sources,
            notice_kinds,
            search_sources,
            summary_sources,
            use_sources,
        )
        from portal.registry import panels as slots
        from portal.search.asking import related

        search_sources.add(*SOURCES)
        notice_kinds.add(
            NoticeKind("question-asked", _("Somebody asks about a practice of ours")),
            NoticeKind("question-alone", _("Somebody asks in our county, or about what I do")),
            NoticeKind("question-answered", _("Somebody answers our question, or one on our practice")),
            NoticeKind("hidden", _("An officer hides something you wrote")),
        )
        slots.add(
            Panel("knowledge.news", "home.member", "knowledge/_since.html", panels.since_you_were_here, 60),
            Panel("knowledge.mine", "home.aside", "knowledge/_my_district.html", panels.my_district, 60),
            Panel("knowledge.public", "home.visitor", "knowledge/_public.html", panels.for_visitors, 30),
            Panel("knowledge.district", "district", "knowledge/_district.html", panels.of_district, 30),
            related.panel("practice"),
        )
        use_sources.add(UseSource("knowledge.products", uses))
        districts_changed.connect(_reindex_of, dispatch_uid="knowledge")
        post_save.connect(_reindex_one, sender="districts.District", dispatch_uid="knowledge")
        need_sources.add(NeedSource("knowledge.questions", needs))
        agenda_sources.add(AgendaSource("knowledge", _("From practices and questions"), agenda))
        summary_sources.add(
            SummarySource("knowledge.shared", shared, order=10),
            SummarySource("knowledge.unanswered", unanswered, order=20),
        )
