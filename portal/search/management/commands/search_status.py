"""manage.py search_status: exit code 1 where an entry is not what it should be."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal.registry import search_sources
from portal.search import rebuilding


class Command(BaseCommand):
    help = "Compare the search entries with what they stand for, by kind. Exit code 1 where they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{'kind':<16}{'rows':>10}{'entries':>10}{'missing':>10}{'differing':>11}{'left over':>11}")
        off = 0
        for source in sorted(search_sources, key=lambda source: source.kind):
            drift = rebuilding.drift_of(source)
            off += drift.total
            self.stdout.write(
                f"{source.kind:<16}{drift.rows:>10,}{drift.entries:>10,}{drift.missing:>10,}"
                f"{drift.differing:>11,}{drift.left_over:>11,}"
            )
        if off:
            self.stderr.write(f"{off:,} entries are not as they should be. Run search_rebuild.")
            sys.exit(1)
        self.stdout.write("All entries are as they should be.")
