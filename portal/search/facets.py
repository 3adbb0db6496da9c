"""What results can be narrowed by: the one table that says of each facet what it is called, which values it has, how
they are shown, and what somebody means who types one.

A value is a text, as in an address: a kind; a tag or product as written; the number of a county or district; a status;
a size of `SIZES`; days of `FRESH`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.districts.models import County, District
from portal.registry import SearchSource, search_sources
from portal.search.text.words import facet_word, parts, squeezed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST_CHOSEN = 10
"""Values of one facet."""
MOST_NAMED = 60
"""Districts of which one name is a part, and which are left out by it."""


class Size(NamedTuple):
    """A district's enrollment, from and below."""

    least: int
    below: int
    words: _StrPromise


SIZES = {
    "under-500": Size(0, 500, _("Under 500 students")),
    "500-999": Size(500, 1000, _("500 to 999")),
    "1000-2499": Size(1000, 2500, _("1,000 to 2,499")),
    "2500-4999": Size(2500, 5000, _("2,500 to 4,999")),
    "5000-9999": Size(5000, 10_000, _("5,000 to 9,999")),
    "10000-up": Size(10_000, 10_000_000, _("10,000 and more")),
}
FRESH = {"31": _("In the last month"), "366": _("In the last year"), "1096": _("In the last three years")}
"""Dated at most so many days ago; each holds the ones before it."""


def size_of(students: int | None) -> str:
    """The size of a district with so many; "" where it is not known."""
    return next((value for value, size in SIZES.items() if students is not None and students < size.below), "")


def since(today: date, days: str) -> str:
    """The first day that is "at most so many days ago"."""
    return (today - timedelta(days=int(days))).isoformat()


def oldest(values: Iterable[str], today: date) -> str:
    """The first day of what is as new as one of the values says; "" where none of them says it."""
    days = [days for days in values if days in FRESH]
    return since(today, max(days, key=int)) if days else ""


def of_size(values: Iterable[str]) -> Q:
    """That a district is of one of these sizes; nothing where none of them is one."""
    sizes = (SIZES[value] for value in values if value in SIZES)
    return reduce(or_, (Q(enrollment__gte=size.least, enrollment__lt=size.below) for size in sizes), Q())


class Value(NamedTuple):
    value: str
    words: str | _StrPromise
    """As it is shown."""
    spellings: Iterable[str | _StrPromise] = ()
    """By which it is meant where somebody types it."""


@dataclass(frozen=True)
class Facet:
    name: str
    label: _StrPromise
    column: str
    """Of the entry table: what tells an entry's value."""
    unknown: str | _StrPromise = ""
    """What is said to whoever types a value that is none."""
    known: Callable[[Sequence[str]], Sequence[Value]] = lambda kinds: ()
    """All its values, read where they are asked for; given the chosen kinds, whose words are preferred."""
    is_word: bool = True
    """Its values stand as words in the text index (`facet_word`); they are operators too, and so may be excluded."""
    is_ordered: bool = False
    """Shown in the order of `known`; else the values with the most hits come first."""
    is_bounded: bool = False
    """It may have any number of values: only the most frequent ones are counted."""
    most_chosen: int = MOST_CHOSEN

    def is_known(self, value: str) -> bool:
        """Whether an address may name it. No query."""
        return any(one.value == value for one in self.known(()))

    def words(self, value: str, kinds: Sequence[str] = ()) -> str:
        """As it is shown, "" where only a row says it or nobody could make sense of it. No query."""
        return str(next((one.words for one in self.known(kinds) if one.value == value), ""))

    def meant(self, typed: Iterable[str]) -> dict[str, dict[str, str]]:
        """Which values each of the typed texts stands for, and how these are called."""
        known = [(one, {squeezed(str(spelling)) for spelling in one.spellings}) for one in self.known(())]
        return {
            text: {one.value: str(one.words) for one, spellings in known if squeezed(text) in spellings}
            for text in typed
        }


