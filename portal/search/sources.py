"""The directory as a source: districts are below search, so search registers them itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from portal.districts.models import District
from portal.registry import EntryData, SearchSource
from portal.search import indexing


def _entries(districts: Sequence[District]) -> Iterable[EntryData]:
    for district in districts:
        yield EntryData(
            object_id=district.pk,
            title=district.name,
            summary=", ".join(filter(None, [district.city, str(district.county or "")])),
            body=" ".join(filter(None, [district.short_name, *district.aliases, district.kind, district.nces_id])),
            county_id=district.county_id,
            district_id=district.pk,
            audience=["public"],
        )


def _urls(ids: Sequence[int]) -> dict[int, str]:
    return {d.pk: d.get_absolute_url() for d in District.objects.filter(pk__in=ids).only("slug")}


def _facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    return {d.pk: d.fact_sentence for d in District.objects.filter(pk__in=ids).select_related("county")}


def index_districts(ids: Iterable[int], **kwargs: Any) -> None:
    """Told by `districts_changed`, in the writer's transaction."""
    indexing.index("district", ids)


def index_district(instance: District, **kwargs: Any) -> None:
    """Told by Django when one district was saved or deleted."""
    indexing.index("district", [instance.pk])


districts = SearchSource(
    kind="district",
    label=gettext_lazy("Districts"),
    singular=gettext_lazy("District"),
    model=District,
    rows=lambda: District.objects.in_directory().select_related("county"),
    entries=_entries,
    urls=_urls,
    facts=_facts,
    order=90,
)
