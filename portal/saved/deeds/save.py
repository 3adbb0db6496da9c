"""Keeping a search, taking it away, and having it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.refusals import Refused
from portal.saved.models import SavedSearch

MOST = 50
"""Of one person."""


class TooManySearches(Refused):
    """The person has `MOST` of them; the text says what to do."""


@transaction.atomic
def save_search(person: Any, address: str, name: str, *, at: datetime) -> SavedSearch:
    """The person's saved search of this address: a new one, or the one that is there or was taken away.

    One that was taken away begins anew: of what it found before nobody is told. Raises `TooManySearches`.
    """
    saved = SavedSearch.objects.filter(person=person, address=address).first()
    if saved is None:
        _ask_room(person)
        return SavedSearch.objects.get_or_create(
            person=person, address=address, defaults={"name": name, "created_at": at}
        )[0]
    if saved.deleted_at is not None:
        bring_back(saved)
        saved.created_at = at
        saved.save(update_fields=["created_at"])
        saved.found.filter(told_at=None).update(told_at=at)
    return saved


def take_away(saved: SavedSearch, at: datetime) -> None:
    saved.deleted_at = at
    saved.save(update_fields=["deleted_at"])


def bring_back(saved: SavedSearch) -> None:
    """Raises `TooManySearches` where there is no room for it any more."""
    if saved.deleted_at is not None:
        _ask_room(saved.person)
        saved.deleted_at = None
        saved.save(update_fields=["deleted_at"])


def _ask_room(person: Any) -> None:
    if SavedSearch.objects.filter(person=person, deleted_at=None).count() >= MOST:
        raise TooManySearches(_("You have %(most)d saved searches. Delete one to save another.") % {"most": MOST})
