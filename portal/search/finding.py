"""From what somebody typed to what they see: the ladder of attempts, and the hits made ready to show."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils import timezone

from portal import spelling
from portal.districts.models.standing import standing_of
from portal.search import choices, hits, near, synonyms
from portal.search.alike import NONE_LIKE, districts_like
from portal.search.choices import Choice
from portal.search.engines import current
from portal.search.engines.base import COUNT_LIMIT, Answer, Ask
from portal.search.filters import Filters, gather
from portal.search.hits import Hit
from portal.search.query import Query, Term, of_word, parse
from portal.search.ranking import ranked
from portal.search.telling import FIRST, RARE, Counts, all_that_count, any_of, like_first, most_counted

MOST_PAGES = 50
FEW = 10
"""With fewer hits a near word may be meant, and what has some of the words is shown too."""
FAR_MORE = 4
"""Times as common as the word typed."""
MOST_MENDED = 4
"""Mistyped words of one query that are put right."""


@dataclass(slots=True)
class Results:
    query: Query
    filters: Filters = field(default_factory=Filters)
    """Those of the address and those typed."""
    total: int = 0
    total_is_capped: bool = False
    hits: list[Hit] = field(default_factory=list)
    facets: dict[str, list[Choice]] = field(default_factory=dict)
    corrected: str = ""
    """The words that were searched instead of those typed, without those that stand nowhere; "" where none were."""
    meant: str = ""
    """Words that many more things have, where few have those typed: "Did you mean"."""
    is_lifted: bool = False
    """What districts like the reader's do has risen."""
    relaxed: str = "all"
    """Which rung answered: `all` words, `near` ones, `any` of them, `some` (a few hits have all of them, and the others
    some), or `browse` (nothing typed)."""
    is_reserve: bool = False
    """The database answered instead of Elasticsearch."""
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
    after: date | None = None,
    before: date | None = None,
    mine: bool = True,
    exact: bool = False,
    counted: tuple[str, ...] = ("kind", "county"),
    page: int = 1,
    per_page: int = 20,
) -> Results:
    """What `user` may see of what answers `text`. `facets` holds chosen values: `{"county": [ids]}`.

    `mine` lets rise what districts like the reader's do; `exact` leaves the words as they are typed.

    One query where enough has all words. Where few have them, near words are looked up and counted (two queries), those
    worth offering are seen (one or two for each, of four words at most), and what has any of the words is found (one).
    Where nothing has them, the same and one to find the words put right. Operators cost what `gather` says. Then for
    each kind on the page its URLs (at most one query) and facts (at most two).
    A page past the end is the last one, for one query more.
    """
    standing = standing_of(user)
    keys, today = standing.audience_keys(), timezone.localdate()
    query = parse(text, synonyms.widen)
    typed = tuple(term.itself for term in query.terms)
    chosen = {**(facets or {}), **({"kind": kinds} if kinds else {})}
    filters = gather(query, chosen, after=after, before=before, keys=keys)
    page = min(max(page, 1), MOST_PAGES)
    like = districts_like(standing) if mine else NONE_LIKE
    ask = Ask(
        keys=keys,
        today=today,
        terms=query.terms,
        first=(typed,) if typed != query.terms else (),
        without=query.without,
        filters=filters.values,
        excluded=filters.excluded,
        after=filters.after,
        before=filters.before,
        like=like.by_weight,
        counted=counted,
        offset=(page - 1) * per_page,
        limit=per_page,
        **ranked(),
    )
    results = Results(query, filters, page=page, per_page=per_page, is_lifted=bool(ask.like and query.terms))
    answer = current().find(ask)
    if not query.terms:
        results.relaxed = "browse"
    elif not exact and (answer.first[0] if ask.first else answer.total) < FEW:
        counts: Counts = {}
        if page == 1 and answer.total:
            results.meant = _meant(query, keys, counts)
        answer, ask = _climb(ask, answer, results, counts)
    if answer.total and not answer.rows:
        results.page = page = min(math.ceil(answer.total / per_page), MOST_PAGES)
        answer = current().find(replace(ask, offset=(page - 1) * per_page))
    results.is_reserve = answer.is_reserve
    results.total = min(answer.total, COUNT_LIMIT)
    results.total_is_capped = answer.total > COUNT_LIMIT
    results.hits = hits.made(answer.rows, ask.terms, user, like)
    results.facets = choices.of(answer, filters, counted)
    return results


