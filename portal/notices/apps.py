from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "portal.notices"
    label = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from portal.due_jobs import Job, due_jobs
        from portal.notices import receivers
        from portal.notices.deeds.send import send
        from portal.notices.deeds.weekly_summary import send_weekly
        from portal.registry import NoticeKind, notice_kinds

        receivers.register()
        notice_kinds.add(NoticeKind("weekly-summary", _("What happened in your county, on Mondays")))
        due_jobs.add(Job("weekly-summary", send_weekly), Job("send-notices", send))
