from portal.saved.models.feed_secret import SearchFeedSecret
from portal.saved.models.searches import FoundThing, Often, SavedSearch

__all__ = ["FoundThing", "Often", "SavedSearch", "SearchFeedSecret"]
