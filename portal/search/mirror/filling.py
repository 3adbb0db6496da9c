"""A whole copy in Elasticsearch: filled beside the one that answers, put in its place in one moment, and watched."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from heapq import merge
from itertools import groupby
from operator import itemgetter

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Length
from django.utils import timezone

from portal.search.engines.sql import Sql
from portal.search.entries.indexing import by_size
from portal.search.entries.rebuilding import Drift
from portal.search.entries.tables import Entry
from portal.search.mirror import indices
from portal.search.mirror.changes import Change, Copy, document_id
from portal.search.mirror.documents import document_of
from portal.search.mirror.reserve import EngineTrouble

log = structlog.get_logger(__name__)
BATCH = 1000
WATCH_SECONDS = 10.0
_MADE = "%Y%m%d-%H%M%S-%f"
"""The end of an index's name: when it was made."""


def fill(on_batch: Callable[[int], None] = lambda copied: None) -> int:
    """Make a copy of every entry and let it answer. Goes on where another run was stopped. Returns how many.

    Searches and writes go on meanwhile: from the moment the copy is noted, every change is shipped to it as well.
    What is filled in has version 0, so it never replaces what a change brought.
    """
    copy = _unfinished() or _begin()
    copied = 0
    while pks := _after(copy.filled_to):
        entries = list(Entry.objects.filter(pk__in=pks).select_related("audience"))
        documents = [(document_id(e.kind, e.object_id), 0, document_of(e)) for e in entries]
        refused = indices.store(copy.name, documents, refresh=False)
        # What was refused counts as changed: it is tried again, and left out of the answers until then.
        again = [e for e in entries if document_id(e.kind, e.object_id) in refused]
        Change.objects.bulk_create(
            [Change(kind=e.kind, object_id=e.object_id, at=timezone.now()) for e in again], ignore_conflicts=True
        )
        copy.filled_to = pks[-1]
        copy.save(update_fields=["filled_to"])
        copied += len(entries)
        on_batch(copied)
    indices.refresh(copy.name)
    _let_answer(copy)
    return copied


def _after(filled_to: int) -> list[int]:
    """The ids of the next entries, of no more than can be in memory at once."""
    sizes = Entry.objects.filter(pk__gt=filled_to).order_by("pk").values_list("pk", Length("body"))[:BATCH]
    return [pk for pk, size in next(by_size(sizes, itemgetter(1)), [])]


def _unfinished() -> Copy | None:
    for copy in Copy.objects.filter(is_live=False).order_by("-pk"):
        if indices.is_of_this_shape(copy.name):
            return copy
        forget(copy)
    return None


def _begin() -> Copy:
    name = f"{settings.ELASTICSEARCH_INDEX}-{timezone.now():{_MADE}}"
    indices.create(name)
    with transaction.atomic():
        if connection.vendor == "postgresql":
            # Writers that began before must end before: they saw no copy, and noted no change.
            Sql("LOCK TABLE search_entry IN SHARE MODE").run()
        return Copy.objects.create(name=name, made_at=timezone.now())


def _let_answer(copy: Copy) -> None:
    indices.point_alias(settings.ELASTICSEARCH_INDEX, copy.name)
    with transaction.atomic():
        old = list(Copy.objects.filter(is_live=True).exclude(pk=copy.pk))
        Copy.objects.filter(is_live=True).update(is_live=False)
        Copy.objects.filter(pk=copy.pk).update(is_live=True)
    for one in old:
        forget(one)
    try:
        _drop_strays()
    except EngineTrouble as trouble:
        log.warning("search_strays_not_dropped", reason=str(trouble))


def _drop_strays() -> None:
    """Indexes older than a day that no row names: of a run that was killed, or of a drop that failed."""
    index = settings.ELASTICSEARCH_INDEX
    made = re.compile(rf"{re.escape(index)}-(\d{{8}}-\d{{6}}-\d{{6}})")
    oldest = f"{timezone.now() - timedelta(days=1):{_MADE}}"
    known = set(Copy.objects.values_list("name", flat=True))
    for name in indices.named(f"{index}-*"):
        if (match := made.fullmatch(name)) and match[1] < oldest and name not in known:
            indices.drop(name)


def forget(copy: Copy) -> None:
    """Drop the copy there and here. A search that has just read its name is answered by the database."""
    copy.delete()
    try:
        indices.drop(copy.name)
    except EngineTrouble as trouble:
        log.warning("search_copy_not_dropped", copy=copy.name, reason=str(trouble))


# --- watching ---------------------------------------------------------------------------------------------------------
def trouble_with(copy: Copy | None) -> str:
    """Why the copy cannot answer, "" where it can. What changes while this looks is not counted against it."""
    if copy is None:
        return "there is none"
    if not indices.is_of_this_shape(copy.name):
        return "its index is gone, or made by another version of the portal"
    if Change.objects.exists():
        return ""
    entries, documents = Entry.objects.count(), indices.count(copy.name)
    if entries != documents and not Change.objects.exists() and Entry.objects.count() == entries:
        return f"it has {documents:,} of {entries:,} entries"
    return ""


class Watch:
    """Every few seconds: is the copy that answers whole? If not, it stops answering and is filled anew."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next = 0.0

    def __call__(self) -> None:
        if self._clock() < self._next:
            return
        live = Copy.objects.filter(is_live=True).first()
        if why := trouble_with(live):
            log.warning("search_copy_filled_anew", reason=why)
            if live is not None:
                forget(live)
            fill()
        self._next = self._clock() + WATCH_SECONDS


def drift_of(kind: str, name: str) -> Drift:
    """Compare versions, both sides in order of the objects' ids, so that memory stays flat.

    Changes that wait to be shipped are part of what differs.
    """
    rows = Entry.objects.filter(kind=kind).order_by("object_id").values_list("object_id", "pk", "version")
    here = ((object_id, True, (pk, version)) for object_id, pk, version in rows.iterator(5000))
    there = ((object_id, False, versions) for object_id, versions in indices.versions(name, kind))
    drift = Drift()
    for _object_id, sides in groupby(merge(here, there, key=itemgetter(0)), itemgetter(0)):
        (_, is_here, version), *copied = sides
        drift.rows += is_here
        drift.there += bool(copied) or not is_here
        drift.missing += is_here and not copied
        drift.left_over += not is_here
        drift.differing += any(version != other for _, _, other in copied)
    return drift
