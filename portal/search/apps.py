from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save


class SearchConfig(AppConfig):
    name = "portal.search"
    label = "search"

    def ready(self) -> None:
        from portal import registry
        from portal.districts.signals import districts_changed, offices_changed, people_changed
        from portal.due_jobs import Job, due_jobs
        from portal.search import sources
        from portal.search.asking import alike
        from portal.search.engines import postgresql, sqlite
        from portal.search.entries import rebuilding, vocabulary
        from portal.search.mirror import changes, shown
        from portal.search.text import synonyms
        from portal.triggers import database_objects

        database_objects.add(*sqlite.OBJECTS, *postgresql.OBJECTS, *changes.OBJECTS, *vocabulary.OBJECTS)
        post_migrate.connect(rebuilding.tell, sender=self)
        registry.lags.add(registry.Lag("search", changes.seconds_behind))
        registry.search_sources.add(sources.districts, sources.people)
        districts_changed.connect(sources.index_districts)
        districts_changed.connect(shown.places.forget)
        districts_changed.connect(alike.kept.forget)
        people_changed.connect(sources.index_people)
        offices_changed.connect(sources.index_hosts)
        due_jobs.add(Job("index-people", sources.index_come_and_gone))
        for signal in (post_save, post_delete):
            signal.connect(sources.index_district, sender="districts.District")
            signal.connect(alike.kept.forget, sender="districts.District", dispatch_uid="alike")
            for place in ("County", "District"):
                signal.connect(shown.places.forget, sender=f"districts.{place}", dispatch_uid=f"shown-{place}")
            signal.connect(synonyms.kept.forget, sender="search.SynonymSet", dispatch_uid="synonyms")
        due_jobs.add(Job("settle-words", vocabulary.settle))
