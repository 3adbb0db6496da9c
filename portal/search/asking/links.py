"""What other features store as kind and object id, shown as a link where the reader may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.registry import search_sources
from portal.search.engines.base import Row
from portal.search.entries.tables import Entry, by_kind


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    label: str
    """The kind in the singular."""


def urls_of(pairs: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Where each (kind, object id) is shown; what is gone, or of no kind that is known, is absent.

    At most one query for each kind. Whether somebody may see it is not asked.
    """
    return {
        (kind, object_id): url
        for kind, ids in by_kind(pairs).items()
        if kind in search_sources
        for object_id, url in search_sources[kind].urls(ids).items()
    }


def resolve(pairs: Iterable[tuple[str, int]], user: Any) -> dict[tuple[str, int], Link]:
    """The links of those (kind, object id) that exist and that `user` may see; the others are absent.

    One query, and the source's own for its URLs for each kind.
    """
    wanted = [(kind, object_id) for kind, object_id in pairs if kind in search_sources]
    if not wanted:
        return {}
    visible = Entry.objects.visible_to(user).of(wanted)
    titles = {(kind, pk): title for kind, pk, title in visible.values_list("kind", "object_id", "title")}
    urls = urls_of(titles)
    return {pair: _link(pair[0], title, urls[pair]) for pair, title in titles.items() if pair in urls}


def with_urls(rows: Iterable[Row]) -> list[tuple[Row, str]]:
    """The rows whose things are still there, each with where it is shown. At most one query for each kind."""
    rows = list(rows)
    urls = urls_of((row.kind, row.object_id) for row in rows)
    return [(row, urls[row.kind, row.object_id]) for row in rows if (row.kind, row.object_id) in urls]


def links_to(rows: Iterable[Row]) -> list[Link]:
    return [_link(row.kind, row.title, url) for row, url in with_urls(rows)]


def _link(kind: str, title: str, url: str) -> Link:
    return Link(title, url, str(search_sources[kind].singular))
