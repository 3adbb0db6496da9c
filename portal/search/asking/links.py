"""What search found, and what other features store as kind and object id, ready to show: as links, or as hits with what
matched marked. Addresses and facts are asked once for each kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.districts.models.alike import and_also
from portal.districts.models.places import District
from portal.formats import month, number
from portal.registry import search_sources
from portal.search.asking.alike import NONE_LIKE, DistrictsLike
from portal.search.engines.base import RECENT_DAYS, Row
from portal.search.entries.tables import Entry, by_kind
from portal.search.text.query import Term
from portal.search.text.snippets import highlight, snippet


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    kind: str
    reason: str = ""
    """Why it is shown, where that is said."""

    @property
    def label(self) -> str:
        """The kind in the singular: "Practice"."""
        return str(search_sources[self.kind].singular)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit(Link):
    object_id: int
    marked_title: SafeString
    snippet: SafeString
    """HTML: escaped text with `<mark>` around what matched."""
    fact: str
    district: str
    """The district's short name, "" for what belongs to none."""
    enrollment: int | None
    like: str = ""
    """Why it rose, where the district is like the reader's: "Like yours: 4,951 students, PK-12, same county"."""
    note: str = ""
    """Why it sank: that it is over, in its source's words, or how old it is."""


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
    return {pair: Link(title, urls[pair], pair[0]) for pair, title in titles.items() if pair in urls}


def with_urls(rows: Iterable[Row]) -> list[tuple[Row, str]]:
    """The rows whose things are still there, each with where it is shown. At most one query for each kind."""
    rows = list(rows)
    urls = urls_of((row.kind, row.object_id) for row in rows)
    return [(row, urls[row.kind, row.object_id]) for row in rows if (row.kind, row.object_id) in urls]


def links_to(rows: Iterable[Row]) -> list[Link]:
    return [Link(row.title, url, row.kind) for row, url in with_urls(rows)]


def hits_of(rows: Sequence[Row], terms: tuple[Term, ...], user: Any, like: DistrictsLike = NONE_LIKE) -> list[Hit]:
    """The rows with their URLs and facts. A row whose object is just gone is left out."""
    now = timezone.now()
    found = with_urls(rows)
    facts = {
        kind: search_sources[kind].facts(ids, user, now)
        for kind, ids in by_kind((row.kind, row.object_id) for row, _url in found).items()
    }
    today = timezone.localdate(now)
    return [
        Hit(
            kind=row.kind,
            object_id=row.object_id,
            title=row.title,
            marked_title=highlight(row.title, terms),
            snippet=snippet([row.summary, row.body], terms),
            url=url,
            fact=facts[row.kind].get(row.object_id, ""),
            district=row.district or "",
            enrollment=row.enrollment,
            like=_like(row, like) if row.district_id in like else "",
            note=_note(row, today),
        )
        for row, url in found
    ]


def _like(row: Row, like: DistrictsLike) -> str:
    """Of what both use only that is named which this hit is about: it is seen with the hit, and fits what was asked."""
    span = District(lowest_grade=row.lowest_grade, highest_grade=row.highest_grade).grade_span
    reason = _("Like yours: %(students)s students, %(grades)s") % {
        "students": number(row.enrollment or 0),
        "grades": span,
    }
    shared = like.in_common.get(row.district_id or 0, ())
    both = next((name for name in row.products if name in shared), "")
    return and_also(reason, same_county=row.district_id in like.same_county, product=both)


def _note(row: Row, today: date) -> str:
    if over := search_sources[row.kind].sinking.get(row.status):
        return str(over)
    if row.dated is not None and row.dated < today - timedelta(days=RECENT_DAYS):
        return _("Of %(month)s, more than three years ago") % {"month": month(row.dated)}
    return ""
