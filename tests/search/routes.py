from __future__ import annotations

from typing import Any

from django.utils import timezone

from portal.search.feed_secrets import SearchFeedSecret
from portal.search.models import SavedSearch
from portal.search.saved import save_search
from tests.architecture.routes import Route, everybody, members
from tests.knowledge.makers import make_practice
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
    Route("search:search", get=everybody(200), query="q=wifi"),
    Route("search:suggest", get=everybody(200), query="q=wif"),
    Route(
        "search:related",
        get=members(200, visitor=404),
        make=lambda cast: {"kind": "practice", "pk": make_practice(cast.geneva, tags=("repair",)).pk},
    ),
    Route("search:saved-list", get=members(200)),
    Route("search:saved-add", get=None, post=members(302), form=lambda cast: {"search": "q=wifi&kind=practice"}),
    Route("search:saved-change", OWNER, DONE, make=_saved, form=lambda cast: {"name": "Wireless", "often": "now"}),
    Route("search:saved-delete", get=None, post=DONE, make=_saved),
    Route("search:saved-restore", get=None, post=DONE, make=_deleted),
    Route("search:feed", get=everybody(200), query="q=wifi"),
    Route("search:my-feed", get=everybody(200), make=_token, query="q=wifi"),
    Route("search:feed-address", get=members(200), post=members(200), query="q=wifi"),
    Route("search:feed-revoke", get=None, post=everybody(302)),
]
