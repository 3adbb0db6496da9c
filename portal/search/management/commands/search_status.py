"""manage.py search_status: exit code 1 where an entry, or its copy, is not what it should be."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.registry import SearchSource, search_sources
from portal.search.entries import rebuilding
from portal.search.entries.rebuilding import Drift
from portal.search.mirror import changes
from portal.search.mirror.changes import Copy
from portal.search.mirror.reserve import EngineTrouble

MOST_LAG_SECONDS = 60


class Command(BaseCommand):
    help = "Compare search entries with what they stand for, and their copy with them. Exit code 1 where they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        complaints = [*self._entries(), *(self._copy() if changes.is_wanted() else ())]
        for complaint in complaints:
            self.stderr.write(complaint)
        if complaints:
            sys.exit(1)
        self.stdout.write("All entries are as they should be.")

    def _entries(self) -> Iterator[str]:
        if off := self._table("entries", rebuilding.drift_of):
            yield f"{off:,} entries are not as they should be. Run search_rebuild."
        elif rebuilding.is_due():  # by the look of the code alone
            rebuilding.note_written(timezone.now())

    def _copy(self) -> Iterator[str]:
        """Differences that are still waiting to be shipped are none, unless they wait for long."""
        lag = changes.lag_at(timezone.now())
        self.stdout.write(f"\nElasticsearch: {lag.waiting:,} changes wait, the oldest for {lag.seconds:.1f} s")
        if lag.seconds > MOST_LAG_SECONDS:
            yield f"The oldest change waits for {lag.seconds:,.0f} s. Is search_ship running?"
        if lag.refused:
            yield f"Elasticsearch refused {lag.refused:,} entries: see the log of search_ship."
        if live := Copy.objects.filter(is_live=True).first():
            try:
                yield from self._compare(live, lag.waiting)
            except EngineTrouble as trouble:
                yield f"It does not answer: {trouble}"
        else:
            yield "It has no copy that can answer: the database does. search_ship makes one."

    def _compare(self, live: Copy, waiting: int) -> Iterator[str]:
        from portal.search.mirror import filling  # costs 0.8 s

        if why := filling.trouble_with(live):
            yield f"The copy {live.name} cannot answer: {why}. search_ship makes another."
            return
        self.stdout.write(live.name)
        off = self._table("copied", lambda source: filling.drift_of(source.kind, live.name))
        if off > waiting:
            yield f"{off:,} entries differ in Elasticsearch. Run search_rebuild --copy-only."

    def _table(self, there: str, drift_of: Callable[[SearchSource], Drift]) -> int:
        """A line for each kind; how much differs in all."""
        heading = f"{'kind':<16}{'rows':>10}{there:>10}{'missing':>10}{'differing':>11}{'left over':>11}"
        self.stdout.write(heading)
        total = 0
        for source in sorted(search_sources, key=lambda source: source.kind):
            drift = drift_of(source)
            total += drift.total
            entries = f"{source.kind:<16}{drift.rows:>10,}{drift.there:>10,}"
            self.stdout.write(f"{entries}{drift.missing:>10,}{drift.differing:>11,}{drift.left_over:>11,}")
        return total
