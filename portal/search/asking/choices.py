"""What results can be narrowed by: each facet's values with words and counts."""

from __future__ import annotations

from dataclasses import dataclass

from portal.search.asking.filters import Filters
from portal.search.engines.base import COUNT_LIMIT, TAGGED, Answer
from portal.search.facets import FACETS, Label
from portal.search.text.words import facet_word

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


def _facet(name: str, answer: Answer, filters: Filters) -> list[Choice]:
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
        offered = [choice for choice in shown if not choice.is_chosen][:MOST]
        shown = [choice for choice in shown if choice.is_chosen or choice in offered]
    return shown
