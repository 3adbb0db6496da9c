"""Filters chosen in the address and operators typed into the box are one thing: values of facets, and two days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.districts.models import County, District
from portal.registry import search_sources
from portal.search.dates import first_day
from portal.search.engines import database_engine
from portal.search.engines.base import FACETS
from portal.search.text.query import Operator, Query
from portal.search.text.words import mark, squeezed
from portal.text import clean

MOST = 10
"""Values of one facet that are chosen."""
MOST_READ = 60
"""Districts of which one name is a part, and which are left out by it."""
LONGEST = 80
FACET_WORDS = {
    "kind": gettext_lazy("Kind"),
    "tag": gettext_lazy("Tag"),
    "county": gettext_lazy("County"),
    "district": gettext_lazy("District"),
    "product": gettext_lazy("Product"),
    "status": gettext_lazy("Status"),
    "size": gettext_lazy("District size"),
    "fresh": gettext_lazy("How new"),
}
SIZE_WORDS = {
    "under-500": gettext_lazy("Under 500 students"),
    "500-999": gettext_lazy("500 to 999"),
    "1000-2499": gettext_lazy("1,000 to 2,499"),
    "2500-4999": gettext_lazy("2,500 to 4,999"),
    "5000-9999": gettext_lazy("5,000 to 9,999"),
    "10000-up": gettext_lazy("10,000 and more"),
}
FRESH_WORDS = {
    "31": gettext_lazy("In the last month"),
    "366": gettext_lazy("In the last year"),
    "1096": gettext_lazy("In the last three years"),
}


LABELS = ("tag", "product")
"""What an operator names as it is written, where the reader sees anything that has it."""
NO_PLACE = "0"
"""Instead of the id of a county or district that is none."""


_Resolve = Callable[["Filters", str], list[str]]


@dataclass(slots=True)
class Filters:
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Chosen values by facet, as in `Ask.filters`; no facet without a value."""
    left_out: dict[Operator, tuple[str, ...]] = field(default_factory=dict)
    """The values that each excluded operator stands for."""
    after: date | None = None
    before: date | None = None
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    """How chosen counties and districts are called."""
    complaints: list[str] = field(default_factory=list)
    """What was typed and could not be understood, each a sentence."""
    is_understood: bool = True
    """All that was typed is in force. A tag to leave out that nothing has is a complaint, and in force all the same."""

    @property
    def excluded(self) -> dict[str, tuple[str, ...]]:
        """As in `Ask.excluded`."""
        return self.excluded_by(self.left_out)

    def excluded_by(self, operators: Iterable[Operator]) -> dict[str, tuple[str, ...]]:
        """By these alone of those that were typed."""
        found: dict[str, list[str]] = defaultdict(list)
        for operator in operators:
            found[operator.name] += self.left_out.get(operator, ())
        return {facet: tuple(dict.fromkeys(values)) for facet, values in found.items() if values}

    def words_for(self, facet: str, value: str) -> str:
        if facet == "kind":
            return str(search_sources[value].label) if value in search_sources else value
        if facet == "status":
            return status_words(value, self.values.get("kind", ()))
        if facet in ("size", "fresh"):
            return str((SIZE_WORDS if facet == "size" else FRESH_WORDS).get(value, value))
        return self.names.get((facet, value), value)


