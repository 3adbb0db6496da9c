"""Which words of a question are asked for where any of them is enough, and what else lets rise what they find.

All that is counted is what this reader may see, but for how many entries there are.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from portal.search.asking.question import count
from portal.search.engines.base import EVERYTHING, MOST_READ, Ask, Row
from portal.search.text.query import Term, of_word
from portal.search.text.words import STOP_WORDS, parts, singular

RARE = 10
"""Taken as the count of words that were not counted: those put in the place of mistyped ones."""
LEAST_COUNTED = 500
"""So far a word is counted, however many words there are."""
COMMON = 0.4
"""A word in more than this share of the entries says nothing beside a rarer one."""
FEW_ENTRIES = 50
"""In so many it always says something."""
FEW_COMMON = 3
LEAST_PART = 3
"""Letters of a compound's parts that are looked for apart: of "wind-tunnel", and not of "e-rate"."""
PHRASE = 0.3
"""What two words that follow each other weigh beside each of them."""
LIKE_FIRST = 0.1
"""What a word of the first hits weighs beside one that was typed."""
FIRST = 5
"""Hits that are read for such words."""
MOST_LIKE_FIRST = 15
_WEIGHED = 40
"""Their most frequent words are counted to see which say something."""

Counts = dict[Term, int]


def most_counted(terms: Sequence[Term]) -> int:
    """So far each of the terms is counted: all of them together, until they are what may be read."""
    return max(MOST_READ // max(len(terms), 1), LEAST_COUNTED)


def all_that_count(terms: Iterable[Term]) -> list[Term]:
    """What is worth counting of a question: its words, the parts of compounds, what synonyms put in their place, each
    two words that follow each other; and everything."""
    words = [term.itself for term in terms]
    apart = [part for term in words for part in _apart(term)]
    others = [other for term in terms for other in term.synonyms]
    return list(dict.fromkeys([*words, *apart, *others, *_phrases(words), EVERYTHING]))


def about(entries: int) -> int:
    """A number that one entry more or less, which the reader may not see, does not change."""
    step = max(entries.bit_length() - 3, 0)
    return (entries >> step) + 1 << step


def any_of(ask: Ask, counts: Counts, most: int) -> Ask | None:
    """The question where any of the terms is enough; None where none of them is anywhere.

    Those that say something are asked for, the rarest first, while the entries that have them are few enough to be
    read. A word in very many entries says nothing beside one in few.
    """
    words = [term.itself for term in ask.terms]
    apart = dict.fromkeys(part for term in words for part in _apart(term) if part not in words)
    known = [term for term in (*ask.terms, *apart) if counts.get(term.itself, RARE)]
    known.sort(key=lambda term: counts.get(term.itself, RARE))
    common = min(most - 1, max(COMMON * about(counts[EVERYTHING]), FEW_ENTRIES))
    telling, read = [], 0
    for term in known:
        read += counts.get(term.itself, RARE)
        if counts.get(term.itself, RARE) <= common and read <= MOST_READ:
            telling.append(term)
    telling = telling or sorted(known, key=lambda term: -len(term.typed))[:FEW_COMMON]
    if not telling:
        return None
    phrases = [phrase for phrase in _phrases(words) if counts.get(phrase, RARE)]
    asked = [*(term.itself for term in telling), *(other for term in telling for other in term.synonyms), *phrases]
    rarity = {term: _says(counts, term) for term in asked}
    return replace(ask, terms=tuple(telling), any_term=True, rarity=rarity, raised=dict.fromkeys(phrases, PHRASE))


def _apart(term: Term) -> list[Term]:
    """The parts of a compound, each a word that may stand alone."""
    pieces = term.forms[0]
    is_compound = len(term.forms) > 1 and all(len(piece) >= LEAST_PART and piece.isalpha() for piece in pieces)
    return [of_word(piece) for piece in pieces if piece not in STOP_WORDS] if is_compound and len(pieces) > 1 else []


def _phrases(terms: Sequence[Term]) -> list[Term]:
    pairs = [(one.word, other.word) for one, other in pairwise(terms) if one.word and other.word and one != other]
    return [Term(" ".join(pair), (pair,)) for pair in dict.fromkeys(pairs)]


def _says(counts: Counts, term: Term) -> float:
    """How much a word says: more, the fewer entries have it. As BM25 has it."""
    having = counts.get(term, RARE)
    return math.log(1 + max(about(counts[EVERYTHING]) - having, 0.5) / (having + 0.5))


def like_first(ask: Ask, rows: Iterable[Row], counts: Counts, most: int) -> Ask:
    """The question with the words that tell its first hits from others: what has these too rises, and nothing is found
    by them alone. One query."""
    texts = [parts(f"{row.title} {row.labels} {row.summary} {row.body}") for row in rows]
    typed = {singular(word) for term in ask.terms for form in term.every_form for word in form}
    share: dict[str, float] = defaultdict(float)
    texts_with: dict[str, int] = defaultdict(int)
    for text in texts:
        words = [word for word in text if len(word) >= LEAST_PART and word.isalpha() and word not in STOP_WORDS]
        for word in set(words):
            texts_with[word] += 1
        for word in words:
            share[word] += 1 / len(words)
    shared = [word for word in share if texts_with[word] > 1 and singular(word) not in typed]
    shared = sorted(shared, key=lambda word: (-share[word], word))[:_WEIGHED]
    terms = [of_word(word) for word in shared]
    count(counts, terms, ask.keys, most)
    says = {term: _says(counts, term) for term in terms if counts[term] < most}
    best = sorted(says, key=lambda term: (-share[term.word] * says[term], term.word))[:MOST_LIKE_FIRST]
    return replace(
        ask,
        raised={**ask.raised, **dict.fromkeys(best, LIKE_FIRST)},
        rarity={**ask.rarity, **{term: says[term] for term in best}},
    )
