"""Keeping a search, and its feed, on the search page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from portal.registry import PanelContext
from portal.search.asking.page import Searched


def feed(context: PanelContext) -> dict[str, Any]:
    """For the head of the page."""
    about: Searched = context.about
    return {"kept_search": _kept(about), "feed_title": about.heading, "feed_words": about.results.query.words}


def keep(context: PanelContext) -> dict[str, Any] | None:
    """Nothing where nothing was asked for."""
    kept = _kept(context.about)
    return {"kept_search": kept} if kept else None


def _kept(about: Searched) -> str:
    return urlencode(about.address.pairs("page", "mine", "exact"))
