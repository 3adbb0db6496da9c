"""From what somebody typed to what they see: the ladder of attempts, and the hits made ready to show."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.dispatch import Signal

from portal import spelling
from portal.districts.models.standing import standing_of
from portal.search.asking import near_words
from portal.search.asking.alike import NONE_LIKE, districts_like
from portal.search.asking.any_word import FIRST, RARE, Counts, all_that_count, any_of, like_first, most_counted
from portal.search.asking.filters import Choice, Filters, offered
from portal.search.asking.links import Hit, hits_of
from portal.search.asking.near_words import Spelled
from portal.search.asking.question import Question, count, current
from portal.search.engines.base import COUNT_LIMIT, EVERYTHING, Answer, Ask
from portal.search.text import synonyms
from portal.search.text.query import Query, Term, of_word
from portal.search.text.words import STOP_WORDS, squeezed

MOST_PAGES = 50
FEW = 10
"""With fewer hits a near word may be meant, and what has some of the words is shown too."""
FAR_MORE = 4
"""Times as common as the word typed."""
MOST_MENDED = 4
"""Mistyped words of one query that are put right."""
MOST_TRIED = 3
"""Words in the place of one that was mistyped, beside others."""
LIKE = 4.6
"""How far a word is at most that is offered for another one."""

searched = Signal()
"""Somebody looked at a page of results, each page once: for higher layers. Nothing may be written: it is a GET.

`results`, `user`, `kind` (where it was limited to one, else ""), and `seconds` that it took.
"""


@dataclass(slots=True)
class Results:
    question: Question
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
    synonyms: list[str] = field(default_factory=list)
    """What was looked for in the place of words too."""
    left_out: list[str] = field(default_factory=list)
    """Words that nothing has which this reader may see, or nearly everything."""
    is_reserve: bool = False
    """The database answered instead of Elasticsearch."""
    page: int = 1
    per_page: int = 20

    @property
    def query(self) -> Query:
        return self.question.query

    @property
    def filters(self) -> Filters:
        return self.question.filters

    @property
    def has_next(self) -> bool:
        return self.page < MOST_PAGES and self.total > self.page * self.per_page


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

    `mine` lets rise what districts like the reader's do; `exact` asks for all of the words, as they are typed, and for
    nothing in their place.

    One query where enough has all words. Where few have them, the words are looked up (a query or two), they and near
    ones are counted (two), and what has any of the words is found (one; three with what the first hits of several words
    tell). What was mistyped costs one more to find what was meant, beside other words `MOST_TRIED` at most. Operators
    cost what `gather` says. Then for each kind on the page its URLs (at most one query) and facts (at most two).
    A page past the end is the last one, for one query more.
    """
    chosen = {**(facets or {}), **({"kind": kinds} if kinds else {})}
    question = Question.of(text, user, chosen, after=after, before=before, exact=exact)
    query, page = question.query, min(max(page, 1), MOST_PAGES)
    like = districts_like(standing_of(user)) if mine else NONE_LIKE
    ask = replace(question.ask, like=like.by_weight, counted=counted, offset=(page - 1) * per_page, limit=per_page)
    ask = _as_typed_first(ask)
    results = Results(question, page=page, per_page=per_page, is_lifted=bool(ask.like and query.terms))
    answer = current().find(ask)
    if not query.terms:
        results.relaxed = "browse"
    elif not exact and (_as_typed(answer) < FEW or not near_words.stand(query.terms, answer.rows)):
        counts: Counts = {}
        spelled = near_words.spelled(query.terms, ask.keys)
        if page == 1 and answer.total and _as_typed(answer) < FEW:
            results.meant = _meant(query, ask.keys, counts, spelled)
        answer, ask = _climb(ask, answer, results, counts, spelled)
    if answer.total and not answer.rows:
        results.page = page = min(math.ceil(answer.total / per_page), MOST_PAGES)
        answer = current().find(replace(ask, offset=(page - 1) * per_page))
    others = {squeezed(other.typed): other.typed for term in ask.terms for other in term.synonyms}
    results.synonyms = list(others.values())
    results.is_reserve = answer.is_reserve
    results.total = min(answer.total, COUNT_LIMIT)
    results.total_is_capped = answer.total > COUNT_LIMIT
    results.hits = hits_of(answer.rows, ask.terms, user, like)
    results.facets = {facet: offered(facet, answer, question.filters) for facet in counted}
    return results


def _as_typed_first(ask: Ask) -> Ask:
    """What has the words themselves stands above what has others that synonyms put in their place."""
    words = tuple(term.itself for term in ask.terms)
    return replace(ask, first=words if words != ask.terms else ())


def _as_typed(answer: Answer) -> int:
    """How many have all the words themselves, without what synonyms put in their place."""
    return answer.total if answer.first is None else answer.first


