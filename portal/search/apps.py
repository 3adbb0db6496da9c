from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "portal.search"
    label = "search"

    def ready(self) -> None:
        from portal import registry
        from portal.districts.signals import districts_changed, offices_changed, people_changed
        from portal.due_jobs import Job, due_jobs
        from portal.search import alerting, alike, copies, promoted, querylog, saved, sources, synonyms
        from portal.search.engines import postgresql, shown, sqlite
        from portal.triggers import database_objects

        for thing in [*sqlite.OBJECTS, *postgresql.OBJECTS, *copies.OBJECTS]:
            database_objects.add(thing.name, thing)
        registry.lags.add("search", registry.Lag("search", copies.seconds_behind))
        registry.search_sources.add("district", sources.districts)
        registry.search_sources.add("person", sources.people)
        districts_changed.connect(sources.index_districts)
        districts_changed.connect(shown.forget_places)
        districts_changed.connect(alike.forget)
        people_changed.connect(sources.index_people)
        offices_changed.connect(sources.index_hosts)
        due_jobs.add("index-people", Job("index-people", sources.index_come_and_gone))
        for signal in (post_save, post_delete):
            signal.connect(sources.index_district, sender="districts.District")
            signal.connect(alike.forget, sender="districts.District", dispatch_uid="alike")
            for place in ("County", "District"):
                signal.connect(shown.forget_places, sender=f"districts.{place}", dispatch_uid=f"shown-{place}")
            signal.connect(synonyms.kept.forget, sender="search.SynonymSet", dispatch_uid="synonyms")
            signal.connect(promoted.kept.forget, sender="search.PromotedAnswer", dispatch_uid="promoted")
        notice_kinds = registry.notice_kinds
        notice_kinds.add("saved-search", registry.NoticeKind("saved-search", _("A saved search finds something new")))
        due_jobs.add("saved-searches", Job("saved-searches", alerting.run))
        due_jobs.add("forget-searches", Job("forget-searches", querylog.forget_old))
        due_jobs.add(saved.FORGOTTEN, Job(saved.FORGOTTEN, saved.forget_old))