def gather(
    query: Query,
    chosen: Mapping[str, Iterable[Any]],
    *,
    after: date | None = None,
    before: date | None = None,
    keys: frozenset[str],
) -> Filters:
    """What is chosen, and what the query's operators say. No query without operators or chosen places.

    Else one for all tags and products typed, one for all counties typed, one for each district typed, and one each for
    the names of chosen counties and districts.
    """
    filters = Filters(after=after, before=before)
    values: dict[str, list[str]] = {facet: [clean(str(v))[:LONGEST] for v in chosen.get(facet, ())] for facet in FACETS}
    for facet in ("county", "district"):
        values[facet] = [value if _is_id(value) else NO_PLACE for value in values[facet]]
    labels = {operator: mark(operator.name, operator.value) for operator in query.operators if operator.name in LABELS}
    there = database_engine().there(sorted({label for label in labels.values() if label}), keys)
    counties = list(County.objects.all()) if any(operator.name == "county" for operator in query.operators) else []
    resolve: dict[str, _Resolve] = {**_RESOLVE, "county": partial(_counties, counties)}
    for operator in query.operators:
        if operator.name in ("before", "after"):
            _bound(filters, operator)
            continue
        found = [operator.value] if labels.get(operator) in there else []
        if operator.name in resolve:
            found = resolve[operator.name](filters, operator.value)
        if operator.is_excluded and len(found) > MOST_READ:
            said = _("More than %(most)d districts are called “%(value)s”. Name the one to leave out.")
            filters.complaints.append(said % {"most": MOST_READ, "value": operator.value})
            filters.is_understood = False
        elif found and operator.is_excluded:
            filters.left_out[operator] = tuple(found)
        elif found:
            values[operator.name] += found
        else:
            filters.complaints.append(_COMPLAINTS[operator.name] % {"value": operator.value})
            filters.is_understood &= operator.is_excluded and operator.name in LABELS
    filters.values = {facet: tuple(dict.fromkeys(found))[:MOST] for facet, found in values.items() if found}
    _name_places(filters)
    return filters


def status_words(value: str, kinds: Iterable[str] = ()) -> str:
    """As the first source says it; those of the named kinds are asked first."""
    sources = sorted(search_sources, key=lambda source: (source.kind not in kinds, source.order, source.kind))
    for source in sources:
        if value in source.statuses:
            return str(source.statuses[value])
    return ""


def _bound(filters: Filters, operator: Operator) -> None:
    day = first_day(operator.value)
    if day is None:
        filters.is_understood = False
        filters.complaints.append(
            _("“%(value)s” is not a date. Write it as 2026, 2026-03 or 3/15/2026.") % {"value": operator.value}
        )
    elif operator.name == "after":
        filters.after = max(day, filters.after or day)
    else:
        filters.before = min(day, filters.before or day)


def _kinds(filters: Filters, value: str) -> list[str]:
    wanted = squeezed(value)
    return [
        source.kind
        for source in search_sources
        if wanted in {squeezed(source.kind), squeezed(str(source.label)), squeezed(str(source.singular))}
    ]


def _statuses(filters: Filters, value: str) -> list[str]:
    wanted = squeezed(value)
    return [
        status
        for source in search_sources
        for status, words in source.statuses.items()
        if wanted in {squeezed(status), squeezed(str(words))}
    ]


def _counties(counties: Sequence[County], filters: Filters, value: str) -> list[str]:
    wanted = squeezed(value)
    found = {
        str(county.pk): county.name
        for county in counties
        if wanted in {squeezed(county.name), squeezed(f"{county.name} county")}
    }
    filters.names.update({("county", pk): name for pk, name in found.items()})
    return list(found)


def _districts(filters: Filters, value: str) -> list[str]:
    """Those called exactly so, else those whose names have all the words: at most one more than `MOST_READ`."""
    wanted = squeezed(value)
    near = list(District.objects.in_directory().named_like(value).order_by("name", "pk")[: MOST_READ + 1])
    exact = [d for d in near if wanted in {squeezed(name) for name in (d.name, d.short_name, *d.aliases)}]
    found = {str(d.pk): d.short_name for d in exact or near}
    filters.names.update({("district", pk): name for pk, name in found.items()})
    return list(found)


_RESOLVE: dict[str, _Resolve] = {
    "kind": _kinds,
    "district": _districts,
    "status": _statuses,
}
_COMPLAINTS = {
    "kind": gettext_lazy("Nothing here is of the kind “%(value)s”."),
    "tag": gettext_lazy("Nothing has the tag “%(value)s”."),
    "county": gettext_lazy("No county is called “%(value)s”."),
    "district": gettext_lazy("No district is called “%(value)s”."),
    "product": gettext_lazy("Nothing names the product “%(value)s”."),
    "status": gettext_lazy("No status is called “%(value)s”."),
}


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19


def _name_places(filters: Filters) -> None:
    """The names of counties and districts that came as numbers."""
    for facet, model, name in (("county", County, "name"), ("district", District, "short_name")):
        unnamed = [v for v in filters.values.get(facet, ()) if (facet, v) not in filters.names]
        if unnamed:
            rows = model.objects.filter(pk__in=unnamed).values_list("pk", name)  # type: ignore[attr-defined]
            filters.names.update({(facet, str(pk)): words for pk, words in rows})
