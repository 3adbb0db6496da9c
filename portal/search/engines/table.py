"""The entry table in SQL: its columns, who may see a row of it, what is shown of one, and what is counted of many; and
what places are called, for whoever counts elsewhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.kept import Kept
from portal.search.engines.base import MOST_VALUES, TAGGED, UNDATED, Ask, Row
from portal.search.engines.sql import Sql
from portal.search.facets import FACETS, FRESH, SIZES, Label, Place, since, size_of

COLUMNS = {
    "kind": "text",
    "object_id": "bigint",
    "audience_id": "bigint",
    "county_id": "bigint",
    "district_id": "bigint",
    "dated": "date",
    "popularity": "integer",
    "status": "text",
    "title": "text",
    "summary": "text",
    "tags": "jsonb",
    "products": "jsonb",
    "labels": "text",
    "extra": "text",
    "marks": "text",
    "body": "text",
    "words": "jsonb",
}
"""What is written of an entry, in order, with PostgreSQL's types."""
_SHOWN = {
    "e.kind": "",
    "e.object_id": "",
    "e.title": "",
    "e.summary": "''",
    "e.labels": "''",
    "substr(e.body, 1, 6000)": "''",
    "d.short_name": "",
    "d.enrollment": "",
    "e.district_id": "",
    "COALESCE(d.lowest_grade, '')": "",
    "COALESCE(d.highest_grade, '')": "",
    "e.status": "",
    f"CAST(NULLIF(e.dated, '{UNDATED}') AS text)": "",
    "CAST(e.products AS text)": "'[]'",
}
"""What is shown, in the order of `Row`, and what stands in its place where only the title is."""


def columns_shown(*, title_only: bool = False) -> list[str]:
    """What `row_of` is made of: of an entry `e` and its district `d`, where it has one.

    `title_only` leaves its texts and products unread: somebody is still typing, and they are the larger part of a row.
    """
    return [(title_only and instead) or column for column, instead in _SHOWN.items()]


def row_of(*columns: Any) -> Row:
    *told, dated, products = columns
    return Row(*(*told, date.fromisoformat(dated) if dated else None, json.loads(products)))


def audiences_of(keys: frozenset[str]) -> Sql:
    """The audiences of what a reader with these keys may see; `EntryQuerySet.visible_to` is the same."""
    return Sql("SELECT audience_id FROM search_audiencekey WHERE key IN (%s)", Sql.join(", ", sorted(keys)))


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


def counted(facet: str, found: str, ask: Ask, each: str) -> str:
    """The values of one facet, how often each stands among what was found, and words for it: `value, n, label`.

    `found` names a part of the statement, with the facet's column in it; `each` is `DatabaseEngine.each`.
    """
    column = FACETS[facet].column
    if isinstance(FACETS[facet], Label):
        return (
            "SELECT part.value, count(*) AS n, part.value AS label"
            f" FROM (SELECT {column} FROM {found} LIMIT {TAGGED}) AS few, {each}(few.{column})"
            f" AS part GROUP BY part.value ORDER BY n DESC, part.value LIMIT {MOST_VALUES}"
        )
    if isinstance(FACETS[facet], Place):
        table, name = ("districts_county", "name") if facet == "county" else ("districts_district", "short_name")
        most = f" ORDER BY n DESC, {column} LIMIT {MOST_VALUES}" if FACETS[facet].is_bounded else ""
        return (
            f"SELECT CAST(named.id AS text) AS value, n, named.{name} AS label FROM (SELECT {column}, count(*) AS n"
            f" FROM {found} GROUP BY {column}{most}) AS counted JOIN {table} named ON named.id = {column}"
        )
    if facet == "size":
        sizes = " ".join(f"WHEN d.enrollment < {size.below} THEN '{value}'" for value, size in SIZES.items())
        return (
            f"SELECT CASE {sizes} END AS value, CAST(sum(n) AS bigint) AS n, NULL AS label"
            f" FROM (SELECT district_id, count(*) AS n FROM {found} GROUP BY district_id) AS counted"
            " JOIN districts_district d ON d.id = district_id"
            " WHERE d.enrollment IS NOT NULL GROUP BY 1"
        )
    if facet == "fresh":
        spans = [f"sum(CASE WHEN dated >= '{since(ask.today, days)}' THEN 1 ELSE 0 END) AS d{days}" for days in FRESH]
        parts = [f"SELECT '{days}' AS value, d{days} AS n, NULL AS label FROM spans" for days in FRESH]
        return f"WITH spans AS (SELECT {', '.join(spans)} FROM {found}) {' UNION ALL '.join(parts)}"
    return f"SELECT {column} AS value, count(*) AS n, NULL AS label FROM {found} GROUP BY {column}"


Places = dict[tuple[str, str], str]
"""By facet and number what counties and districts are called, and of which size districts are, "" where none tells."""


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
