"""What is shown of ids and buckets that Elasticsearch found: read from the database, which knows them now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from portal.kept import Kept
from portal.search.engines.base import Count, Row, as_one
from portal.search.engines.sql import Sql
from portal.search.engines.table import audiences_of, columns_shown, row_of
from portal.search.facets import FACETS, Label, Place, size_of

Places = dict[tuple[str, str], str]
"""By facet and number what counties and districts are called, and of which size districts are, "" where none tells."""


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
    asked = {(facet, str(one["key"])) for facet in ("county", "district", "size") for one in buckets.get(facet, ())}
    if asked and not asked <= places.get().keys():
        places.forget()
    known = places.get() if asked else {}
    facets: dict[str, list[Count]] = {}
    for facet, found in buckets.items():
        counts: Counter[str] = Counter()
        for one in found:
            value = str(one["key"])
            counts[known.get((facet, value), "") if facet == "size" else value] += one["doc_count"]
        labels = {value: _label(facet, value, known) for value, count in counts.items() if value and count}
        if made := [Count(value, label, counts[value]) for value, label in labels.items() if label is not None]:
            facets[facet] = as_one(facet, made)
    return facets


def _label(facet: str, value: str, known: Places) -> str | None:
    if isinstance(FACETS[facet], Place):
        return known.get((facet, value))
    return value if isinstance(FACETS[facet], Label) else ""


def _read() -> Places:
    rows = Sql(
        "SELECT 'county', id, name, NULL FROM districts_county UNION ALL"
        " SELECT 'district', id, short_name, enrollment FROM districts_district"
    ).run()
    names = {(facet, str(pk)): name for facet, pk, name, _students in rows}
    return names | {("size", str(pk)): size_of(students) for facet, pk, _, students in rows if facet == "district"}


places = Kept(60.0, _read)
"""Read anew where one is asked for that is not among them. A district that was renamed or grew is counted under its old
name and size for so long at most."""
