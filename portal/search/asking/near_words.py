"""What a mistyped word may mean to this reader: of all words of the index those that are near, and of these only what
stands, in just that form, in something the reader may see."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal import spelling
from portal.search.engines.base import Row
from portal.search.entries import vocabulary
from portal.search.entries.vocabulary import AudienceWord
from portal.search.text.query import Term
from portal.search.text.words import distinct_words

MOST_NEAR = 500
"""Looked up for one that was typed, long before they are seen or not."""
OFTEN = 0.25
"""How much nearer a word is when it stands in e times as many entries."""
AS_NEAR = 2.0
"""Words so little farther than the nearest may be meant as well."""
_ENDINGS = ("s", "es", "d", "ed", "r", "er", "rs", "ers", "ing", "ly")


@dataclass(frozen=True, slots=True)
class Spelled:
    """What is known of a word that was typed, of what the reader may see alone."""

    entries: int
    """They have it in just this form: then it is no mistake, whatever it looks like."""
    is_form: bool
    """Another regular form of it stands there: "printed" where "print" does."""
    near: Mapping[str, float]
    """The words that may be meant, the likeliest first, and how far each is."""


def spelled(terms: Iterable[Term], keys: frozenset[str]) -> dict[Term, Spelled]:
    """Of those terms that may be mistyped: one query, two where `vocabulary.fresh` reads; none for no such."""
    terms = [term for term in terms if _may_be_mistyped(term)]
    if not terms:
        return {}
    words = vocabulary.fresh.get()
    far_of = {term: _nearest(spelling.near(term.word, words.all)) for term in terms}
    forms = {term: forms_of(term.word) & words.known for term in terms}
    asked = {term.word for term in terms}.union(*far_of.values(), *forms.values())
    seen = AudienceWord.objects.seen_by(keys, asked)
    return {
        term: Spelled(
            entries=seen.get(term.word, 0),
            is_form=not forms[term].isdisjoint(seen),
            near=_likely(far_of[term], seen),
        )
        for term in terms
    }


def begun(typed: str, keys: frozenset[str]) -> list[str]:
    """The words that were meant, or whose beginning was, the likeliest first. One query, or two as above."""
    if len(typed) < spelling.SHORTEST or typed.isdigit():
        return []
    words = vocabulary.fresh.get().all
    far_of = _nearest(spelling.begun(typed, words) | spelling.near(typed, words, spelling.CLOSE))
    near = _likely(far_of, AudienceWord.objects.seen_by(keys, far_of))
    nearest = next(iter(near.values()), 0.0)
    return [word for word, far in near.items() if far <= nearest + AS_NEAR]


def _nearest(far_of: dict[str, float]) -> dict[str, float]:
    return dict(sorted(far_of.items(), key=lambda pair: (pair[1], pair[0]))[:MOST_NEAR])


def _likely(far_of: dict[str, float], seen: Mapping[str, int]) -> dict[str, float]:
    """Those that are seen, the likeliest first."""
    there = [word for word in far_of if word in seen]
    there.sort(key=lambda word: (far_of[word] - OFTEN * math.log(1 + seen[word]), word))
    return {word: far_of[word] for word in there}


def _may_be_mistyped(term: Term) -> bool:
    """Not what was quoted, nor what officers gave synonyms: it is a word of the field."""
    is_plain = len(term.every_form) == 1 and not term.typed.startswith('"')
    return is_plain and len(term.word) >= spelling.SHORTEST and not term.word.isdigit()


def stand(terms: Iterable[Term], rows: Sequence[Row]) -> bool:
    """Whether each term that may be mistyped is in one of the rows, in one of its regular forms.

    An engine knows stems, and takes "definate" for "define". No query.
    """
    return all(
        any(not forms.isdisjoint(distinct_words(row.title, row.labels, row.summary, row.body)) for row in rows)
        for forms in (forms_of(term.word) | {term.word} for term in terms if _may_be_mistyped(term))
    )


def forms_of(word: str) -> set[str]:
    """The regular forms of the same word, and some that are no words; not itself."""
    stems = {word}
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word.removesuffix(ending)
            stems |= {stem, stem + "e"}
            if stem[-1] == "i":
                stems.add(stem[:-1] + "y")
            if stem[-1] == stem[-2]:
                stems.add(stem[:-1])
    forms = set(stems)
    for stem in stems:
        bare = {stem, stem.removesuffix("e"), stem + stem[-1], stem[:-1] + "i" if stem[-1] == "y" else stem}
        forms |= {start + ending for start in bare for ending in _ENDINGS}
    return forms - {word}
