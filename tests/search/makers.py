"""Entries made from plain data."""

from __future__ import annotations

from datetime import date

from portal.registry import EntryData
from portal.search.entries import indexing


def make_entry(
    object_id: int,
    title: str,
    *,
    kind: str = "note",
    body: str = "",
    summary: str = "",
    tags: tuple[str, ...] = (),
    products: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
    county_id: int | None = None,
    district_id: int | None = None,
    dated: date | None = None,
    popularity: int = 0,
    status: str = "",
    audience: tuple[str, ...] = ("public",),
) -> None:
    """Store an entry of no object at all, for tests of the engines."""
    data = EntryData(
        object_id=object_id,
        title=title,
        summary=summary,
        body=body,
        tags=tags,
        products=products,
        also=also,
        status=status,
        county_id=county_id,
        district_id=district_id,
        dated=dated,
        popularity=popularity,
        audience=audience,
    )
    indexing.store(kind, [data])
