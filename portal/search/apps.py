from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save


class SearchConfig(AppConfig):
    name = "portal.search"
    label = "search"

    def ready(self) -> None:
        from portal.districts.signals import districts_changed
        from portal.due_jobs import Job, due_jobs
        from portal.registry import Lag, lags, things_changed
        from portal.search.asking import alike
        from portal.search.engines import postgresql, sqlite, table
        from portal.search.entries import indexing, rebuilding, vocabulary
        from portal.search.mirror import changes
        from portal.search.text import synonyms
        from portal.triggers import database_objects

        database_objects.add(*sqlite.OBJECTS, *postgresql.OBJECTS, *changes.OBJECTS, *vocabulary.OBJECTS)
        post_migrate.connect(rebuilding.tell, sender=self)
        lags.add(Lag("search", changes.seconds_behind))
        due_jobs.add(Job("settle-words", vocabulary.settle))
        things_changed.connect(indexing.index)
        districts_changed.connect(table.places.forget)
        districts_changed.connect(alike.likeness.forget)
        for signal in (post_save, post_delete):
            signal.connect(alike.likeness.forget, sender="districts.District", dispatch_uid="alike")
            for place in ("County", "District"):
                signal.connect(table.places.forget, sender=f"districts.{place}", dispatch_uid=f"shown-{place}")
            signal.connect(synonyms.lexicon.forget, sender="search.SynonymSet", dispatch_uid="synonyms")
