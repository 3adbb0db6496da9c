"""What officers chose, on the search page."""

from __future__ import annotations

from typing import Any

from portal.curation.screens.promoted import for_query
from portal.registry import PanelContext
from portal.search.asking.page import Searched


def promoted(context: PanelContext) -> dict[str, Any] | None:
    """On the first page of a search; see `for_query`."""
    about: Searched = context.about
    found = for_query(about.results.query, context.user) if about.results.page == 1 else []
    return {"promoted": found} if found else None
