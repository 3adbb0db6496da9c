"""What is shown of ids and buckets that Elasticsearch found: read from the database, which knows them now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.kept import Kept
from portal.search.engines.base import Count, Row, as_one
from portal.search.engines.sql import Sql
from portal.search.engines.table import audiences_of, columns_shown, row_of
from portal.search.facets import FACETS, SIZES, Label, Place


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
    known = _places_of(buckets)
    facets: dict[str, list[Count]] = {}
    for facet, found in buckets.items():
        counts = {str(one["key"]): one["doc_count"] for one in found if one["doc_count"]}
        if facet == "size":
            counts = known.by_size(counts)
        labels = {value: _label(facet, value, known) for value in counts}
        made = [Count(value, label, counts[value]) for value, label in labels.items() if label is not None]
        if made:
            facets[facet] = as_one(facet, made)
    return facets


def _label(facet: str, value: str, known: _Places) -> str | None:
    if isinstance(FACETS[facet], Place):
        return known.names.get((facet, value))
    return value if isinstance(FACETS[facet], Label) else ""


@dataclass(frozen=True, slots=True)
class _Places:
    names: dict[tuple[str, str], str]
    """Of counties and districts, by facet and value."""
    sizes: dict[str, str]
    """By district its value of that facet, where its enrollment is known."""

    def by_size(self, counts: dict[str, int]) -> dict[str, int]:
        found: Counter[str] = Counter()
        for district, count in counts.items():
            found[self.sizes.get(district, "")] += count
        return {size: found[size] for size in SIZES if size in found}


def _read() -> _Places:
    rows = Sql(
        "SELECT 'county', CAST(id AS text), name, NULL FROM districts_county UNION ALL"
        " SELECT 'district', CAST(id AS text), short_name, enrollment FROM districts_district"
    ).run()
    sized = [(pk, students) for _facet, pk, _name, students in rows if students is not None]
    return _Places(
        {(facet, pk): name for facet, pk, name, _students in rows},
        {pk: next((value for value, size in SIZES.items() if students < size.below), "") for pk, students in sized},
    )


places = Kept(60.0, _read)
"""A district that was renamed or grew is counted under its old name and size for so long at most."""


def _places_of(buckets: dict[str, list[dict[str, Any]]]) -> _Places:
    """What all places are called: read once a minute, and anew when one is asked for that is not among them."""
    facet_of = {"county": "county", "district": "district", "size": "district"}
    asked = {(facet, str(one["key"])) for name, facet in facet_of.items() for one in buckets.get(name, ())}
    if not asked:
        return _Places({}, {})
    if not asked <= places.get().names.keys():
        places.forget()
    return places.get()
