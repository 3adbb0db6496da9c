"""Rows of practices as lists show them: values instead of instances, so that a list costs little more than its SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from knowledge.models import Kind, Practice, Status, TaggedPractice
from knowledge.models.practices import PracticeQuerySet
from knowledge.screens.counts import like_yours, sentence
from portal.districts.models.standing import standing_of
from portal.formats import number
from portal.paging import Page, page_of

NEWEST = ["-posted_at", "-id"]
COLUMNS = (
    "id",
    "posted_at",
    "kind",
    "title",
    "summary",
    "district__short_name",
    "district__enrollment",
    "in_use_count",
    "piloting_count",
    "stopped_count",
)


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """One practice in a list, by value: its HTML is kept for it (`portal.templatetags.parts`)."""

    id: int
    posted_at: datetime
    kind_value: str
    title: str
    summary: str
    district_name: str
    enrollment: int | None
    in_use: int
    piloting: int
    stopped: int
    like_yours: int
    tags: tuple[tuple[str, str], ...]
    """Name and slug of each."""

    @property
    def kind(self) -> str:
        return str(Kind(self.kind_value).label)

    @property
    def district(self) -> str:
        if not self.enrollment:
            return self.district_name
        size = number(self.enrollment)
        return _("%(district)s, %(size)s students") % {"district": self.district_name, "size": size}

    @property
    def counts(self) -> str:
        return sentence(self.in_use, self.piloting, self.stopped, self.like_yours)


def filtered(
    practices: PracticeQuerySet, *, kind: str = "", tag: str = "", county: str = "", status: str = "", product: str = ""
) -> PracticeQuerySet:
    """The list's filters; an empty one does not filter. `tag`, `county` and `product` are slugs."""
    if kind:
        practices = practices.filter(kind=kind)
    if tag:
        practices = practices.tagged(tag)
    if county:
        practices = practices.filter(district__county__slug=county)
    if product:
        practices = practices.filter(products__slug=product)
    if status:
        practices = practices.filter(**{f"{Status(status).value}_count__gt": 0})
    return practices


def page(practices: PracticeQuerySet, *, user: Any, token: str = "", per_page: int = 25) -> Page[Any]:
    """A page of `PracticeRow`s, newest first. Three queries: rows, tags, districts like mine."""
    found: Page[Any] = page_of(values(practices), order=NEWEST, token=token, per_page=per_page)
    return Page(rows(found.rows, user=user), next=found.next, previous=found.previous)


def values(practices: PracticeQuerySet) -> QuerySet[Any]:
    return practices.values_list(*COLUMNS, named=True)


def rows(practices: Iterable[Any], *, user: Any) -> list[PracticeRow]:
    """Rows of `values` as they are shown to `user`. Two queries."""
    found: list[Any] = list(practices)
    ids = [row.id for row in found]
    tags = tags_of(ids)
    alike = like_yours(ids, standing_of(user).district)
    return [PracticeRow(*(*row, alike.get(row.id, 0), tuple(tags.get(row.id, ())))) for row in found]


def tags_of(practice_ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    """(name, slug) of each practice's tags by name. One query."""
    found: dict[int, list[tuple[str, str]]] = {}
    tagged = TaggedPractice.objects.filter(content_object__in=practice_ids).order_by("tag__name")
    for pk, name, slug in tagged.values_list("content_object_id", "tag__name", "tag__slug"):
        found.setdefault(pk, []).append((name, slug))
    return found


def newest(user: Any, limit: int) -> list[PracticeRow]:
    """The newest practices that this person sees. Three queries."""
    return rows(values(Practice.objects.visible_to(user)).order_by(*NEWEST)[:limit], user=user)
