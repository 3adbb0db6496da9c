from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


def _reindex_offices(ids: Iterable[int], **kwargs: Any) -> None:
    """Search names an agreement's office, and files it under the office's county."""
    from portal.search.entries.indexing import reindex
    from purchasing.models.agreements import Agreement

    reindex(Agreement.objects.filter(lead_office__in=list(ids)).touched())


class PurchasingConfig(AppConfig):
    name = "purchasing"
    verbose_name = _("Joint purchases")

    def ready(self) -> None:
        from portal.districts.signals import offices_changed
        from portal.due_jobs import Job, due_jobs
        from portal.registry import (
            AgendaSource,
            NeedSource,
            NoticeKind,
            Panel,
            SummarySource,
            agenda_sources,
            need_sources,
            notice_kinds,
            search_sources,
            summary_sources,
        )
        from portal.registry import panels as slots
        from portal.search.asking import related
        from portal.triggers import append_only
        from purchasing.deeds.close import close_due, refile_ended
        from purchasing.deeds.notify import three_days_left
        from purchasing.hooks import panels
        from purchasing.hooks.search import SOURCES
        from purchasing.hooks.summary import agreements

        for table in ("statuschange", "award", "commitmententry", "snapshotrow"):
            append_only(f"purchasing_{table}")
        search_sources.add(*SOURCES)
        notice_kinds.add(
            NoticeKind(
                "agreement-asked", _("A regional office asks whether your district is interested in an agreement")
            ),
            NoticeKind("agreement-opened", _("An agreement is open for commitments")),
            NoticeKind(
                "agreement-changed",
                _("An agreement is extended, closed early, reopened, suspended or taken back, or costs more"),
            ),
            NoticeKind("agreement-closing", _("Three days are left and your district has not answered")),
            NoticeKind("agreement-reminder", _("A host reminds your district of an agreement")),
            NoticeKind("agreement-result", _("The result of an agreement, with your price"), can_be_switched_off=False),
        )
        slots.add(
            Panel("agreements-closing", "home.member", "purchasing/_closing_panel.html", panels.closing, order=40),
            Panel(
                "agreements-announced", "home.visitor", "purchasing/_announced_panel.html", panels.announced, order=60
            ),
            Panel("agreements-of-district", "district", "purchasing/_district_panel.html", panels.district, order=40),
            Panel(
                "agreements-of-practice",
                "practice",
                "purchasing/_born_of_panel.html",
                panels.born_of,
                order=60,
                behind=panels.of_practice,
            ),
            related.panel("agreement"),
        )
        need_sources.add(NeedSource("agreements", panels.needs))
        agenda_sources.add(AgendaSource("agreements", _("Agreements under way"), panels.agenda))
        due_jobs.add(
            Job("close-agreements", close_due),
            Job("agreements-three-days-left", three_days_left),
            Job("agreements-past-term", refile_ended),
        )
        summary_sources.add(SummarySource("agreements", agreements, order=40))
        offices_changed.connect(_reindex_offices, dispatch_uid="purchasing")
