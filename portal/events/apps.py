from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "portal.events"
    label = "events"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from portal.due_jobs import Job, due_jobs
        from portal.events import panels, scheduling, searching, summaries
        from portal.registry import NoticeKind, SummarySource, notice_kinds, summary_sources

        searching.register()
        panels.register()
        summary_sources.add("events.meetings", SummarySource("events.meetings", summaries.meetings, order=30))
        due_jobs.add("make-meetings", Job("make-meetings", scheduling.make_due_meetings))
        for key, label in (
            ("series-made", _("A series of meetings is planned")),
            ("meeting-announced", _("You are invited to a meeting")),
            ("meeting-moved", _("A meeting is moved")),
            ("meeting-canceled", _("A meeting is canceled")),
            ("minutes-circulated", _("Minutes are sent round")),
        ):
            notice_kinds.add(key, NoticeKind(key, label))
