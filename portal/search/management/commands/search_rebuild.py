"""manage.py search_rebuild [KIND ...] [--copy-only]"""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.registry import search_sources
from portal.search.entries import rebuilding
from portal.search.mirror import changes
from portal.search.mirror.reserve import EngineTrouble


class Command(BaseCommand):
    help = "Write the search entries anew, while searches go on. Stopped, it goes on from there when run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kinds", nargs="*", metavar="KIND", help="all kinds by default")
        parser.add_argument("--copy-only", action="store_true", help="fill Elasticsearch anew and leave the entries")

    def handle(self, *args: Any, **options: Any) -> None:
        kinds: list[str] = options["kinds"] or search_sources.keys()
        if unknown := [kind for kind in kinds if kind not in search_sources]:
            known = ", ".join(search_sources.keys())
            raise CommandError(f"Nothing is searched under the name {', '.join(unknown)}. Known kinds: {known}.")
        started = time.monotonic()
        if not options["copy_only"]:
            sources = [search_sources[kind] for kind in kinds]
            total = rebuilding.rebuild_all(sources, self._tell, now=timezone.now(), whole=not options["kinds"])
            self.stdout.write(f"{total:,} entries in {time.monotonic() - started:.1f} s")
        if not changes.is_wanted():
            changes.forget_all()
        elif not options["kinds"]:
            self._copy()

    def _copy(self) -> None:
        from portal.search.mirror import filling  # costs 0.8 s

        started = time.monotonic()
        try:
            copied = filling.fill(partial(self._tell, "copied"))
        except EngineTrouble as trouble:
            why = f"Elasticsearch could not be filled: {trouble}\nRun this again: it goes on from there."
            raise CommandError(why) from trouble
        self.stdout.write(f"{copied:,} entries copied to Elasticsearch in {time.monotonic() - started:.1f} s")

    def _tell(self, kind: str, written: int) -> None:
        if written % 10_000 < rebuilding.BATCH:
            self.stdout.write(f"{kind}: {written:,}")
            self.stdout.flush()
