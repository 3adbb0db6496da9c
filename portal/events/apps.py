from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


def _reindex_offices(ids: Iterable[int], **kwargs: Any) -> None:
    """A county that an office gave away, or took on, takes what it may read of the office's series along."""
    from portal.events.models import Meeting
    from portal.search.entries.indexing import reindex

    reindex(Meeting.objects.filter(series__regional_office__in=list(ids)).touched())


class EventsConfig(AppConfig):
    name = "portal.events"
    label = "events"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from portal.districts.signals import offices_changed
        from portal.due_jobs import Job, due_jobs
        from portal.events.deeds.make_meetings import DUE, make_due_meetings
        from portal.events.hooks import panels
        from portal.events.hooks.search import register
        from portal.events.hooks.summary import meetings
        from portal.registry import NoticeKind, SummarySource, notice_kinds, summary_sources

        register()
        offices_changed.connect(_reindex_offices, dispatch_uid="events")
        panels.register()
        summary_sources.add(SummarySource("events.meetings", meetings, order=30))
        due_jobs.add(Job(DUE, make_due_meetings))
        for key, label in (
            ("series-made", _("A series of meetings is planned")),
            ("meeting-announced", _("You are invited to a meeting")),
            ("meeting-moved", _("A meeting is moved")),
            ("meeting-place", _("A meeting takes place somewhere else")),
            ("meeting-canceled", _("A meeting is canceled")),
            ("meeting-reinstated", _("A canceled meeting takes place after all")),
            ("minutes-circulated", _("Minutes are sent out")),
        ):
            notice_kinds.add(NoticeKind(key, label))
