"""Very common words are left out beside rarer ones, so that no search costs what they cost: what relevance loses by it.

The texts are the demo's practices, asked with its judged queries (`bench/relevance`). A word is common in a share of
the entries (`COMMON`), so that it is the same word in a small portal and in a large one.
"""

from __future__ import annotations

import re
import sys

import pytest
from django.db import connection

from bench.relevance.judging import Grades, quality, read_judgements, read_queries
from demo.content import read_practices
from portal.registry import EntryData
from portal.search.asking.any_word import COMMON
from portal.search.asking.finding import find
from portal.search.entries import indexing
from tests.elastic import answers
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("note")
LEAST = 0.8
MOST_LOST = 0.05
"""Of nDCG@10, as `LEAST`: a search that finds little has little to lose."""
_DATED = re.compile(r"practice: (.*) \(\d{4}-\d\d-\d\d\)")


def make_practices() -> int:
    """Of everything that was judged only the practices; how many."""
    texts = ("problem", "what_we_do", "replaced", "do_differently")
    entries = [
        EntryData(
            number,
            row["title"],
            summary=row["summary"],
            body="\n".join(row[name] for name in texts),
            tags=row["tags"],
            products=row["products"],
            audience=["public"],
        )
        for number, row in enumerate(read_practices())
    ]
    indexing.store("note", entries)
    return len(entries)


def judged() -> dict[int, Grades]:
    return {
        number: {dated[1]: grade for document, grade in grades.items() if (dated := _DATED.fullmatch(document))}
        for number, grades in read_judgements().items()
    }


def rank() -> dict[int, list[str]]:
    return {
        query.number: [hit.title for hit in find(query.text, user=None, kinds=["note"], per_page=10).hits]
        for query in read_queries()
    }


def test_leaving_out_common_words_costs_little_relevance(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert make_practices() > 100
    rankings = {}
    for limit in (1.0, COMMON):
        monkeypatch.setattr("portal.search.asking.any_word.COMMON", limit)
        rankings[limit] = rank()
    kept, left_out = rankings.values()
    assert kept != left_out, "some query has a common word beside a rarer one"
    before, after = (quality(found, judged(), read_queries()).gain for found in (kept, left_out))
    engine = "elasticsearch" if answers() else connection.vendor
    sys.stdout.write(f"{engine}: nDCG@10 {before:.3f} with very common words, {after:.3f} without\n")
    assert before >= LEAST
    assert before - after <= MOST_LOST
