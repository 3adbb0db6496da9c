"""The search page as its template shows it: chips, tabs and the panel of filters, each with the address it leads to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.districts.models.standing import standing_of
from portal.search.asking.address import SearchAddress
from portal.search.asking.filters import MOST_OFFERED, Choice
from portal.search.asking.finding import Results
from portal.search.asking.helping import help_for
from portal.search.facets import FACETS
from portal.search.text.query import pieces_in, wanted_in
from portal.templatetags.wording import day

COUNTED = ("kind", "tag", "county", "product", "size", "status", "fresh")
PANEL = ("tag", "county", "product", "size", "status", "fresh")
MOST_SYNONYMS = 6
"""Named over the results."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter, quoted phrase or excluded word in force, and the search without it."""

    facet: str
    """"County"."""
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """One facet of the panel."""

    facet: str
    words: str
    first: list[Choice]
    more: list[Choice]
    """Shown when asked for."""

    @property
    def is_chosen(self) -> bool:
        return any(choice.is_chosen for choice in [*self.first, *self.more])


@dataclass(frozen=True, slots=True)
class Searched:
    """What the panels of the search page are about."""

    heading: str
    address: SearchAddress
    """With the operators among its filters."""
    results: Results


def shown(asked: SearchAddress, results: Results, user: Any) -> dict[str, Any]:
    """The template's variables."""
    address = asked.settled(results.query.words, results.filters)
    kind = FACETS["kind"].words(address.kind).lower()
    groups, kinds = list(_groups(results)), results.facets.get("kind", ())
    standing = standing_of(user)
    return {
        "results": results,
        "address": address,
        "heading": _("Search %(kind)s") % {"kind": kind} if kind else _("Search"),
        "chips": list(_chips(address, results)),
        "tabs": [(one, address.link(filters={**address.filters, "kind": (one.value,)})) for one in kinds],
        "everything_url": address.link(filters=address.without("kind", "")),
        "groups": groups,
        "first_kind": str(FACETS["kind"].known(())[0].words).lower(),
        "hidden": address.pairs(*PANEL, "exact"),
        "boxed": address.pairs("q", "exact"),
        "clear_url": address.link(text=wanted_in(address.text, phrases=False), filters={}, after=None, before=None),
        "next_url": address.link(page=results.page + 1) if results.has_next else "",
        "previous_url": address.link(page=results.page - 1) if results.page > 1 else "",
        "synonyms": results.synonyms[:MOST_SYNONYMS],
        "exact_url": address.link(exact=True) if _is_helped(results) else "",
        "helped_url": address.link(exact=False),
        "meant_url": address.link(text=results.meant) if results.meant else "",
        "may_lift": standing.district is not None and bool(results.query.terms),
        "lift_url": address.link(mine=not address.mine),
        "help": None if results.hits else help_for(results, address),
    }


def _is_helped(results: Results) -> bool:
    """Other words were searched than those typed, or not all of them."""
    return bool(results.corrected or results.synonyms or results.left_out) or results.relaxed in {"any", "some"}


def _chips(address: SearchAddress, results: Results) -> Iterable[Chip]:
    for piece in pieces_in(address.text):
        kind = _("Without") if piece.is_excluded else _("Phrase")
        if piece.facet:
            kind = _("Not %(facet)s") % {"facet": str(FACETS[piece.facet].label).lower()}
        yield Chip(kind, piece.words, address.link(text=piece.left))
    for facet, values in address.filters.items():
        for value in values:
            url = address.link(filters=address.without(facet, value))
            yield Chip(str(FACETS[facet].label), results.filters.words_for(facet, value), url)
    if address.after:
        yield Chip(_("From"), day(address.after), address.link(after=None))
    if address.before:
        yield Chip(_("Before"), day(address.before), address.link(before=None))


def _groups(results: Results) -> Iterable[Group]:
    for facet in PANEL:
        choices = results.facets.get(facet, [])
        if choices:
            first = [choice for number, choice in enumerate(choices) if number < MOST_OFFERED or choice.is_chosen]
            yield Group(facet, str(FACETS[facet].label), first, [choice for choice in choices if choice not in first])
