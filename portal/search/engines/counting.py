"""How often each value of a facet stands among what was found, told by the two databases within their one statement."""

from __future__ import annotations

from typing import Any

from portal.search.engines.base import FRESH, MOST_VALUES, SIZES, TAGGED, Ask, since
from portal.search.engines.table import Sql

COLUMN_OF = {
    "kind": "kind",
    "tag": "tags",
    "county": "county_id",
    "district": "district_id",
    "product": "products",
    "status": "status",
    "size": "district_id",
    "fresh": "dated",
}
"""What an entry's value of a facet is read from."""


def counted(facet: str, found: str, ask: Ask, each: str) -> Sql:
    """The values of one facet, how often each stands among the rows of `found`, and words for it: `value, n, label`.

    `found` names a part of the statement, with the facet's column in it; `each` is `DatabaseEngine.each`.
    """
    column = COLUMN_OF[facet]
    params: list[Any] = []
    if facet in ("kind", "status"):
        sql = f"SELECT {column} AS value, count(*) AS n, NULL AS label FROM {found} GROUP BY {column}"
    elif facet in ("tag", "product"):
        sql = (
            "SELECT part.value, count(*) AS n, part.value AS label"
            f" FROM (SELECT {column} FROM {found} LIMIT {TAGGED}) AS few, {each}(few.{column})"
            f" AS part GROUP BY part.value ORDER BY n DESC, part.value LIMIT {MOST_VALUES}"
        )
    elif facet in ("county", "district"):
        table, name = ("districts_county", "name") if facet == "county" else ("districts_district", "short_name")
        most = "" if facet == "county" else f" ORDER BY n DESC, {column} LIMIT {MOST_VALUES}"
        sql = (
            f"SELECT CAST(named.id AS text) AS value, n, named.{name} AS label FROM (SELECT {column}, count(*) AS n"
            f" FROM {found} GROUP BY {column}{most}) AS counted JOIN {table} named ON named.id = {column}"
        )
    elif facet == "size":
        bands = " ".join(f"WHEN d.enrollment < {below} THEN '{band}'" for band, (_, below) in SIZES.items())
        sql = (
            f"SELECT CASE {bands} END AS value, CAST(sum(n) AS bigint) AS n, NULL AS label"
            f" FROM (SELECT district_id, count(*) AS n FROM {found} GROUP BY district_id) AS counted"
            " JOIN districts_district d ON d.id = district_id"
            " WHERE d.enrollment IS NOT NULL GROUP BY 1"
        )
    else:
        spans = [f"sum(CASE WHEN dated >= %s THEN 1 ELSE 0 END) AS d{days}" for days in FRESH]
        params = [since(ask.today, days) for days in FRESH]
        parts = [f"SELECT '{days}' AS value, d{days} AS n, NULL AS label FROM spans" for days in FRESH]
        sql = f"WITH spans AS (SELECT {', '.join(spans)} FROM {found}) {' UNION ALL '.join(parts)}"
    return sql, params
