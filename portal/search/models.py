"""The app's tables, for Django and for the layers above; each stands with what is made of it."""

from portal.search.entries.tables import Audience, AudienceKey, Entry, FreshEntry
from portal.search.entries.vocabulary import AudienceWord
from portal.search.mirror.changes import Change, Copy
from portal.search.text.synonyms import SynonymSet

__all__ = ["Audience", "AudienceKey", "AudienceWord", "Change", "Copy", "Entry", "FreshEntry", "SynonymSet"]
