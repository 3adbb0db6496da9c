"""Long bodies are written, compared and copied fewer at a time, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.pages.models import Document
from portal.registry import search_sources
from portal.search.asking.finding import find
from portal.search.engines import database_engine
from portal.search.entries import indexing, rebuilding
from portal.search.entries.indexing import by_size
from portal.search.mirror import filling
from portal.search.models import Entry
from tests.pages.makers import make_document
from tests.search.contract import check_source


@pytest.fixture
def five(db: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Documents of about a hundred characters each, the first of four hundred, where 250 are written at once."""
    monkeypatch.setattr(indexing, "MOST_CHARACTERS", 250)
    lengths = [400, 90, 90, 90, 90]
    return [make_document(name=f"{n}.txt", content=b"zebra " * (size // 6)).pk for n, size in enumerate(lengths)]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The objects of each statement from now on."""
    seen: list[list[int]] = []
    engine = type(database_engine())
    usual = engine.write

    def watched(self: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
        seen.append([row["object_id"] for row in rows])
        return usual(self, rows)

    monkeypatch.setattr(engine, "write", watched)
    return seen


def test_a_batch_ends_by_its_characters_or_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "MOST_CHARACTERS", 10)
    monkeypatch.setattr(indexing, "BATCH", 3)
    texts = ["a" * size for size in (12, 4, 4, 4, 0, 0, 0, 1)]
    assert [[len(text) for text in batch] for batch in by_size(texts, len)] == [[12], [4, 4, 4], [0, 0, 0], [1]]
    assert list(by_size([], len)) == []


def test_no_thing_is_read_before_its_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "MOST_CHARACTERS", 2)
    texts = iter("abcde")
    assert next(by_size(texts, len)) == ["a", "b"]
    assert next(texts) == "c"


def test_long_documents_are_written_a_few_at_a_time(five: list[int], written: list[list[int]]) -> None:
    Entry.objects.filter(kind="document").delete()
    assert rebuilding.rebuild(search_sources["document"]) == 5
    assert sorted(pk for some in written for pk in some) == five
    assert max(map(len, written)) <= 3
    assert len(written) > 1
    check_source("document")
    assert find("zebra", user=None, kinds=["document"]).total == 0, "these are for members"
    Document.objects.update(audience="public")
    assert find("zebra", user=None, kinds=["document"]).total == 5


def test_what_differs_is_counted_over_all_batches(five: list[int]) -> None:
    Entry.objects.filter(kind="document", object_id__in=five[1:3]).delete()
    Entry.objects.filter(kind="document", object_id=five[4]).update(title="Changed behind our back")
    drift = rebuilding.drift_of(search_sources["document"])
    assert (drift.rows, drift.missing, drift.differing, drift.left_over) == (5, 2, 1, 0)


def test_a_copy_is_filled_with_no_more_than_fits(five: list[int]) -> None:
    entries = Entry.objects.filter(kind="document").order_by("pk")
    pks = list(entries.values_list("pk", flat=True))
    before = pks[0] - 1
    batches = []
    while batch := filling._after(before):
        batches.append(batch)
        before = batch[-1]
    assert batches == [pks[:1], pks[1:4], pks[4:]]


def test_a_batch_costs_two_queries_more(five: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    with CaptureQueriesContext(connection) as several:
        indexing.index("document", five)
    monkeypatch.setattr(indexing, "MOST_CHARACTERS", 10_000)
    with CaptureQueriesContext(connection) as one:
        indexing.index("document", five)
    assert len(one) < len(several) <= len(one) + 2 * 2
