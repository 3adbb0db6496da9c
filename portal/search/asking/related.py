"""What else is about the same: found by the tags, products and title words of a thing, with the reason shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.registry import Panel, PanelContext, search_sources
from portal.search.asking.links import with_urls
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


@dataclass(frozen=True, slots=True)
class Related:
    title: str
    url: str
    label: str
    """The kind in the singular."""
    reason: str
    """ "Shares wifi, e-rate"."""


@dataclass(frozen=True, slots=True)
class _About:
    labels: tuple[Term, ...]
    """Its tags and products, each as a phrase."""
    words: tuple[Term, ...]
    """Of its title, without those that say nothing."""


def related(kind: str, object_id: int, user: Any) -> list[Related] | None:
    """At most four things that share a tag or product, or two words of the title, with this one; the best first.

    None where there is no such thing for this reader. Two queries, and at most one for the addresses of each kind.
    """
    entry = Entry.objects.visible_to(user).filter(kind=kind, object_id=object_id)
    found = entry.values_list("title", "tags", "products").first()
    if found is None:
        return None
    about = _read(*found)
    terms = tuple(dict.fromkeys([*about.labels, *about.words]))[:MOST_ASKED]
    if not terms:
        return []
    everything = Question.of("", user).ask
    ask = replace(everything, terms=terms, any_term=True, filters={"kind": _kinds_beside(kind)}, limit=OFFERED)
    rows = [row for row in current().find(ask).rows if (row.kind, row.object_id) != (kind, object_id)]
    shared = [(row, terms) for row in rows if (terms := tuple(_shared(about, row)))]
    # Stable, so that within the same number of shared labels the engine's order stands.
    shared.sort(key=lambda pair: -len(pair[1]) if pair[1][0] in about.labels else 0)
    return _shown(_varied(shared))


def _kinds_beside(kind: str) -> tuple[str, ...]:
    return tuple(
        source.kind
        for source in search_sources
        if source.is_offered and (source.is_offered_to_own_kind or source.kind != kind)
    )


def _read(title: str, tags: Iterable[str], products: Iterable[str]) -> _About:
    """Spellings of one label ("wifi", "Wi-Fi") are one, the product's name before the tag's."""
    labels: dict[str, Term] = {}
    for label in [*products, *tags]:
        terms = parse(label).terms
        words = tuple(word for term in terms for word in term.forms[0])
        if words:
            labels.setdefault("".join(words), Term(label, terms[0].forms if len(terms) == 1 else (words,)))
    return _About(tuple(labels.values()), tuple(term for term in parse(title).terms if len(term.typed) > 2))


def _shared(about: _About, row: Row) -> list[Term]:
    """The labels that both have, else the words of the titles where enough agree."""
    theirs = f" {' '.join(_singulars(row.labels))} "
    if labels := [term for term in about.labels if _stands_in(term, theirs)]:
        return labels
    title = f" {' '.join(_singulars(row.title))} "
    words = [term for term in about.words if _stands_in(term, title)]
    return words if len(words) >= LEAST_WORDS else []


def _varied(shared: list[tuple[Row, tuple[Term, ...]]]) -> list[tuple[Row, tuple[Term, ...]]]:
    """The best, and among them one of another kind where the best are all alike."""
    best = shared[:MOST_SHOWN]
    kinds = {row.kind for row, _terms in best}
    other = next((pair for pair in shared[MOST_SHOWN:] if pair[0].kind not in kinds), None)
    return [*best[:-1], other] if len(kinds) == 1 and other is not None else best


def _singulars(text: str) -> list[str]:
    return [singular(word) for term in parse(text[:200]).terms for form in term.forms for word in form]


def _stands_in(term: Term, text: str) -> bool:
    return any(f" {' '.join(map(singular, form))} " in text for form in term.forms)


def _shown(shared: list[tuple[Row, tuple[Term, ...]]]) -> list[Related]:
    found = {(row.kind, row.object_id): terms for row, terms in shared}
    return [
        Related(
            title=row.title,
            url=url,
            label=str(search_sources[row.kind].singular),
            reason=_("Shares %(what)s")
            % {"what": ", ".join(term.typed for term in found[row.kind, row.object_id][:4])},
        )
        for row, url in with_urls(row for row, _terms in shared)
    ]


def panel(kind: str) -> Panel:
    """For the slot of the kind's page, which is called like it. It costs the page nothing: it is asked for when a
    reader comes near it.
    """

    def load(context: PanelContext) -> dict[str, Any] | None:
        about = context.about.pk
        return {"url": reverse("search:related", args=[kind, about])} if about else None

    return Panel(f"search.related.{kind}", kind, "search/_related_panel.html", load, order=90)
