"""Keeping entries true, in the transaction of every write.

Models and querysets of which every verb does so: `IndexedModel` and `IndexedQuerySet`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, ClassVar, TypeVar

from django.db import models, transaction

from portal.registry import EntryData, SearchSource, search_sources
from portal.search.engines import database_engine
from portal.search.engines.base import UNDATED
from portal.search.entries import vocabulary
from portal.search.entries.tables import Audience, Entry, FreshEntry
from portal.search.text.words import distinct_words, facet_word, other_spellings
from portal.text import clean

T = TypeVar("T")
M = TypeVar("M", bound=models.Model)
Touched = list[tuple[str, list[int]]]
"""(kind of entry, ids of its objects)."""

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


def index(kind: str, ids: Iterable[int], **kwargs: Any) -> None:
    """Write the entries of these objects anew, or remove those of objects that are gone or no longer listed.

    Part of the caller's transaction; also a receiver of `things_changed`. Costs a constant number of queries for each
    thousand ids, and two for each batch by which long ones are more.
    """
    source = search_sources[kind]
    left = iter(dict.fromkeys(ids))
    while batch := list(islice(left, BATCH)):
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
        written: dict[int, int] = {}
        new: set[int] = set()
        things = list(source.rows().filter(pk__in=ids))
        for batch in batches_of(source.entries(things) if things else []):
            audiences, came = store(source.kind, batch)
            written |= audiences
            new.update(came)
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


def store(kind: str, entries: Sequence[EntryData]) -> tuple[dict[int, int], list[int]]:
    """Write these as they are, in one batch: the audiences by object, and the objects that had no entry."""
    for entry in entries:
        entry.audience = frozenset(entry.audience)  # it may be a generator, and is read more than once
    Audience.keep(entry.audience for entry in entries)
    rows = [row_of(kind, entry) for entry in entries]
    new = database_engine().write(rows)
    vocabulary.fresh.forget()
    return {row["object_id"]: row["audience_id"] for row in rows}, new


def row_of(kind: str, entry: EntryData) -> dict[str, Any]:
    """The columns of one entry, as they are stored."""
    title, summary, body = clean(entry.title), clean(entry.summary), clean(entry.body[:LONGEST_BODY])
    tags, products = [clean(tag) for tag in entry.tags], [clean(product) for product in entry.products]
    labels = " ".join([*tags, *products, *(clean(name) for name in entry.also)])
    extra = other_spellings(title, labels, summary, body)
    return {
        "kind": kind,
        "object_id": entry.object_id,
        "audience_id": Audience.id_of(entry.audience),
        "county_id": entry.county_id,
        "district_id": entry.district_id,
        "dated": (entry.dated or UNDATED).isoformat(),
        "popularity": entry.popularity,
        "status": entry.status,
        "title": title,
        "summary": summary,
        "tags": tags,
        "products": products,
        "labels": labels,
        "extra": extra,
        "marks": " ".join(_facet_words_of(kind, entry)),
        "body": body,
        "words": sorted(distinct_words(title, labels, extra, summary, body)),
    }


def _facet_words_of(kind: str, entry: EntryData) -> list[str]:
    """The values that filters ask for. Another name of a product or tag counts as both: it may be either's."""
    values = [
        ("kind", kind),
        *(("tag", name) for name in (*entry.tags, *entry.also)),
        *(("product", name) for name in (*entry.products, *entry.also)),
        ("status", entry.status),
        ("county", entry.county_id),
        ("district", entry.district_id),
    ]
    words = [facet_word(facet, value) for facet, value in values if value is not None]
    words += ["public"] if "public" in entry.audience else []
    return [word for word in dict.fromkeys(words) if word]


# --- models whose writes are indexed ---------------------------------------------------------------------------------
class IndexedQuerySet(models.QuerySet[M]):
    """`bulk_create`, `bulk_update`, `update` and `delete` fire no signal: here each writes the entries it touches.

    A subclass says by `touched` which entries a set of its rows stands behind: its own, those of what hangs below
    (a draft's items go with the draft), and those that repeat its words.
    """

    kind: ClassVar[str] = ""
    unindexed: ClassVar[frozenset[str]] = frozenset()
    """Columns that no entry shows: a write of these alone writes no entry."""

    def touched(self) -> Touched:
        """(kind of entry, ids) that these rows stand behind. By default the rows themselves."""
        return [(self.kind, list(self.order_by().values_list("pk", flat=True)))]

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        with transaction.atomic(using=self.db):
            made = super().bulk_create(objs, *args, **kwargs)
            rows: Any = self.model._default_manager.filter(pk__in=[row.pk for row in made])
            reindex(rows.touched())
        return made

    def update(self, **kwargs: Any) -> int:
        """Also the end of `bulk_update`."""
        if self.unindexed.issuperset(kwargs):
            return super().update(**kwargs)
        with _reindexing(self):
            return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        with _reindexing(self):
            return super().delete()


class IndexedModel(models.Model):
    """A row whose `save` and `delete` write the entries it stands behind, as its `IndexedQuerySet` says."""

    class Meta:
        abstract = True

    def _row(self) -> Any:
        return type(self)._default_manager.filter(pk=self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        named = kwargs.get("update_fields")
        if named is not None and self._row().unindexed.issuperset(named):
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            super().save(*args, **kwargs)
            reindex(self._row().touched())

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with _reindexing(self._row()):
            return super().delete(*args, **kwargs)


@contextmanager
def _reindexing(rows: Any) -> Iterator[None]:
    """Write the entries that the rows stand behind before: afterwards their condition may no longer hold."""
    with transaction.atomic(using=rows.db):
        touched = rows.touched()
        yield
        reindex(touched)


def reindex(*touched: Touched) -> None:
    """Write these entries anew, each once."""
    ids: dict[str, set[int]] = {}
    for kind, found in (pair for pairs in touched for pair in pairs):
        ids.setdefault(kind, set()).update(found)
    for kind, some in sorted(ids.items()):  # everybody in one order, so that nobody waits in a ring
        index(kind, sorted(some))
