"""The entry table in SQL: its columns, who may see a row of it, and what is shown of one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from portal.search.engines.base import UNDATED, Row

Sql = tuple[str, list[Any]]

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
    "d.lowest_grade": "",
    "d.highest_grade": "",
    "e.status": "",
    "CAST(e.dated AS text)": "",
    "CAST(e.products AS text)": "'[]'",
}
"""What is shown, and what stands in its place where only the title is."""


def columns_shown(*, title_only: bool = False) -> list[str]:
    """What `row_of` is made of: of an entry `e` and its district `d`, where it has one.

    `title_only` leaves its texts and products unread: somebody is still typing, and they are the larger part of a row.
    """
    return [(title_only and instead) or column for column, instead in _SHOWN.items()]


def audiences_of(keys: frozenset[str]) -> Sql:
    """The audiences of what a reader with these keys may see; `EntryQuerySet.visible_to` is the same."""
    return f"SELECT audience_id FROM search_audiencekey WHERE key IN ({placeholders(keys)})", sorted(keys)


def placeholders(values: Iterable[Any]) -> str:
    return ", ".join(["%s"] * len(list(values)))


def row_of(kind: str, object_id: int, *columns: Any) -> Row:
    title, summary, labels, body, district, enrollment, district_id, lowest, highest, status, dated, products = columns
    day = date.fromisoformat(dated)
    return Row(
        kind,
        object_id,
        title,
        summary,
        labels,
        body,
        district,
        enrollment,
        district_id,
        lowest or "",
        highest or "",
        status,
        None if day == UNDATED else day,
        json.loads(products),
    )
