from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SavedConfig(AppConfig):
    name = "portal.saved"
    label = "saved"
    verbose_name = _("Saved searches")

    def ready(self) -> None:
        from portal.due_jobs import Job, due_jobs
        from portal.registry import NoticeKind, Panel, notice_kinds, panels
        from portal.saved.deeds import alert, forget
        from portal.saved.hooks.panels import feed, keep

        notice_kinds.add(NoticeKind("saved-search", _("A saved search finds something new")))
        due_jobs.add(Job("saved-searches", alert.run), Job(forget.FORGOTTEN, forget.forget_old))
        panels.add(
            Panel("saved.feed", "search.head", "saved/_feed_head.html", feed),
            Panel("saved.keep", "search.beside", "saved/_keep.html", keep),
        )
