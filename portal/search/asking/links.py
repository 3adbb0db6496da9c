"""What other features store as kind and object id, shown as a link where the reader may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from portal.districts.models.standing import standing_of
from portal.registry import search_sources
from portal.search.entries.tables import Entry


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


def urls_of(pairs: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Where each (kind, object id) is shown; what is gone, or of no kind that is known, is absent.

    At most one query for each kind. Whether somebody may see it is not asked.
    """
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, object_id in dict.fromkeys(pairs):
        if kind in search_sources:
            ids[kind].append(object_id)
    return {
        (kind, object_id): url
        for kind, some in ids.items()
        for object_id, url in search_sources[kind].urls(some).items()
    }


def resolve(pairs: Iterable[tuple[str, int]], user: Any) -> dict[tuple[str, int], Link]:
    """The links of those (kind, object id) that exist and that `user` may see; the others are absent.

    One query, and the source's own for its URLs for each kind.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, object_id in pairs:
        if kind in search_sources:
            wanted[kind].add(object_id)
    if not wanted:
        return {}
    asked = Q()
    for kind, ids in wanted.items():
        asked |= Q(kind=kind, object_id__in=ids)
    visible = Entry.objects.visible_to(standing_of(user).audience_keys()).filter(asked)
    titles = {(kind, pk): title for kind, pk, title in visible.values_list("kind", "object_id", "title")}
    urls = urls_of(titles)
    return {pair: Link(title, urls[pair]) for pair, title in titles.items() if pair in urls}
