from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class CurationConfig(AppConfig):
    name = "portal.curation"
    label = "curation"
    verbose_name = _("Curation of search")

    def ready(self) -> None:
        from portal.curation.deeds import log_searches
        from portal.curation.hooks.panels import promoted
        from portal.curation.screens.promoted import promoted_answers
        from portal.due_jobs import Job, due_jobs
        from portal.registry import Panel, panels
        from portal.search.asking.finding import searched

        panels.add(Panel("curation.promoted", "search.above", "curation/_promoted.html", promoted))
        searched.connect(log_searches.note, dispatch_uid="curation")
        due_jobs.add(Job("forget-searches", log_searches.forget_old))
        for signal in (post_save, post_delete):
            signal.connect(promoted_answers.forget, sender="curation.PromotedAnswer", dispatch_uid="promoted")
