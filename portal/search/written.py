"""Whether the code that runs now wrote the entries: a release that writes others needs a rebuild, and says so."""

from __future__ import annotations

import hashlib
import inspect
import sys
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from portal import markup, text
from portal.progress import Progress
from portal.registry import search_sources
from portal.search import audiences, indexing
from portal.search.entries import Entry
from portal.search.text import words

ENTRIES = "search-entries"
DUE = "A release that writes other search entries is in place. Run search_rebuild."


@cache
def version() -> int:
    """Of the modules that make entries, and of what renders Markdown. A rebuild for a comment does no harm.

    Left out is what those ask further down, models, screens and formats: `search_status` compares every entry, and
    counts what a release changed there.
    """
    code = "".join(inspect.getsource(sys.modules[name]) for name in sorted(modules()))
    return int.from_bytes(hashlib.sha256((markup.RENDERER + code).encode()).digest()[:6])


def modules() -> set[str]:
    ours = {module.__name__ for module in (audiences, indexing, markup, text, words)}
    return ours | {source.entries.__module__ for source in search_sources}


def note(now: datetime) -> None:
    """All entries are as this code writes them."""
    Progress.objects.update_or_create(name=ENTRIES, defaults={"at": now, "after": version()})


def is_due() -> bool:
    """Two queries."""
    return Entry.objects.exists() and not Progress.objects.filter(name=ENTRIES, after=version()).exists()


def tell(verbosity: int = 1, stdout: Any = None, **kwargs: Any) -> None:
    """At the end of `migrate`, where all of it was done. Without entries there is nothing that others wrote."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if not Entry.objects.exists():
        note(timezone.now())
    elif is_due() and verbosity:
        (stdout or sys.stdout).write(f"{DUE}\n")
