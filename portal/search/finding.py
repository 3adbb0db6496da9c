"""From what somebody typed to what they see: the ladder of attempts, and the hits made ready to show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from portal.districts.standing import standing_of
from portal.registry import search_sources
from portal.search import spelling, synonyms
from portal.search.engines import current
from portal.search.engines.base import COMMON, COUNT_LIMIT, Answer, Ask, Row
from portal.search.models import NearWord
from portal.search.query import Query, Term, of_word, parse
from portal.search.snippets import highlight, snippet

MOST_PAGES = 50
MOST_TELLING = 8
FEW_COMMON = 3


@dataclass(frozen=True, slots=True)
class Hit:
    kind: str
    object_id: int
    title: str
    marked_title: SafeString
    snippet: SafeString
    """HTML: escaped text with `<mark>` around what matched."""
    url: str
    fact: str
    district: str
    """The district's short name, "" for what belongs to none."""
    enrollment: int | None
    label: str
    """The kind in the singular: "Practice"."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, and how many hits it has under the other filters."""

    value: str
    label: str
    count: int
    is_capped: bool
    """There are more than `count`."""
    is_chosen: bool


@dataclass(slots=True)
class Results:
    query: Query
    total: int = 0
    total_is_capped: bool = False
    hits: list[Hit] = field(default_factory=list)
    facets: dict[str, list[Choice]] = field(default_factory=dict)
    corrected: str = ""
    """The words that were searched instead of those typed, "" where none were."""
    relaxed: str = "all"
    """Which rung answered: `all` words, `near` ones, `any` of them, or `browse` (nothing typed)."""
    page: int = 1
    per_page: int = 20

    @property
    def has_next(self) -> bool:
        return self.page < MOST_PAGES and self.total > self.page * self.per_page

    @property
    def has_previous(self) -> bool:
        return self.page > 1

    @property
    def next_page(self) -> int:
        return self.page + 1

    @property
    def previous_page(self) -> int:
        return self.page - 1


def find(
    text: str,
    *,
    user: Any,
    kinds: Iterable[str] | None = None,
    facets: Mapping[str, Iterable[Any]] | None = None,
    page: int = 1,
    per_page: int = 20,
) -> Results:
    """What `user` may see of what answers `text`. `facets` holds chosen values: `{"county": [ids]}`.

    One query where all words are found; three or four where the ladder is climbed. Then for each kind on the page its
    URLs (at most one query) and facts (at most two).
    """
    query = parse(text, synonyms.widen)
    page = min(max(page, 1), MOST_PAGES)
    ask = Ask(
        keys=standing_of(user).audience_keys(),
        today=timezone.localdate(),
        terms=query.terms,
        without=query.without,
        filters=_filters(kinds, facets),
        offset=(page - 1) * per_page,
        limit=per_page,
    )
    results = Results(query, page=page, per_page=per_page)
    answer = current().find(ask)
    if not query.terms:
        results.relaxed = "browse"
    elif answer.is_nothing:
        answer, ask = _climb(ask, results)
    _fill(results, answer, ask, user)
    return results


def _filters(kinds: Iterable[str] | None, facets: Mapping[str, Iterable[Any]] | None) -> dict[str, tuple[str, ...]]:
    chosen = {"kind": kinds or (), **(facets or {})}
    return {facet: texts for facet, values in chosen.items() if (texts := tuple(str(value) for value in values))}


def _climb(ask: Ask, results: Results) -> tuple[Answer, Ask]:
    """No entry has all the words: words nearly like those that nobody uses, then any of the words.

    Every count is of what this reader may see, so a word that stands only in hidden entries is as unknown as one
    that stands nowhere, and is never offered.
    """
    engine = current()
    counts = engine.counts(ask.terms, ask.keys)
    unknown = [term for term, count in zip(ask.terms, counts, strict=True) if not count]
    near = _near(unknown, ask.keys)
    terms = tuple(synonyms.widen([near.get(term, term) for term in ask.terms]))
    if near:
        results.relaxed = "near"
        results.corrected = " ".join(term.typed for term in terms)
        tried = replace(ask, terms=terms)
        answer = engine.find(tried)
        if not answer.is_nothing:
            return answer, tried
    known = [(term, count) for term, count in zip(ask.terms, counts, strict=True) if count]
    # A word in very many entries says nothing beside one in few; and the fewer, the more it says.
    telling = [term for term, count in sorted(known, key=lambda pair: pair[1]) if count <= COMMON][:MOST_TELLING]
    if not telling and not near:
        telling = sorted((term for term, _ in known), key=lambda term: -len(term.typed))[:FEW_COMMON]
    anything = (*telling, *near.values())
    if not anything or (anything == ask.terms and len(anything) == 1):
        return Answer(), ask
    results.relaxed = "near" if near and len(anything) == len(near) else "any"
    tried = replace(ask, terms=anything, any_term=True)
    return engine.find(tried), tried


