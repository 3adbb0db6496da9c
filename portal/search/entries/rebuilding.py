"""The entry table against the things it stands for, and against the code that wrote it: made anew, or compared."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from portal import markup, text
from portal.progress import Progress, note
from portal.registry import EntryData, SearchSource, search_sources
from portal.search.engines import database_engine
from portal.search.engines.table import COLUMNS
from portal.search.entries import indexing, tables, vocabulary
from portal.search.entries.tables import Audience, Entry
from portal.search.text import words

BATCH = 1000
GOES_ON = timedelta(days=1)
"""What a run wrote that was stopped longer ago is written once more: it may have changed."""
ENTRIES = "search-entries"
DUE = "A release that writes other search entries is in place. Run search_rebuild."
_THE_END = 2**63 - 1


@dataclass(slots=True)
class Drift:
    """How far the entries of one kind are from what a rebuild would write, or a copy from the entries."""

    rows: int = 0
    """What there should be."""
    there: int = 0
    missing: int = 0
    differing: int = 0
    left_over: int = 0
    """Of things that are gone."""

    @property
    def total(self) -> int:
        return self.missing + self.differing + self.left_over


def rebuild_all(
    sources: Sequence[SearchSource], on_batch: Callable[[str, int], None], *, now: datetime, whole: bool
) -> int:
    """Write the entries of these kinds anew, going on where a run was stopped within the last day. Returns how many.

    With `whole`, the words of spelling help are counted anew.
    """
    run = f"search-rebuild {version():x} "  # of this code: what the release before had begun is begun anew
    notes = Progress.objects.filter(name__startswith=run, at__gte=now - GOES_ON)
    begun = {one.name: one.after for one in notes if whole or one.after < _THE_END}
    total = 0
    for source in sources:
        name, written = run + source.kind, 0
        for after, count in _writing(source, begun.get(name, 0)):
            written += count
            note(name, now, after)
            on_batch(source.kind, written)
        note(name, now, _THE_END)
        total += written
    if whole:
        vocabulary.count_anew()
    tidy()
    Progress.objects.filter(name__in=[run + source.kind for source in sources]).delete()
    if whole:
        note_written(now)
    return total


def rebuild(source: SearchSource) -> int:
    """Write every entry of the kind anew and remove the others; searches and writes go on. Returns how many."""
    return sum(count for _after, count in _writing(source, 0))


def _writing(source: SearchSource, after: int) -> Iterator[tuple[int, int]]:
    """Write those after the id `after`; tells after each batch the id that it has come to and how many it wrote."""
    while ids := _ids_after(source, after):
        after = ids[-1]
        yield after, indexing.write(source, ids)


def _ids_after(source: SearchSource, after: int) -> list[int]:
    """The next thousand ids of objects that should have an entry, or have one."""
    rows = source.rows().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    entries = Entry.objects.filter(kind=source.kind, object_id__gt=after).order_by("object_id")
    return sorted({*rows[:BATCH], *entries.values_list("object_id", flat=True)[:BATCH]})[:BATCH]


def tidy() -> None:
    """Forget audiences that no entry has, and tell the database about its new contents."""
    Audience.objects.exclude(pk__in=Entry.objects.values("audience_id")).delete()
    database_engine().refresh_statistics()


def _batches(source: SearchSource) -> Iterator[list[EntryData]]:
    """The entries that would be written now, of a thousand rows of the source at most."""
    after = 0
    while rows := list(source.rows().filter(pk__gt=after).order_by("pk")[:BATCH]):
        yield from indexing.batches_of(source.entries(rows))
        after = rows[-1].pk


def drift_of(source: SearchSource) -> Drift:
    """Compare each entry with what would be written now."""
    drift = Drift(there=Entry.objects.filter(kind=source.kind).count())
    matched = 0
    for entries in _batches(source):
        wanted = {entry.object_id: indexing.row_of(source.kind, entry) for entry in entries}
        stored = {
            row["object_id"]: row
            for row in Entry.objects.filter(kind=source.kind, object_id__in=list(wanted)).values(*COLUMNS)
        }
        drift.rows += len(wanted)
        matched += len(stored)
        drift.missing += len(wanted.keys() - stored.keys())
        drift.differing += sum(_plain(row) != wanted[object_id] for object_id, row in stored.items())
    drift.left_over = drift.there - matched
    return drift


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


# --- after a release -------------------------------------------------------------------------------------------------
@cache
def version() -> int:
    """Of the modules that make entries, and of what renders Markdown. A rebuild for a comment does no harm.

    Left out is what those ask further down, models, screens and formats: `search_status` compares every entry, and
    counts what a release changed there.
    """
    code = "".join(inspect.getsource(sys.modules[name]) for name in sorted(modules()))
    return int.from_bytes(hashlib.sha256((markup.RENDERER + code).encode()).digest()[:6])


def modules() -> set[str]:
    ours = {module.__name__ for module in (tables, indexing, markup, text, words)}
    return ours | {source.entries.__module__ for source in search_sources}


def note_written(now: datetime) -> None:
    """All entries are as this code writes them."""
    note(ENTRIES, now, version())


def is_due() -> bool:
    """Two queries."""
    return Entry.objects.exists() and not Progress.objects.filter(name=ENTRIES, after=version()).exists()


def tell(verbosity: int = 1, stdout: Any = None, **kwargs: Any) -> None:
    """At the end of `migrate`, where all of it was done. Without entries there is nothing that others wrote."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if not Entry.objects.exists():
        note_written(timezone.now())
    elif is_due() and verbosity:
        (stdout or sys.stdout).write(f"{DUE}\n")
