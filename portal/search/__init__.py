"""One search over everything: `find` is its front."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.search.finding import Results


def find(
    text: str,
    *,
    user: Any,
    kinds: Iterable[str] | None = None,
    facets: Mapping[str, Iterable[Any]] | None = None,
    page: int = 1,
    per_page: int = 20,
) -> Results:
    """What `user` may see of what answers `text`; any text at all, none for the newest. See `finding.find`."""
    from portal.search import finding  # models are not there yet when the app is imported

    return finding.find(text, user=user, kinds=kinds, facets=facets, page=page, per_page=per_page)
