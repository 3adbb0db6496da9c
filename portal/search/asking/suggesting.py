"""While somebody types: things with such titles, and words that begin so. Only what the reader may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from portal.search.asking import near_words
from portal.search.asking.links import Link, links_to
from portal.search.asking.question import Question, current
from portal.search.engines.base import Ask, Row
from portal.search.text.query import Query, Term, of_word, pieces_in
from portal.search.text.words import COMPOUND, fold

MOST_TITLES = 8
MOST_WORDS = 3
READ = 30
"""Rows that words are taken from."""
SHORTEST = 3
"""Letters of a beginning; fewer stand in half of all titles."""
_SHORTEST_STEM = 4


@dataclass(slots=True)
class Suggestions:
    words: list[str] = field(default_factory=list)
    """What to search for, each a whole query."""
    titles: list[Link] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.words) + len(self.titles)


def suggest(text: str, *, user: Any, kinds: Iterable[str] = ()) -> Suggestions:
    """One query to the engine and one for each kind's addresses; three or four more where no title begins so."""
    question = Question.of(text, user, {"kind": kinds})
    query = question.query
    if not query.terms:
        return Suggestions()
    terms, last = _unfinished(query)
    ask = replace(question.ask, terms=terms, hasty=True, prefix=bool(last), limit=READ)
    rows = current().find(ask).rows
    if not rows and last:
        return _otherwise(query, ask, last)
    words = _completed(query, last, rows) if last else []
    return Suggestions(words, links_to(rows[:MOST_TITLES]))


def _unfinished(query: Query) -> tuple[tuple[Term, ...], str]:
    """The terms, and the last word where it may be the beginning of one.

    A beginning too short to say anything is left out beside other words, and a word of its own alone ("IT").
    """
    last = query.terms[-1]
    word = last.forms[0][-1]
    if last.typed.startswith('"') or not fold(query.words).endswith(word) or _ends_excluded(query.words):
        return query.terms, ""
    if len(word) >= SHORTEST or len(last.forms) > 1:
        return query.terms, word
    return query.terms[:-1] or query.terms, ""


def _ends_excluded(words: str) -> bool:
    """What is typed last is to be left out: "chrome -tag:chrome"."""
    excluded = [piece for piece in pieces_in(words) if piece.is_excluded]
    return bool(excluded) and words.startswith(excluded[-1].left)


def _completed(query: Query, last: str, rows: list[Row]) -> list[str]:
    """What was typed, its last word finished by words of the titles found, the most frequent ones first."""
    words = (word for row in rows for word in set(map(fold, COMPOUND.findall(row.title))))
    found = Counter(word for word in words if word.startswith(last) and word != last)
    ordered = sorted(found, key=lambda word: (-found[word], word))
    return [_finished(query, last, word) for word in _one_of_each(ordered)]


def _one_of_each(words: Iterable[str]) -> list[str]:
    """The first ones, "chromebook" or "chromebooks"."""
    found: dict[str, str] = {}
    for word in words:
        found.setdefault(word.removesuffix("s"), word)
    return list(found.values())[:MOST_WORDS]


def _finished(query: Query, last: str, word: str) -> str:
    """The whole query with the word in the place of its last one; the filters typed among the words go first."""
    return f"{query.left_out} {query.words[: len(query.words) - len(last)]}{word}".lstrip()


def _otherwise(query: Query, ask: Ask, last: str) -> Suggestions:
    """No title begins so: what the index keeps shorter ("authentica", "authent"), or a word that is near."""
    engine = current()
    stems = [last[:end] for end in range(max(_SHORTEST_STEM, len(last) - 5), len(last))]
    if stems:
        stem = Term(ask.terms[-1].typed, tuple((stem,) for stem in stems))
        rows = engine.find(replace(ask, terms=(*ask.terms[:-1], stem), prefix=False)).rows
        words = _completed(query, last, rows)
        if words:
            return Suggestions(words, links_to([row for row in rows if last in fold(row.title)][:MOST_TITLES]))
    words = near_words.begun(last, ask.keys)
    if not words:
        return Suggestions()
    rows = engine.find(replace(ask, terms=(*ask.terms[:-1], of_word(words[0])))).rows
    return Suggestions([_finished(query, last, word) for word in _one_of_each(words)], links_to(rows[:MOST_TITLES]))
