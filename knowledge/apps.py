from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        from knowledge import panels, sources
        from portal.registry import (
            AgendaSource,
            NeedSource,
            NoticeKind,
            Panel,
            agenda_sources,
            need_sources,
            notice_kinds,
            search_sources,
        )
        from portal.registry import panels as slots

        for source in sources.SOURCES:
            search_sources.add(source.kind, source)
        for kind in (
            NoticeKind("question-asked", _("Somebody asks about a practice of ours")),
            NoticeKind("question-answered", _("Somebody answers our question, or one on our practice")),
        ):
            notice_kinds.add(kind.key, kind)
        for panel in (
            Panel("knowledge.news", "home.member", "knowledge/_since.html", panels.since_you_were_here, 60),
            Panel("knowledge.mine", "home.aside", "knowledge/_my_district.html", panels.my_district, 60),
            Panel("knowledge.public", "home.visitor", "knowledge/_public.html", panels.for_visitors, 30),
            Panel("knowledge.district", "district", "knowledge/_district.html", panels.of_district, 30),
        ):
            slots.add(panel.key, panel)
        need_sources.add("knowledge.questions", NeedSource("knowledge.questions", panels.needs))
        agenda_sources.add("knowledge", AgendaSource("knowledge", _("From practices and questions"), panels.agenda))
