"""What is shown of ids and buckets that an engine elsewhere found: read from the database, which knows them now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from portal.search.engines.base import SIZES, Count, Row, as_one
from portal.search.engines.table import audiences_of, placeholders, row_of, shown


def rows_of(ids: Sequence[int], keys: frozenset[str], *, title_only: bool = False) -> list[Row]:
    """What the page shows, in the order of `ids`: of those entries that are there and that the reader may see."""
    if not ids:
        return []
    mine, params = audiences_of(keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.id, {shown(title_only=title_only)} FROM search_entry e"
            " LEFT JOIN districts_district d ON d.id = e.district_id"
            f" WHERE e.id IN ({placeholders(ids)}) AND e.audience_id IN ({mine})",
            [*ids, *params],
        )
        rows = {pk: row_of(*columns) for pk, *columns in cursor.fetchall()}
    return [rows[pk] for pk in ids if pk in rows]


def facets_of(buckets: dict[str, list[dict[str, Any]]]) -> dict[str, list[Count]]:
    districts = {int(b["key"]) for facet in ("district", "size") for b in buckets.get(facet, ())}
    counties = {int(b["key"]) for b in buckets.get("county", ())}
    names, sizes = _names(districts, counties)
    labels: dict[str, Callable[[str], str | None]] = {
        "tag": str,
        "product": str,
        "county": lambda value: names.get(f"c{value}"),
        "district": lambda value: names.get(f"d{value}"),
    }
    facets: dict[str, list[Count]] = {}
    for facet, found in buckets.items():
        counts = [(str(b["key"]), b["doc_count"]) for b in found if b["doc_count"]]
        if facet == "size":
            counts = _by_size(counts, sizes)
        label = labels.get(facet, _unnamed)
        made = [Count(value, text, count) for value, count in counts if (text := label(value)) is not None]
        if made:
            facets[facet] = as_one(facet, made)
    return facets


def _names(districts: set[int], counties: set[int]) -> tuple[dict[str, str], dict[str, int]]:
    """Names of counties and districts, each under its number with a letter before it, and the districts' sizes."""
    if not districts and not counties:
        return {}, {}
    some: list[str] = []
    params: list[int] = []
    for letter, ids, table, name, size in (
        ("c", counties, "districts_county", "name", "NULL"),
        ("d", districts, "districts_district", "short_name", "enrollment"),
    ):
        if ids:
            some.append(f"SELECT '{letter}', id, {name}, {size} FROM {table} WHERE id IN ({placeholders(ids)})")
            params += sorted(ids)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(some), params)
        rows = cursor.fetchall()
    names = {f"{letter}{pk}": name for letter, pk, name, _ in rows}
    return names, {str(pk): size for letter, pk, _, size in rows if letter == "d" and size is not None}


def _by_size(counts: list[tuple[str, int]], sizes: dict[str, int]) -> list[tuple[str, int]]:
    bands = dict.fromkeys(SIZES, 0)
    for district, count in counts:
        for band, (least, below) in SIZES.items():
            if least <= sizes.get(district, -1) < below:
                bands[band] += count
    return [(band, count) for band, count in bands.items() if count]


def _unnamed(value: str) -> str:
    return ""
