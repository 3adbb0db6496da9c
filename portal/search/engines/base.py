"""The seat of an engine: what it is asked, what it answers, and the bounds that every engine keeps.

Nothing is counted that the reader may not see, and a word in half of all entries costs little more than one in a few
thousand: only the newest `CANDIDATES` of what matches are ranked and counted. Where any of many words is enough, those
are asked for that few entries have, until these are `MOST_READ`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from portal.search.facets import FACETS, Label
from portal.search.text.query import Term
from portal.search.text.words import facet_word

UNDATED = date(1970, 1, 1)
"""Stands for "no day", so that the newest-first index holds every row and undated things come last."""
COUNT_LIMIT = 1000
CANDIDATES = 4000
MOST_READ = 20_000
"""Entries that the words of one question have, of which any is enough. A rare word costs little, so that it is not the
number of words that is bounded."""
MOST_COUNTED = 2001
HASTY_CANDIDATES = 200
"""Ranked while somebody is still typing."""
RECENT_DAYS = 1095
"""A hit rises by a fifth when it is of today, and by nothing when it is so old."""
SINK_WEIGHT = 0.6
"""Times which the score of a row with a status of its kind in `Ask.sinking` counts."""
MOST_VALUES = 12
"""Values counted of a facet that may have any number of them, the most frequent ones: tag, product, district."""
TAGGED = 1000
"""Tags and products are counted among so many of the hits: where there are more, a count is "at least"."""
EVERYTHING = Term("", ())


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to an engine. No terms at all means everything: the newest first, and after all of it what is dated
    in the days to come, the nearest first."""

    keys: frozenset[str]
    today: date
    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    any_term: bool = False
    """Rows with one of the terms are enough."""
    hasty: bool = False
    """Somebody is still typing: the newest `HASTY_CANDIDATES` of what matches are ranked, and no more."""
    prefix: bool = False
    """The last term is the beginning of a word of a title, tag or product: somebody is still typing. The rows have no
    texts but their titles, and no products."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Chosen values by facet (`facets.FACETS`), of which a row must have one each."""
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values by facet, of those that stand as words, of which a row must have none."""
    after: date | None = None
    """Only what is dated on this day or later."""
    before: date | None = None
    """Only what is dated earlier than this day."""
    like: Mapping[float, tuple[int, ...]] = field(default_factory=dict)
    """Districts like the reader's, each once, by times which the score of what is theirs counts."""
    first: tuple[Term, ...] = ()
    """Rows that have all of these stand above all others. Whatever has them is found by `terms` too."""
    raised: Mapping[Term, float] = field(default_factory=dict)
    """Words and phrases that let rise what is found without them, and how much each of them weighs."""
    rarity: Mapping[Term, float] = field(default_factory=dict)
    """How much a term says, for an engine that does not know it; 1 where it is not told."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """How much a hit of a kind counts, where it is not 1."""
    sinking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By kind the statuses of what is over."""
    counted: tuple[str, ...] = ("kind", "county")
    """The facets to count; none while somebody is still typing."""
    offset: int = 0
    limit: int = 20
    newest_first: bool = False
    """What came last, instead of the best. Only the database's engines know this and `among`."""
    among: tuple[int, ...] = ()
    """Look among these entries only, named by their ids."""


def weighed(ask: Ask) -> list[tuple[Term, float, bool]]:
    """What counts one by one: how much, and whether it finds or only lets rise. Where all terms are needed, these are
    not among it."""
    raised = [(term, weight, False) for term, weight in ask.raised.items()]
    if not ask.any_term:
        return raised
    others = dict.fromkeys(other for term in ask.terms for other in term.synonyms)
    return [*((term, 1.0, True) for term in (*(term.itself for term in ask.terms), *others)), *raised]


@dataclass(slots=True)
class Row:
    """A hit as the engine knows it; texts are plain."""

    kind: str
    object_id: int
    title: str
    summary: str
    labels: str
    body: str
    district: str
    enrollment: int | None
    district_id: int | None = None
    lowest_grade: str = ""
    highest_grade: str = ""
    """Of the district: as the state directory writes grades."""
    status: str = ""
    dated: date | None = None
    """None where the thing has no day."""
    products: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many hits have this value of a facet, under the filters of the other facets."""

    value: str
    label: str
    """What the engine knows to show; "" where only the source or the facet itself has the words."""
    count: int


def as_one(facet: str, counts: list[Count]) -> list[Count]:
    """Spellings of one value ("Wi-Fi", "wifi") together, under the most frequent one."""
    if not isinstance(FACETS[facet], Label):
        return counts
    found: dict[str, Count] = {}
    for count in counts:
        key = facet_word(facet, count.value)
        first = found.get(key)
        found[key] = count if first is None else Count(first.value, first.label, first.count + count.count)
    return list(found.values())


@dataclass(slots=True)
class Answer:
    total: int = 0
    """At most `COUNT_LIMIT + 1`, which says that there are more."""
    rows: list[Row] = field(default_factory=list)
    facets: dict[str, list[Count]] = field(default_factory=dict)
    first: int | None = None
    """How many rows have all of `Ask.first`; None where it names none."""
    totals: dict[str, int] = field(default_factory=dict)
    """Of facets that are filtered: how many fit under the filters of the others. They were counted among these."""
    is_reserve: bool = False
    """The database answered instead of an engine that could not."""

    @property
    def is_nothing(self) -> bool:
        """Also under other values of the filters."""
        return not (self.total or any(self.facets.values()))


class Engine(Protocol):
    """The seat of an engine. `counts` costs one request to the engine, `find` one, or a few where it says so."""

    def find(self, ask: Ask) -> Answer: ...

    def counts(self, terms: Sequence[Term], keys: frozenset[str], most: int = MOST_COUNTED) -> list[int]:
        """For each term how many entries this reader may find by it alone, at most `most`. `EVERYTHING` is all that
        there is, whoever may see it."""
        ...
