"""The judged queries, and what they say of a ranking."""

from __future__ import annotations

import csv
import math
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
QUERIES = HERE / "queries.toml"
JUDGEMENTS = HERE / "judgements.csv"
DEPTH = 10
TOP = 3
GOOD = 2
"""A grade from which a hit helps: 3 is the answer, 2 answers in part, 1 touches the subject, 0 does not."""


@dataclass(frozen=True, slots=True)
class Query:
    number: int
    kind: str
    """What is hard about it: words, typo, synonym, natural, names."""
    text: str

    @property
    def is_reported(self) -> bool:
        """Odd numbers are for tuning, even ones only for the report."""
        return self.number % 2 == 0


Grades = Mapping[str, int]
"""Grades of the documents of one query, by `document_of`."""


def document_of(kind: str, title: str, dated: object) -> str:
    """What names a document in the judgements: the same in every build of the demo for the same day."""
    return f"{kind}: {title} ({dated})"


def read_queries(path: Path = QUERIES) -> list[Query]:
    return [Query(**row) for row in tomllib.loads(path.read_text())["query"]]


def read_judgements(path: Path = JUDGEMENTS) -> dict[int, dict[str, int]]:
    """Grades 0 to 3 by query number and document."""
    grades: dict[int, dict[str, int]] = defaultdict(dict)
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            grades[int(row["query"])][row["document"]] = int(row["grade"])
    return grades


def gain(ranking: Sequence[str], grades: Grades) -> float:
    """nDCG@10: gains of 2^grade - 1, against the best order of what was judged. What was not judged counts as 0."""

    def sum_of(found: Iterable[int]) -> float:
        return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(found))

    best = sum_of(sorted(grades.values(), reverse=True)[:DEPTH])
    return sum_of(grades.get(document, 0) for document in ranking[:DEPTH]) / best if best else 0.0


def hits_early(ranking: Sequence[str], grades: Grades) -> bool:
    """Whether one of the first three answers the question."""
    return any(grades.get(document, 0) >= GOOD for document in ranking[:TOP])


@dataclass(frozen=True, slots=True)
class Quality:
    queries: int
    gain: float
    """Mean nDCG@10."""
    early: float
    """The share of the queries with a good hit among the first three."""
    unjudged: float
    """Documents among the first ten that nobody graded, a query."""


def quality(rankings: Mapping[int, Sequence[str]], judged: Mapping[int, Grades], queries: Iterable[Query]) -> Quality:
    numbers = [query.number for query in queries if any(judged.get(query.number, {}).values())]
    count = len(numbers) or 1
    return Quality(
        len(numbers),
        sum(gain(rankings[n], judged[n]) for n in numbers) / count,
        sum(hits_early(rankings[n], judged[n]) for n in numbers) / count,
        sum(document not in judged[n] for n in numbers for document in rankings[n][:DEPTH]) / count,
    )
