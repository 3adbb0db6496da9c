"""The app's tables, for Django and for the layers above; each stands with what is made of it."""

from portal.search.copies import Change, Copy
from portal.search.entries import Audience, AudienceKey, Entry, FreshEntry, NearWord
from portal.search.synonyms import SynonymSet

__all__ = [
    "Audience",
    "AudienceKey",
    "Change",
    "Copy",
    "Entry",
    "FreshEntry",
    "NearWord",
    "SynonymSet",
]
