from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "portal.notices"
    label = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from portal.due_jobs import Job, due_jobs
        from portal.notices import receivers
        from portal.notices.deeds.forget import forget
        from portal.notices.deeds.weekly_summary import send_weekly
        from portal.notices.models import Notice
        from portal.registry import Lag, NoticeKind, lags, notice_kinds

        receivers.register()
        notice_kinds.add(NoticeKind("weekly-summary", _("What happened in your county, on Mondays")))
        due_jobs.add(Job("weekly-summary", send_weekly), Job("forget-mail", forget))
        lags.add(Lag("mail", Notice.objects.seconds_behind))
