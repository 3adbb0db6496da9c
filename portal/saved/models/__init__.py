from portal.saved.models.searches import FoundThing, Often, SavedSearch, SearchFeedSecret

__all__ = ["FoundThing", "Often", "SavedSearch", "SearchFeedSecret"]
