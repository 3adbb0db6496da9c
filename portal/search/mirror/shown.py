"""What is shown of ids and buckets that an engine elsewhere found: read from the database, which knows them now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from portal.kept import Kept
from portal.search.engines.base import Count, Row, as_one
from portal.search.engines.sql import Sql
from portal.search.engines.table import audiences_of, columns_shown, row_of
from portal.search.facets import SIZES


def rows_of(ids: Sequence[int], keys: frozenset[str], *, title_only: bool = False) -> list[Row]:
    """What the page shows, in the order of `ids`: of those entries that are there and that the reader may see."""
    if not ids:
        return []
    found = Sql(
        f"SELECT e.id, {', '.join(columns_shown(title_only=title_only))} FROM search_entry e"
        " LEFT JOIN districts_district d ON d.id = e.district_id WHERE e.id IN (%s) AND e.audience_id IN (%s)",
        Sql.join(", ", ids),
        audiences_of(keys),
    )
    rows = {pk: row_of(*columns) for pk, *columns in found.run()}
    return [rows[pk] for pk in ids if pk in rows]


def facets_of(buckets: dict[str, list[dict[str, Any]]]) -> dict[str, list[Count]]:
    """Buckets with words for their values; those of a place that is gone are left out. No query where all are kept."""
    asked = {facet: {int(b["key"]) for b in buckets.get(facet, ())} for facet in ("county", "district", "size")}
    places = _places_with(asked["county"], asked["district"] | asked["size"])
    labels: dict[str, Callable[[str], str | None]] = {
        "tag": str,
        "product": str,
        "county": lambda value: places.counties.get(int(value)),
        "district": lambda value: places.districts.get(int(value), (None, None))[0],
    }
    facets: dict[str, list[Count]] = {}
    for facet, found in buckets.items():
        counts = [(str(b["key"]), b["doc_count"]) for b in found if b["doc_count"]]
        if facet == "size":
            counts = _by_size(counts, places)
        label = labels.get(facet, _unnamed)
        made = [Count(value, text, count) for value, count in counts if (text := label(value)) is not None]
        if made:
            facets[facet] = as_one(facet, made)
    return facets


@dataclass(frozen=True, slots=True)
class _Places:
    counties: dict[int, str]
    districts: dict[int, tuple[str, int | None]]
    """Short name and enrollment."""

    def has(self, counties: set[int], districts: set[int]) -> bool:
        return counties <= self.counties.keys() and districts <= self.districts.keys()


_NOWHERE = _Places({}, {})


def _read() -> _Places:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'county', id, name, NULL FROM districts_county"
            " UNION ALL SELECT 'district', id, short_name, enrollment FROM districts_district"
        )
        rows = cursor.fetchall()
    return _Places(
        {pk: name for what, pk, name, _ in rows if what == "county"},
        {pk: (name, size) for what, pk, name, size in rows if what == "district"},
    )


places = Kept(60.0, _read)
"""A district that was renamed or grew is counted under its old name and size for so long at most."""


def _places_with(counties: set[int], districts: set[int]) -> _Places:
    """What all places are called: read once a minute, and anew when one is asked for that is not among them."""
    if not counties and not districts:
        return _NOWHERE
    known = places.get()
    if not known.has(counties, districts):
        places.forget()
        known = places.get()
    return known


def _by_size(counts: list[tuple[str, int]], places: _Places) -> list[tuple[str, int]]:
    bands = dict.fromkeys(SIZES, 0)
    for district, count in counts:
        _name, size = places.districts.get(int(district), ("", None))
        for band, (least, below, _words) in SIZES.items():
            if size is not None and least <= size < below:
                bands[band] += count
    return [(band, count) for band, count in bands.items() if count]


def _unnamed(value: str) -> str:
    return ""
