"""The app's tables, for Django and for the layers above; each stands with what is made of it."""

from portal.search.entries import Audience, AudienceKey, Entry, FreshEntry
from portal.search.mirror.changes import Change, Copy
from portal.search.text.synonyms import SynonymSet
from portal.search.vocabulary import AudienceWord

__all__ = [
    "Audience",
    "AudienceKey",
    "AudienceWord",
    "Change",
    "Copy",
    "Entry",
    "FreshEntry",
    "SynonymSet",
]