class Label(Facet):
    """What is named as it is written, where the reader sees anything that has it: "Wi-Fi" and "wifi" are one value."""

    def is_known(self, value: str) -> bool:
        return bool(parts(value))

    def words(self, value: str, kinds: Sequence[str] = ()) -> str:
        return value


class Place(Facet):
    """A county or district, named by its number: what is known of it is in its row."""

    def is_known(self, value: str) -> bool:
        return is_number(value)

    def words(self, value: str, kinds: Sequence[str] = ()) -> str:
        return ""

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """How those that there are are called. One query."""
        model, name = (County, "name") if self.name == "county" else (District, "short_name")
        return {str(row.pk): getattr(row, name) for row in model._default_manager.filter(pk__in=ids).only(name)}

    def meant(self, typed: Iterable[str]) -> dict[str, dict[str, str]]:
        """One query for all counties. One for each district: those called exactly so, else those whose names have all
        the words, at most one more than `MOST_NAMED`."""
        if self.name == "county":
            return super().meant(typed)
        found = {}
        for text in typed:
            near = District.objects.in_directory().named_like(text).order_by("name", "pk")[: MOST_NAMED + 1]
            named = {str(one.pk): one.short_name for one in near}
            exact = [one for one in near if squeezed(text) in map(squeezed, (one.name, one.short_name, *one.aliases))]
            found[text] = {str(one.pk): one.short_name for one in exact} or named
        return found


def _sources(kinds: Sequence[str]) -> list[SearchSource]:
    """In their order, those of the named kinds first."""
    return sorted(search_sources, key=lambda source: (source.kind not in kinds, source.order, source.kind))


def _kinds(kinds: Sequence[str]) -> Sequence[Value]:
    return [Value(one.kind, one.label, (one.kind, one.label, one.singular)) for one in _sources(())]


def _statuses(kinds: Sequence[str]) -> Sequence[Value]:
    pairs = [pair for source in _sources(kinds) for pair in source.statuses.items()]
    return [Value(status, words, (status, words)) for status, words in pairs]


def _sizes(kinds: Sequence[str]) -> Sequence[Value]:
    return [Value(value, size.words) for value, size in SIZES.items()]


def _spans(kinds: Sequence[str]) -> Sequence[Value]:
    return [Value(days, words) for days, words in FRESH.items()]


def _counties(kinds: Sequence[str]) -> Sequence[Value]:
    return [Value(str(one.pk), one.name, (one.name, f"{one.name} county")) for one in County.objects.all()]


FACETS: dict[str, Facet] = {
    facet.name: facet
    for facet in (
        Facet("kind", _("Kind"), "kind", _("Nothing here is of the kind “%(value)s”."), _kinds, is_ordered=True),
        Label("tag", _("Tag"), "tags", _("Nothing has the tag “%(value)s”."), is_bounded=True),
        Place("county", _("County"), "county_id", _("No county is called “%(value)s”."), _counties),
        Place("district", _("District"), "district_id", _("No district is called “%(value)s”."), is_bounded=True),
        Label("product", _("Product"), "products", _("Nothing names the product “%(value)s”."), is_bounded=True),
        Facet("status", _("Status"), "status", _("No status is called “%(value)s”."), _statuses),
        Facet("size", _("District size"), "district_id", known=_sizes, is_word=False, is_ordered=True),
        Facet("fresh", _("How new"), "dated", known=_spans, is_word=False, is_ordered=True, most_chosen=1),
    )
}
"""In the order in which an address names them: that of saved searches is kept as it is written."""


def is_number(text: str) -> bool:
    """Of a page, or of a row: no longer than a database takes it."""
    return text.isascii() and text.isdigit() and len(text) < 19


def facet_words(facet: str, values: Iterable[Any]) -> list[str]:
    """By which the text index finds what has one of the values; one that nothing has for what can be no word."""
    return [facet_word(facet, value) or "nothing" for value in values]
