"""For a search without results: what is near, what fewer filters find, who uses what was named, and whom to ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from portal.registry import search_sources
from portal.search.asking.address import SearchAddress
from portal.search.asking.filters import Filters
from portal.search.asking.finding import Results, find, visible_words
from portal.search.asking.links import Hit, hits_of
from portal.search.asking.question import Question, current
from portal.search.engines.base import COUNT_LIMIT, Ask
from portal.search.text import synonyms
from portal.search.text.query import parse, pieces_in, spoken, wanted_in
from portal.search.text.words import facet_word

MOST_LOOSER = 4
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Looser:
    """The same search with fewer filters."""

    words: str
    url: str
    count: int
    is_capped: bool


@dataclass(slots=True)
class Help:
    near: list[tuple[str, str]] = field(default_factory=list)
    """Words that are used here, each with the search for it."""
    looser: list[Looser] = field(default_factory=list)
    named: list[Hit] = field(default_factory=list)
    """Things that are called as one of the words, of the kinds whose sources say so: products, and who uses them."""
    tags: list[tuple[str, str, int]] = field(default_factory=list)
    """Tags that are among the words: name, the search for it, how many things have it."""
    ask_url: str = ""
    """The form that asks the members, "" where nothing was asked for in words."""


def help_for(results: Results, address: SearchAddress) -> Help:
    """Only ever for a page without results.

    It costs what near words do (`visible_words`), one search for each filter or exclusion taken away (at most
    `MOST_LOOSER`), a whole one (`find`) without any of them, and two for what was named.
    """
    bare = replace(address, filters={}, after=None, before=None, exact=False)
    near = [(word, bare.link(text=word)) for word in visible_words(results.question)]
    looser = _looser(results, address)
    if not results.query.terms:
        return Help(near, looser)
    named, tags = _named(results, bare)
    return Help(near, looser, named, tags, ask_url(results.query.words))


def ask_url(words: str) -> str:
    """Where the members are asked this, without the signs of a search; "" where no feature takes questions."""
    return next((source.ask(spoken(words)) for source in search_sources if source.ask), "")


def _looser(results: Results, address: SearchAddress) -> list[Looser]:
    each = list(_each(results, address))
    if not each:
        return []
    bare = replace(address, text=wanted_in(address.text), filters={}, after=None, before=None)
    tried: list[tuple[str, SearchAddress]] = [(_("Without any filter"), bare)]
    if len(each) > 1:
        some = each[:MOST_LOOSER]
        tried = [(_("Without “%(filter)s”") % {"filter": words}, loosened) for words, loosened in some] + tried
    found = []
    for words, loosened in tried:
        if loosened != bare:
            total = current().find(_ask(results.question, loosened)).total
        else:  # also of words near to those typed
            total = find(bare.text, user=results.question.user, counted=(), per_page=1).total
        if total:
            url = loosened.link(exact=False)
            found.append(Looser(words, url, min(total, COUNT_LIMIT), total > COUNT_LIMIT))
    return found


def _each(results: Results, address: SearchAddress) -> Iterator[tuple[str, SearchAddress]]:
    """The search without each of its filters and of what it excludes."""
    for facet, values in address.filters.items():
        for value in values:
            loosened = replace(address, filters=address.without(facet, value))
            yield results.filters.words_for(facet, value), loosened
    if address.after or address.before:
        yield _("Dates"), replace(address, after=None, before=None)
    for piece in pieces_in(address.text):
        if piece.is_excluded:
            words = f"-{piece.facet}:{piece.words}" if piece.facet else f"-{piece.words}"
            yield words, replace(address, text=piece.left)


def _ask(question: Question, address: SearchAddress) -> Ask:
    """The text may be a part of the one that was searched: what it still excludes is known. No query."""
    query = question.query if address.text == question.query.words else parse(address.text, synonyms.widen)
    left_out = {one: values for one, values in question.filters.left_out.items() if one in query.operators}
    filters = Filters(dict(address.filters), left_out, after=address.after, before=address.before)
    return replace(replace(question, query=query, filters=filters).ask, limit=1)


def _named(results: Results, bare: SearchAddress) -> tuple[list[Hit], list[tuple[str, str, int]]]:
    """Things with a name, and tags, that are called as one of the words, or as all of them, whatever is excluded."""
    asked = replace(_ask(results.question, bare), any_term=True, without=(), excluded={}, limit=MOST_NAMED)
    kinds = tuple(source.kind for source in search_sources if source.is_named)
    rows = current().find(replace(asked, filters={"kind": kinds})).rows if kinds else []
    tags = current().find(replace(asked, counted=("tag",))).facets.get("tag", ())
    spoken_words = [spoken(results.query.words), *(term.typed for term in results.query.terms)]
    said = {facet_word("tag", words) for words in spoken_words}
    return (
        hits_of(rows, results.query.terms, results.question.user),
        [
            (tag.label, replace(bare, text="").link(filters={"tag": (tag.value,)}), tag.count)
            for tag in tags
            if facet_word("tag", tag.value) in said
        ],
    )
