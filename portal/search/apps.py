from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "portal.search"
    label = "search"

    def ready(self) -> None:
        from portal import registry
        from portal.search import indexing, sources
        from portal.search.engines import postgresql, sqlite
        from portal.triggers import database_objects

        for thing in [*sqlite.OBJECTS, *postgresql.OBJECTS]:
            database_objects.add(thing.name, thing)
        registry.search_sources.add("district", sources.districts)
        registry.on_change(indexing.index)