def _climb(
    ask: Ask, answer: Answer, results: Results, counts: Counts, spelled: Mapping[Term, Spelled]
) -> tuple[Answer, Ask]:
    """Few entries have all the words, or none, or none as they are typed: the words that were meant by those that this
    reader sees nowhere, then any of the words. What has all of them as typed stays above.

    Every count is of what this reader may see; `counts` are those known already.
    """
    engine = current()
    words = tuple(term.itself for term in ask.terms)
    most = most_counted(words)
    if len(words) > 1 and _as_typed(answer) < FEW:
        count(counts, all_that_count(ask.terms), ask.keys, most)
    mistyped = {
        term: one.near
        for term, one in spelled.items()
        if one.near and not one.entries and not (one.is_form and (answer.total or counts.get(term)))
    }
    mended = False
    if mistyped:
        meant, found = _together(ask, mistyped)
        if mended := meant != ask and not (found.is_nothing and answer.total):
            ask, answer = meant, found
            words = tuple(term.itself for term in ask.terms)
            results.relaxed = "near"
            results.corrected = " ".join(term.typed for term in words if counts.get(term, RARE))
    typed = _as_typed(answer)
    if typed >= FEW or (len(words) == 1 and (words[0].word or typed or not (ask.first or answer.is_nothing))):
        return answer, ask
    if EVERYTHING not in counts:
        count(counts, all_that_count(ask.terms), ask.keys, most)
    tried = any_of(ask, counts, most)
    if tried is None or tried.terms == ask.terms[:1] == ask.terms:
        return answer, ask
    if not mended:
        results.relaxed = "some" if answer.total else "any"
    asked = {term.itself for term in tried.terms}
    results.left_out = [word.typed for word in words if word not in asked]
    tried = replace(tried, first=words if typed and words != ask.terms else ())
    start = engine.find(replace(tried, offset=0, limit=max(tried.limit, FIRST)))
    if start.total > FEW and len(tried.terms) > 1:  # what has one word alone tells little else
        tried = like_first(tried, start.rows[:FIRST], counts, most)
        start.rows = engine.find(replace(tried, counted=())).rows
    else:
        start.rows = start.rows[tried.offset : tried.offset + tried.limit]
    return start, tried


def _together(ask: Ask, mistyped: Mapping[Term, Mapping[str, float]]) -> tuple[Ask, Answer]:
    """With the likeliest words in the place of those mistyped. Beside other words the first of them is the one that
    stands somewhere together with these; where none does, only what is close is meant.

    One query, `MOST_TRIED` at most; the question as it was where nothing was meant.
    """
    mistyped = dict(list(mistyped.items())[:MOST_MENDED])
    best = {term: next(iter(words)) for term, words in mistyped.items()}
    first = next(iter(mistyped))
    for word in list(mistyped[first])[:MOST_TRIED]:
        tried = _mended(ask, best | {first: word})
        answer = current().find(tried)
        if len(ask.terms) == 1 or not answer.is_nothing:
            return tried, answer
    close = {term: word for term, word in best.items() if mistyped[term][word] <= spelling.CLOSE}
    return _mended(ask, close), Answer()


def _mended(ask: Ask, meant: Mapping[Term, str]) -> Ask:
    """What was mistyped may have been a word that says nothing. Synonyms are those of the words meant, and those that
    the others had."""
    if not meant:
        return ask
    terms = [of_word(meant[term]) if term in meant else term for term in ask.terms]
    terms = [term for term in terms if term.word not in STOP_WORDS or term in ask.terms] or terms
    known = zip(synonyms.widen(terms), terms, strict=True)
    wide = tuple(replace(one, others=tuple(dict.fromkeys([*one.others, *term.others]))) for one, term in known)
    return _as_typed_first(replace(ask, terms=wide))


def _meant(query: Query, keys: frozenset[str], counts: Counts, spelled: Mapping[Term, Spelled]) -> str:
    """The words with the nearest far more common ones in the place of rare ones, "" where there are none.

    What was counted for it is added to `counts`: all of the terms, or none. At most one query.
    """
    words_of = {term: [word for word, far in one.near.items() if far <= LIKE] for term, one in spelled.items()}
    words = dict.fromkeys(word for found in words_of.values() for word in found)
    if not words:
        return ""
    count(counts, [*all_that_count(query.terms), *map(of_word, words)], keys, most_counted(query.terms))
    meant, mended = query.words, 0
    for term, found in words_of.items():
        best = next((w for w in found if counts[of_word(w)] >= max(FAR_MORE * counts[term], FEW)), "")
        if best and mended < MOST_MENDED:
            mended += 1
            meant = re.sub(rf"(?<!\w){re.escape(term.typed)}(?!\w)", best, meant, count=1)
    return meant if meant != query.words else ""


def visible_words(question: Question, most: int = 5) -> list[str]:
    """Words of what this reader may see that are near those typed, for a page without hits. One or two queries."""
    found = near_words.spelled([term.itself for term in question.query.terms], question.keys).values()
    return list(dict.fromkeys(next(iter(one.near)) for one in found if one.near and not one.entries))[:most]
