from __future__ import annotations

from typing import Any

from django.utils import timezone

from portal.saved.deeds.save import save_search
from portal.saved.models import SavedSearch, SearchFeedSecret
from tests.architecture.routes import Route, everybody, members
from tests.people import Cast

OWNER = members(404, member=200)
"""A saved search is its member's alone."""
DONE = members(404, member=302)


def _saved(cast: Cast) -> dict[str, Any]:
    return {"pk": save_search(cast.member, "q=wifi", "wifi", at=timezone.now()).pk}


def _deleted(cast: Cast) -> dict[str, Any]:
    made = _saved(cast)
    SavedSearch.objects.filter(**made).update(deleted_at=timezone.now())
    return made


def _token(cast: Cast) -> dict[str, Any]:
    return {"token": SearchFeedSecret.renew(cast.member, timezone.now())}


ROUTES = [
    Route("saved:search-list", get=members(200)),
    Route("saved:search-add", get=None, post=members(302), form=lambda cast: {"search": "q=wifi&kind=practice"}),
    Route("saved:search-change", OWNER, DONE, make=_saved, form=lambda cast: {"name": "Wireless", "often": "now"}),
    Route("saved:search-delete", get=None, post=DONE, make=_saved),
    Route("saved:search-restore", get=None, post=DONE, make=_deleted),
    Route("saved:feed", get=everybody(200), query="q=wifi"),
    Route("saved:my-feed", get=everybody(200), make=_token, query="q=wifi"),
    Route("saved:feed-address", get=members(200), post=members(200), query="q=wifi"),
    Route("saved:feed-revoke", get=None, post=everybody(302)),
]
