"""Keeping entries true: called in the transaction of every write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction

from portal.registry import EntryData, SearchSource, search_sources
from portal.search import audiences
from portal.search.engines import database_engine
from portal.search.entries import UNDATED, Entry, FreshEntry
from portal.search.text.words import distinct_words, mark, other_spellings
from portal.text import clean

T = TypeVar("T")

BATCH = 1000
LONGEST_BODY = 200_000
MOST_CHARACTERS = 4_000_000
"""Of the bodies written at once: a thousand long documents are more than PostgreSQL takes as one JSON array."""


def by_size(things: Iterable[T], size_of: Callable[[T], int]) -> Iterator[list[T]]:
    """The things in batches, each closed by the thing that brings it to a thousand or to `MOST_CHARACTERS`."""
    batch: list[T] = []
    size = 0
    for thing in things:
        batch.append(thing)
        size += size_of(thing)
        if size >= MOST_CHARACTERS or len(batch) == BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def batches_of(entries: Iterable[EntryData]) -> Iterator[list[EntryData]]:
    """As large as may be written at once. Of a source that yields its entries, one batch is there at a time."""
    return by_size(entries, lambda entry: min(len(entry.body), LONGEST_BODY))


def index(kind: str, object_ids: Iterable[int]) -> None:
    """Write the entries of these objects anew, or remove those of objects that are gone or no longer listed.

    Part of the caller's transaction. Costs a constant number of queries for each thousand ids, and two for each batch
    by which long ones are more.
    """
    source = search_sources[kind]
    ids = iter(dict.fromkeys(object_ids))
    while batch := list(islice(ids, BATCH)):
        write(source, batch, told=True)


def write(source: SearchSource, ids: Sequence[int], *, told: bool = False) -> int:
    """Make the entries of these objects what they should be now; how many there are then.

    The entries are locked before their objects are read, until the transaction ends: of two writers the second reads
    what the first left behind. `told` has saved searches test those that are new, or new to some: their audience is
    another. A rebuild is no news.
    """
    entries = Entry.objects.filter(kind=source.kind)
    with transaction.atomic(savepoint=False):
        locked = entries.filter(object_id__in=ids).order_by("object_id").select_for_update()
        there = dict(locked.values_list("object_id", "audience_id"))
        written, new = _write(source, list(source.rows().filter(pk__in=ids)))
        if told and (fresh := [pk for pk, audience in written.items() if audience != there.get(pk)]):
            FreshEntry.objects.bulk_create(
                FreshEntry(kind=source.kind, object_id=pk, seen_by_id=there.get(pk)) for pk in fresh
            )
        if gone := there.keys() - written:
            entries.filter(object_id__in=gone).delete()
        if met := written.keys() - there - new:
            # Somebody else made these in between, perhaps of a later state. Now they are locked, so read once more.
            write(source, sorted(met))
    return len(written)


def _write(source: SearchSource, things: Sequence[Any]) -> tuple[dict[int, int], set[int]]:
    """Write the entries of the given rows of the source: their audiences by object, and the objects that had none."""
    written: dict[int, int] = {}
    new: set[int] = set()
    for entries in batches_of(source.entries(things) if things else []):
        for entry in entries:
            entry.audience = frozenset(entry.audience)  # it may be a generator, and is read more than once
        audiences.keep(entry.audience for entry in entries)
        rows = [row_of(source.kind, entry) for entry in entries]
        new.update(database_engine().write(rows))
        written |= {row["object_id"]: row["audience_id"] for row in rows}
    return written, new


def row_of(kind: str, entry: EntryData) -> dict[str, Any]:
    """The columns of one entry, as they are stored."""
    title, summary, body = clean(entry.title), clean(entry.summary), clean(entry.body[:LONGEST_BODY])
    tags, products = [clean(tag) for tag in entry.tags], [clean(product) for product in entry.products]
    labels = " ".join([*tags, *products, *(clean(name) for name in entry.also)])
    extra = other_spellings(title, labels, summary, body)
    return {
        "kind": kind,
        "object_id": entry.object_id,
        "audience_id": audiences.id_of(entry.audience),
        "county_id": entry.county_id,
        "district_id": entry.district_id,
        "dated": _day(entry.dated).isoformat(),
        "popularity": entry.popularity,
        "status": entry.status,
        "title": title,
        "summary": summary,
        "tags": tags,
        "products": products,
        "labels": labels,
        "extra": extra,
        "marks": " ".join(_marks_of(kind, entry)),
        "body": body,
        "words": sorted(distinct_words(title, labels, extra, summary, body)),
    }


def _day(dated: date | None) -> date:
    return dated or UNDATED


def _marks_of(kind: str, entry: EntryData) -> list[str]:
    """The values that filters ask for. Another name of a product or tag is marked as both: it may be either's."""
    marks = [
        mark("kind", kind),
        *(mark("tag", name) for name in (*entry.tags, *entry.also)),
        *(mark("product", name) for name in (*entry.products, *entry.also)),
        mark("status", entry.status),
        mark("county", entry.county_id) if entry.county_id is not None else "",
        mark("district", entry.district_id) if entry.district_id is not None else "",
        "public" if "public" in entry.audience else "",
    ]
    return [mark for mark in dict.fromkeys(marks) if mark]