def _climb(ask: Ask, answer: Answer, results: Results, counts: Counts) -> tuple[Answer, Ask]:
    """Few entries have all the words as they were typed, or none: words nearly like those that nobody uses, then any of
    the words. What has all of them as typed stays above.

    Every count is of what this reader may see; `counts` are those known already.
    """
    typed = answer.first[0] if ask.first else answer.total
    if len(ask.terms) == 1 and (typed or not (ask.first or answer.is_nothing)):
        return answer, ask
    engine = current()
    words = tuple(term.itself for term in ask.terms)
    most = most_counted(words)
    counts |= near.counted([term for term in all_that_count(ask.terms) if term not in counts], ask.keys, most)
    mended = _near([term for term in words if not counts[term]], ask.keys)
    if mended:
        synonymous = (ask.terms,) if answer.total else ()
        terms = _put_right(ask.terms, mended)
        words = tuple(term.itself for term in terms)
        ask = replace(ask, terms=terms, first=(*synonymous, *((words,) if words != terms else ())))
        answer = engine.find(ask)
        results.relaxed = "near"
        results.corrected = " ".join(term.typed for term in words if counts.get(term, RARE))
        typed = answer.first[-1] if words != terms else answer.total - sum(answer.first)
        if typed >= FEW:
            return answer, ask
    tried = any_of(ask, counts, most)
    if tried is None or tried.terms == ask.terms[:1] == ask.terms:
        return answer, ask
    if not mended:
        results.relaxed = "some" if answer.total else "any"
    tried = replace(tried, first=(words,) if typed and words != ask.terms else ())
    start = engine.find(replace(tried, offset=0, limit=max(tried.limit, FIRST)))
    if start.total > FEW:
        tried = like_first(tried, start.rows[:FIRST], counts, most)
        start.rows = engine.find(replace(tried, counted=())).rows
    else:
        start.rows = start.rows[tried.offset : tried.offset + tried.limit]
    return start, tried


def _put_right(terms: tuple[Term, ...], mended: Mapping[Term, Term]) -> tuple[Term, ...]:
    """The words with those in the place of mistyped ones, and what synonyms know of either."""
    right = synonyms.widen([mended.get(term.itself, term) for term in terms])
    pairs = zip(right, terms, strict=True)
    return tuple(replace(one, others=tuple(dict.fromkeys([*one.others, *term.others]))) for one, term in pairs)


def _near(unknown: list[Term], keys: frozenset[str]) -> dict[Term, Term]:
    """For each word that finds nothing the nearest one that finds something.

    Two queries, and one or two for each word that has one, at most `MOST_MENDED` words.
    """
    unknown = [term for term in unknown if _may_be_mistyped(term)][:MOST_MENDED]
    offered = _offered(unknown)
    counts = near.counted([of_word(word) for word in _all_of(offered)], keys)
    found: dict[Term, Term] = {}
    for term in unknown:
        usable = sorted(
            (word for word in offered[term.word] if counts[of_word(word)]),
            key=lambda word: (spelling.distance(term.word, word), -counts[of_word(word)]),
        )
        if best := near.seen(usable, keys):
            far = spelling.distance(term.word, best)
            as_near = [
                word
                for word in usable
                if word != best
                and spelling.distance(term.word, word) == far
                and FAR_MORE * counts[of_word(word)] >= counts[of_word(best)]
            ]
            found[term] = Term(best, tuple((word,) for word in [best, *as_near[:1]]))
    return found


def _meant(query: Query, keys: frozenset[str], counts: Counts) -> str:
    """The words with the nearest far more common ones in the place of rare ones, "" where there are none.

    What was counted for it is added to `counts`: all of the terms, or none. At most two queries, and one or two for
    each word that has a far more common one, at most `MOST_MENDED` words.
    """
    typed = [term.itself for term in query.terms if _may_be_mistyped(term)]
    offered = _offered(typed)
    words = _all_of(offered)
    if not words:
        return ""
    asked = [*all_that_count(query.terms), *map(of_word, words)]
    counts.update(near.counted(list(dict.fromkeys(asked)), keys, most_counted(query.terms)))
    meant, mended = query.words, 0
    for term in typed:
        common = [w for w in offered[term.word] if counts[of_word(w)] >= max(FAR_MORE * counts[term], FEW)]
        common.sort(key=lambda word: (spelling.distance(term.word, word), -counts[of_word(word)]))
        if common and mended < MOST_MENDED:
            mended += 1
            best = near.seen(common, keys)
            meant = re.sub(rf"(?<!\w){re.escape(term.typed)}(?!\w)", best, meant, count=1) if best else meant
    return meant if meant != query.words else ""


def _may_be_mistyped(term: Term) -> bool:
    return len(term.word) >= spelling.SHORTEST and not term.word.isdigit() and not term.typed.startswith('"')


def _offered(terms: Iterable[Term]) -> dict[str, list[str]]:
    """For each term's word those nearest to it. One query."""
    words = [term.word for term in terms]
    there = near.kept(words)
    return {word: spelling.nearest(word, there) for word in words}


def _all_of(offered: dict[str, list[str]]) -> list[str]:
    return list(dict.fromkeys(word for found in offered.values() for word in found))


def visible_words(text: str, user: Any, most: int = 5) -> list[str]:
    """Words of what this reader may see that are near those typed, for a page without hits."""
    keys = standing_of(user).audience_keys()
    found = _near([term for term in parse(text).terms if term.word], keys)
    return [term.typed for term in found.values()][:most]


__all__ = ["Choice", "Hit", "Results", "find", "visible_words"]
