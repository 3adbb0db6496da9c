"""Filters chosen in the address and operators typed into the box are one thing: values of facets, and two days. And
what results can be narrowed by further."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.search import facets
from portal.search.engines import database_engine
from portal.search.engines.base import COUNT_LIMIT, TAGGED, Answer
from portal.search.facets import FACETS, Label, Place
from portal.search.text.query import Operator, Query
from portal.search.text.words import facet_word
from portal.text import clean, one_line

LONGEST = 80
MOST_OFFERED = 10
"""Values shown of tags, products and counties, besides the chosen ones."""
NO_PLACE = "0"
"""Instead of the id of a county or district that is none."""
_DAYS = ("%Y-%m-%d", "%Y-%m", "%Y", "%m/%d/%Y", "%m/%Y", "%m/%d/%y", "%b %d %Y", "%B %d %Y", "%b %Y", "%B %Y")


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
        found: dict[str, list[str]] = defaultdict(list)
        for operator, values in self.left_out.items():
            found[operator.name] += values
        return {facet: tuple(dict.fromkeys(values)) for facet, values in found.items()}

    def words_for(self, facet: str, value: str) -> str:
        """As it is shown; the value itself where nothing else is known of it."""
        return FACETS[facet].words(value, self.values.get("kind", ())) or self.names.get((facet, value), value)


def gather(
    query: Query, chosen: Mapping[str, Iterable[Any]], *, after: date | None, before: date | None, keys: frozenset[str]
) -> Filters:
    """What is chosen, and what the query's operators say. No query without operators or chosen places.

    Else one for all tags and products typed, one for all counties typed, one for each district typed, and one each for
    the names of chosen counties and districts.
    """
    filters = Filters(after=after, before=before)
    values: dict[str, list[str]] = {facet: [clean(str(v))[:LONGEST] for v in chosen.get(facet, ())] for facet in FACETS}
    places = {name: facet for name, facet in FACETS.items() if isinstance(facet, Place)}
    for name, place in places.items():
        values[name] = [value if place.is_known(value) else NO_PLACE for value in values[name]]
    meant = _meant([operator for operator in query.operators if operator.name in FACETS], keys)
    for operator in query.operators:
        if operator not in meant:
            _bound(filters, operator)
            continue
        found = meant[operator]
        filters.names.update({(operator.name, value): words for value, words in found.items()})
        if operator.is_excluded and len(found) > facets.MOST_NAMED:
            said = _("More than %(most)d districts are called “%(value)s”. Name the one to leave out.")
            filters.complaints.append(said % {"most": facets.MOST_NAMED, "value": operator.value})
            filters.is_understood = False
        elif found and operator.is_excluded:
            filters.left_out[operator] = tuple(found)
        elif found:
            values[operator.name] += found
        else:
            facet = FACETS[operator.name]
            filters.complaints.append(str(facet.unknown) % {"value": operator.value})
            filters.is_understood &= operator.is_excluded and isinstance(facet, Label)
    filters.values = {
        facet: tuple(dict.fromkeys(some))[: FACETS[facet].most_chosen] for facet, some in values.items() if some
    }
    for name, place in places.items():
        if unnamed := [value for value in filters.values.get(name, ()) if (name, value) not in filters.names]:
            filters.names.update({(name, pk): words for pk, words in place.names(unnamed).items()})
    return filters


def _meant(operators: Sequence[Operator], keys: frozenset[str]) -> dict[Operator, dict[str, str]]:
    """The values that each stands for, with their names: of labels those that this reader sees at anything."""
    labels = {one: facet_word(one.name, one.value) for one in operators if isinstance(FACETS[one.name], Label)}
    there = database_engine().there(sorted(filter(None, set(labels.values()))), keys)
    found = {one: {one.value: one.value} if word in there else {} for one, word in labels.items()}
    for name, facet in FACETS.items():
        if others := [one for one in operators if one.name == name and one not in labels]:
            named = facet.meant(dict.fromkeys(one.value for one in others))
            found |= {one: named[one.value] for one in others}
    return found


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


def first_day(text: str) -> date | None:
    """The first day of the year, month or day that is named: 2026, 2026-03, 3/15/2026, March 2026. None for others."""
    text = one_line(text.replace(",", " "))
    for form in _DAYS if text.isascii() else ():
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


# --- what is offered -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, and how many hits it has under the other filters."""

    value: str
    label: str
    count: int | None
    """None where it was not counted: a chosen value among several that is not one of the most frequent."""
    is_capped: bool
    """There are more than `count`."""
    is_chosen: bool


def offered(name: str, answer: Answer, filters: Filters) -> list[Choice]:
    """The values of a counted facet; a chosen one is there also where it has no hit."""
    facet, chosen, kinds = FACETS[name], filters.values.get(name, ()), filters.values.get("kind", ())
    at_least = isinstance(facet, Label) and answer.totals.get(name, answer.total) > TAGGED
    unlisted = min(answer.total, COUNT_LIMIT) if len(chosen) == 1 else None if facet.is_bounded else 0
    is_more = answer.total > COUNT_LIMIT
    choices = {
        facet_word(name, value): Choice(value, filters.words_for(name, value), unlisted, is_more, is_chosen=True)
        for value in chosen
    }
    for found in answer.facets.get(name, ()):
        word = facet_word(name, found.value)
        words, is_chosen = found.label or facet.words(found.value, kinds), word in choices
        if words or is_chosen:
            is_capped = at_least or found.count > COUNT_LIMIT
            choices[word] = Choice(found.value, words, min(found.count, COUNT_LIMIT), is_capped, is_chosen)
    if facet.is_ordered:
        order = {value.value: number for number, value in enumerate(facet.known(()))}
        shown = sorted(choices.values(), key=lambda choice: order.get(choice.value, len(order)))
    else:
        shown = sorted(choices.values(), key=lambda choice: (-(choice.count or 0), choice.label.lower()))
    if facet.is_bounded:
        others = [choice for choice in shown if not choice.is_chosen][:MOST_OFFERED]
        shown = [choice for choice in shown if choice.is_chosen or choice in others]
    return shown
