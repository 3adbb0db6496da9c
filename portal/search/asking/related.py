"""What else is about the same: found by the tags, products and title words of a thing, with the reason shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.registry import Panel, PanelContext, search_sources
from portal.search.asking.links import Link, with_urls
from portal.search.asking.question import Question, current
from portal.search.engines.base import Row
from portal.search.entries.tables import Entry
from portal.search.text.query import Term, parse
from portal.search.text.words import singular

MOST_SHOWN = 4
MOST_ASKED = 10
OFFERED = 24
LEAST_WORDS = 2
"""Words of the titles that must agree where no tag or product does."""


def related(kind: str, object_id: int, user: Any) -> list[Link] | None:
    """At most four things that share a tag or product, or two words of the title, with this one; the best first.

    None where there is no such thing for this reader. Two queries, and at most one for the addresses of each kind.
    """
    entry = Entry.objects.visible_to(user).filter(kind=kind, object_id=object_id)
    found = entry.values_list("title", "tags", "products").first()
    if found is None:
        return None
    title, tags, products = found
    labels = _phrases([*products, *tags])
    words = [term for term in parse(title).terms if len(term.typed) > 2]
    terms = tuple(dict.fromkeys([*labels, *words]))[:MOST_ASKED]
    if not terms:
        return []
    offered = (one for one in search_sources if one.is_offered and (one.is_offered_to_own_kind or one.kind != kind))
    kinds = tuple(source.kind for source in offered)
    everything = Question.of("", user).ask
    ask = replace(everything, terms=terms, any_term=True, filters={"kind": kinds}, limit=OFFERED)
    rows = [row for row in current().find(ask).rows if (row.kind, row.object_id) != (kind, object_id)]
    shared = [(row, both) for row in rows if (both := _shared(row, labels, words))]
    # Stable, so that within the same number of shared labels the engine's order stands.
    shared.sort(key=lambda pair: -len(pair[1]) if pair[1][0] in labels else 0)
    best = _varied(shared)
    what = {(row.kind, row.object_id): ", ".join(term.typed for term in terms[:4]) for row, terms in best}
    return [
        Link(row.title, url, row.kind, reason=_("Shares %(what)s") % {"what": what[row.kind, row.object_id]})
        for row, url in with_urls(row for row, _terms in best)
    ]


def _phrases(labels: Iterable[str]) -> list[Term]:
    """Each as one. Spellings of a label ("wifi", "Wi-Fi") are one: the first, so the product's before the tag's."""
    found: dict[str, Term] = {}
    for label in labels:
        terms = parse(label).terms
        words = tuple(word for term in terms for word in term.forms[0])
        if words:
            found.setdefault("".join(words), Term(label, terms[0].forms if len(terms) == 1 else (words,)))
    return list(found.values())


def _shared(row: Row, labels: Sequence[Term], words: Sequence[Term]) -> list[Term]:
    """The labels that it has too, else the words of its title where enough agree."""
    theirs, title = _singulars(row.labels), _singulars(row.title)
    if both := [term for term in labels if _stands_in(term, theirs)]:
        return both
    both = [term for term in words if _stands_in(term, title)]
    return both if len(both) >= LEAST_WORDS else []


def _varied(shared: list[tuple[Row, list[Term]]]) -> list[tuple[Row, list[Term]]]:
    """The best, and among them one of another kind where the best are all alike."""
    best = shared[:MOST_SHOWN]
    kinds = {row.kind for row, _terms in best}
    other = next((pair for pair in shared[MOST_SHOWN:] if pair[0].kind not in kinds), None)
    return [*best[:-1], other] if len(kinds) == 1 and other is not None else best


def _singulars(text: str) -> str:
    words = (singular(word) for term in parse(text[:200]).terms for form in term.forms for word in form)
    return f" {' '.join(words)} "


def _stands_in(term: Term, text: str) -> bool:
    return any(f" {' '.join(map(singular, form))} " in text for form in term.forms)


def panel(kind: str) -> Panel:
    """For the slot of the kind's page, which is called like it. It costs the page nothing: it is asked for when a
    reader comes near it."""

    def load(context: PanelContext) -> dict[str, Any] | None:
        about = context.about.pk
        return {"url": reverse("search:related", args=[kind, about])} if about else None

    return Panel(f"search.related.{kind}", kind, "search/_related_panel.html", load, order=90)
