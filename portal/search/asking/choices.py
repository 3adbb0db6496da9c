"""What results can be narrowed by: each facet's values with words and counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.registry import search_sources
from portal.search.asking.filters import FRESH_WORDS, SIZE_WORDS, Filters, status_words
from portal.search.engines.base import COUNT_LIMIT, FRESH, SIZES, TAGGED, Answer
from portal.search.text.words import mark

SAMPLED = ("tag", "product")
BOUNDED = (*SAMPLED, "district")
"""Only the most frequent values are counted."""
MOST = 10
"""Values shown of tags, products and counties, besides the chosen ones."""


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


def of(answer: Answer, filters: Filters, counted: tuple[str, ...]) -> dict[str, list[Choice]]:
    """The counted facets; a chosen value is there also where it has no hit."""
    return {facet: _facet(facet, answer, filters) for facet in counted}


def _facet(facet: str, answer: Answer, filters: Filters) -> list[Choice]:
    counts = answer.facets.get(facet, [])
    at_least = facet in SAMPLED and answer.totals.get(facet, answer.total) > TAGGED
    chosen = filters.values.get(facet, ())
    unlisted = min(answer.total, COUNT_LIMIT) if len(chosen) == 1 else None if facet in BOUNDED else 0
    marks = {mark(facet, value) for value in chosen}
    choices = [
        Choice(found.value, words, min(found.count, COUNT_LIMIT), at_least or found.count > COUNT_LIMIT, is_chosen)
        for found in counts
        for is_chosen in [mark(facet, found.value) in marks]
        if (words := found.label or _words(facet, found.value, filters)) or is_chosen
    ]
    there = {mark(facet, choice.value) for choice in choices}
    choices += [
        Choice(value, filters.words_for(facet, value) or value, unlisted, answer.total > COUNT_LIMIT, is_chosen=True)
        for value in chosen
        if mark(facet, value) not in there
    ]
    choices.sort(key=_order(facet))
    if facet in BOUNDED:
        kept = [choice for choice in choices if not choice.is_chosen][:MOST]
        choices = [choice for choice in choices if choice.is_chosen or choice in kept]
    return choices


def _words(facet: str, value: str, filters: Filters) -> str:
    """ "" for a value that nobody could make sense of: it is not offered."""
    if facet == "kind":
        return str(search_sources[value].label) if value in search_sources else ""
    if facet == "status":
        return status_words(value, filters.values.get("kind", ()))
    words = {"size": SIZE_WORDS, "fresh": FRESH_WORDS}.get(facet, {})
    return str(words.get(value, ""))


def _order(facet: str) -> Callable[[Choice], tuple[object, ...]]:
    if facet == "kind":
        return lambda choice: (
            (search_sources[choice.value].order, choice.value) if choice.value in search_sources else (99, choice.value)
        )
    if facet in ("size", "fresh"):
        known = list(SIZES) if facet == "size" else list(FRESH)
        return lambda choice: (known.index(choice.value) if choice.value in known else 99,)
    return lambda choice: (-(choice.count or 0), choice.label.lower())
