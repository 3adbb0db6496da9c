"""The address of a search: what is not a known filter value is left out, never an error."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from portal.registry import search_sources


@dataclass(frozen=True, slots=True)
class SearchAddress:
    text: str
    """As it came; `portal.search.query` makes sense of it."""
    kind: str
    county: int | None
    page: int

    @classmethod
    def read(cls, asked: QueryDict) -> SearchAddress:
        kind = asked.get("kind", "")
        return cls(
            text=asked.get("q", ""),
            kind=kind if kind in search_sources else "",
            county=_number(asked.get("county", "")),
            page=_number(asked.get("page", "")) or 1,
        )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
