"""Bringing changes to the copies: many at a time, by any number of workers, each change until it is shown.

A row of `Change` is deleted only when every copy shows its entry as it is. A worker killed midway has lost nothing:
what it took becomes free again after `HOLD_SECONDS`. Two workers with the same entry do no harm, because a document is
never replaced by an older version. Workers hold no lock while they wait for Elasticsearch, so no write waits for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import structlog
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from portal.loops import Loop
from portal.search.entries.tables import Entry
from portal.search.mirror import indices
from portal.search.mirror.changes import AT_ONCE, Change, Copy, document_id
from portal.search.mirror.documents import document_of
from portal.search.mirror.reserve import EngineTrouble

log = structlog.get_logger(__name__)
BATCH = 500
HOLD_SECONDS = 60
POLL_SECONDS = 0.5
MOST_WAIT_SECONDS = 300


class Shipped(NamedTuple):
    shown: int = 0
    refused: int = 0


def ship_batch(most: int = BATCH) -> Shipped:
    """Take up to so many changes and bring them to every copy.

    Raises `EngineTrouble` where that fails; nothing is lost then.
    """
    changes = _take(most)
    if not changes:
        return Shipped()
    # Read after the changes were taken: a copy that is made later reads entries that have them.
    copies = list(Copy.objects.values_list("name", flat=True))
    documents = _documents(changes)
    refused: dict[str, str] = {}
    try:
        for name in copies:
            refused |= indices.store(name, documents, refresh=True)
    except EngineTrouble:
        _give_back(changes)
        raise
    for pk, reason in refused.items():
        log.error("search_document_refused", document=pk, reason=reason)
    with transaction.atomic():
        # One that changed meanwhile has another id by now and stays; so does one being changed.
        _unchanged([c for c in changes if document_id(c.kind, c.object_id) not in refused]).delete()
    _put_off([c for c in changes if document_id(c.kind, c.object_id) in refused])
    return Shipped(len(changes) - len(refused), len(refused))


def ship_all() -> int:
    """Everything that can be taken now; returns how many."""
    total = 0
    while any(done := ship_batch()):
        total += done.shown
    return total


def _take(most: int) -> list[Change]:
    now = timezone.now()
    free = Change.objects.filter(not_before__lte=now).order_by("pk")
    if not free.exists():
        return []
    with transaction.atomic():
        taken = list(free.select_for_update(skip_locked=True)[:most])
        Change.objects.filter(pk__in=[c.pk for c in taken]).update(not_before=now + timedelta(seconds=HOLD_SECONDS))
    return taken


def _documents(changes: Sequence[Change]) -> list[tuple[str, int, dict[str, Any] | None]]:
    """Id, version and document of each, None for an entry that is gone. One query."""
    entries = Entry.objects.of((c.kind, c.object_id) for c in changes).select_related("audience")
    found = {(entry.kind, entry.object_id): document_of(entry) for entry in entries}
    return [(document_id(c.kind, c.object_id), c.pk, found.get((c.kind, c.object_id))) for c in changes]


def _give_back(changes: Sequence[Change]) -> None:
    """Others may take them now. One being changed is free by that change."""
    with transaction.atomic():
        _unchanged(changes).update(not_before=AT_ONCE)


def _unchanged(changes: Sequence[Change]) -> QuerySet[Change]:
    """Those of them that nobody is changing, locked: whoever writes many entries is never waited for."""
    same = Change.objects.filter(pk__in=[c.pk for c in changes]).select_for_update(skip_locked=True)
    return Change.objects.filter(pk__in=list(same.values_list("pk", flat=True)))


def _put_off(changes: Sequence[Change]) -> None:
    """What was refused is tried again later and later, and keeps being left out of what Elasticsearch answers."""
    now = timezone.now()
    for change in changes:
        wait = min(2**change.tries, MOST_WAIT_SECONDS)
        Change.objects.filter(pk=change.pk).update(tries=F("tries") + 1, not_before=now + timedelta(seconds=wait))


def loop() -> Loop:
    """Ships until it is told to stop. While Elasticsearch cannot be reached it asks less and less often."""
    return Loop("shipping", every=POLL_SECONDS, away=(EngineTrouble,))


def step(watch: Callable[[], None]) -> bool:
    """One batch; True where there may be more at once."""
    watch()
    done = ship_batch()
    return done.shown + done.refused >= BATCH