def _near(unknown: list[Term], keys: frozenset[str]) -> dict[Term, Term]:
    """For each word that finds nothing the nearest one that finds something. Two queries."""
    words = [term.word for term in unknown if len(term.word) >= spelling.SHORTEST and not term.word.isdigit()]
    if not words:
        return {}
    wanted = {key for word in words for key in spelling.keys_of(word)}
    there = NearWord.objects.filter(key__in=wanted).values_list("word", flat=True).distinct()[:2000]
    offered = list(there)
    candidates = {word: spelling.nearest(word, offered) for word in words}
    all_of_them = list(dict.fromkeys(c for found in candidates.values() for c in found))
    counted = dict(zip(all_of_them, current().counts([of_word(c) for c in all_of_them], keys), strict=True))
    near: dict[Term, Term] = {}
    for term in unknown:
        usable = [c for c in candidates.get(term.word, ()) if counted[c]]
        if usable:
            best = min(usable, key=lambda c: (spelling.distance(term.word, c), -counted[c]))
            near[term] = of_word(best)
    return near


def _fill(results: Results, answer: Answer, ask: Ask, user: Any) -> None:
    results.total = min(answer.total, COUNT_LIMIT)
    results.total_is_capped = answer.total > COUNT_LIMIT
    results.hits = _hits(answer.rows, ask.terms, user)
    sources = sorted(search_sources, key=lambda source: (source.order, source.kind))
    kinds = {found.value: found.count for found in answer.facets.get("kind", ())}
    chosen = ask.filters.get("kind", ())
    results.facets = {
        "kind": [
            _choice(source.kind, str(source.label), kinds.get(source.kind, 0), source.kind in chosen)
            for source in sources
            if source.kind in kinds or source.kind in chosen
        ],
        "county": [
            _choice(found.value, found.label, found.count, found.value in ask.filters.get("county", ()))
            for found in sorted(answer.facets.get("county", ()), key=lambda found: (-found.count, found.label))
        ],
    }


def _choice(value: str, label: str, count: int, is_chosen: bool) -> Choice:
    return Choice(value, label, min(count, COUNT_LIMIT), count > COUNT_LIMIT, is_chosen)


def _hits(rows: list[Row], terms: tuple[Term, ...], user: Any) -> list[Hit]:
    """The rows with their URLs and facts, asked once for each kind. A row whose object is just gone is left out."""
    now = timezone.now()
    ids: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.kind in search_sources:
            ids[row.kind].append(row.object_id)
    urls = {kind: search_sources[kind].urls(found) for kind, found in ids.items()}
    facts = {kind: search_sources[kind].facts(found, user, now) for kind, found in ids.items()}
    return [
        Hit(
            kind=row.kind,
            object_id=row.object_id,
            title=row.title,
            marked_title=highlight(row.title, terms),
            snippet=snippet([row.summary, row.body], terms),
            url=urls[row.kind][row.object_id],
            fact=facts[row.kind].get(row.object_id, ""),
            district=row.district or "",
            enrollment=row.enrollment,
            label=str(search_sources[row.kind].singular),
        )
        for row in rows
        if row.object_id in urls.get(row.kind, {})
    ]


def visible_words(text: str, user: Any, most: int = 5) -> list[str]:
    """Words of what this reader may see that are near those typed, for a page without hits."""
    keys = standing_of(user).audience_keys()
    found = _near([term for term in parse(text).terms if term.word], keys)
    return [term.typed for term in found.values()][:most]


__all__ = ["Choice", "Hit", "Results", "find", "visible_words"]
