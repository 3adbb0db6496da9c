"""manage.py search_status: exit code 1 where an entry, or its copy, is not what it should be."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.registry import search_sources
from portal.search.engines.base import EngineTrouble
from portal.search.entries import rebuilding
from portal.search.mirror import changes
from portal.search.mirror.changes import Copy

MOST_LAG_SECONDS = 60


class Command(BaseCommand):
    help = "Compare search entries with what they stand for, and their copy with them. Exit code 1 where they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        complaints = [*self._entries(), *(self._copy() if changes.is_wanted() else [])]
        for complaint in complaints:
            self.stderr.write(complaint)
        if complaints:
            sys.exit(1)
        self.stdout.write("All entries are as they should be.")

    def _entries(self) -> list[str]:
        self.stdout.write(f"{'kind':<16}{'rows':>10}{'entries':>10}{'missing':>10}{'differing':>11}{'left over':>11}")
        off = 0
        for source in sorted(search_sources, key=lambda source: source.kind):
            drift = rebuilding.drift_of(source)
            off += drift.total
            self._line(source.kind, drift.rows, drift.entries, drift.missing, drift.differing, drift.left_over)
        if off:
            return [f"{off:,} entries are not as they should be. Run search_rebuild."]
        if rebuilding.is_due():  # by the look of the code alone
            rebuilding.note_written(timezone.now())
        return []

    def _copy(self) -> list[str]:
        """Differences that are still waiting to be shipped are none, unless they wait for long."""
        lag = changes.lag_at(timezone.now())
        self.stdout.write(f"\nElasticsearch: {lag.waiting:,} changes wait, the oldest for {lag.seconds:.1f} s")
        complaints = []
        if lag.seconds > MOST_LAG_SECONDS:
            complaints.append(f"The oldest change waits for {lag.seconds:,.0f} s. Is search_ship running?")
        if lag.refused:
            complaints.append(f"Elasticsearch refused {lag.refused:,} entries: see the log of search_ship.")
        live = Copy.objects.filter(is_live=True).first()
        if live is None:
            return [*complaints, "It has no copy that can answer: the database does. search_ship makes one."]
        try:
            return [*complaints, *self._compare(live, lag.waiting)]
        except EngineTrouble as trouble:
            return [*complaints, f"It does not answer: {trouble}"]

    def _compare(self, live: Copy, waiting: int) -> list[str]:
        from portal.search.mirror import filling  # costs 0.8 s

        if why := filling.trouble_with(live):
            return [f"The copy {live.name} cannot answer: {why}. search_ship makes another."]
        self.stdout.write(f"{live.name:<36}{'copied':>10}{'missing':>10}{'differing':>11}{'left over':>11}")
        off = 0
        for source in sorted(search_sources, key=lambda source: source.kind):
            drift = filling.drift_of(source.kind, live.name)
            off += drift.total
            self._line(source.kind, "", drift.documents, drift.missing, drift.differing, drift.left_over)
        return [f"{off:,} entries differ in Elasticsearch. Run search_rebuild --copy-only."] if off > waiting else []

    def _line(self, kind: str, rows: int | str, *numbers: int) -> None:
        entries, missing, differing, left_over = numbers
        shown = rows if isinstance(rows, str) else f"{rows:,}"
        self.stdout.write(f"{kind:<16}{shown:>10}{entries:>10,}{missing:>10,}{differing:>11,}{left_over:>11,}")
