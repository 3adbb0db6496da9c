"""How soon after its commit a write can be found in Elasticsearch, while a worker ships and others go on writing.

`script/bench lag` starts this on a database of its own. A write gives a practice another title and writes its entry, in
one transaction. It counts as found when Elasticsearch shows the entry's new version in a search and the entry no longer
waits.
"""

from __future__ import annotations

import argparse
import logging
import random
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from statistics import median

from django.db import connection
from django.utils import timezone

import bench.ready  # noqa: F401
from bench.databases import CHECKOUT
from knowledge.models import Practice
from portal.search.mirror import changes, filling
from portal.search.mirror.changes import document_id, live_and_pending
from portal.search.mirror.engine import patient
from portal.search.models import Copy, Entry

WRITERS = 4
LOOK_SECONDS = 0.01
LAST_WAIT_SECONDS = 60
BAR_SECONDS = 2.0


@dataclass
class Journal:
    """What was written and is not found yet, and how long the others took."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: dict[str, tuple[float, int]] = field(default_factory=dict)
    """When it was committed and the entry's version, by the document's id."""
    took: list[float] = field(default_factory=list)
    most_waiting: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)


def main() -> None:
    asked = _arguments()
    changes.forget_all()  # the database is a copy of another that Elasticsearch may have
    print(f"{filling.fill():,} entries in Elasticsearch.", flush=True)
    worker = subprocess.Popen([sys.executable, "manage.py", "search_ship"], cwd=CHECKOUT, stdout=subprocess.DEVNULL)
    try:
        time.sleep(5)  # until it has started
        _measure(asked.rate, asked.seconds)
    finally:
        worker.terminate()
        worker.wait(30)
        for copy in Copy.objects.all():
            filling.forget(copy)


def _measure(rate: int, seconds: int) -> None:
    journal = Journal()
    ids = list(Practice.objects.order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(1).sample(ids, min(rate * seconds, len(ids)))
    started = time.perf_counter()
    writers = [
        threading.Thread(target=_write, args=(journal, chosen[n::WRITERS], n, rate, started)) for n in range(WRITERS)
    ]
    watcher = threading.Thread(target=_watch, args=(journal,))
    for thread in (*writers, watcher):
        thread.start()
    for thread in writers:
        thread.join()
    wrote = time.perf_counter() - started
    until = time.perf_counter() + LAST_WAIT_SECONDS
    while journal.waiting and time.perf_counter() < until:
        time.sleep(0.1)
    journal.is_over.set()
    watcher.join()
    took = sorted(journal.took)
    p95 = took[int(0.95 * (len(took) - 1))]
    print(
        f"{len(took):,} writes at {len(chosen) / wrote:.1f} a second, {len(journal.waiting)} not found. From the commit"
        f" until found: p50 {median(took):.2f} s, p95 {p95:.2f} s, at most {took[-1]:.2f} s; at most"
        f" {journal.most_waiting} waited at once. The bar of {BAR_SECONDS} s is"
        f" {'held' if p95 < BAR_SECONDS else 'missed'}."
    )


def _write(journal: Journal, ids: list[int], first: int, rate: int, started: float) -> None:
    for number, pk in enumerate(ids):
        at = started + (first + number * WRITERS) / rate
        time.sleep(max(at - time.perf_counter(), 0))
        Practice.objects.filter(pk=pk).update(title=f"Written again, no. {pk}")
        committed = time.perf_counter()
        version = Entry.objects.values_list("version", flat=True).get(kind="practice", object_id=pk)
        if version < 2:
            raise RuntimeError("The write did not reach the entry: nothing is measured.")
        with journal.lock:
            journal.waiting[document_id("practice", pk)] = (committed, version)
    connection.close()


def _watch(journal: Journal) -> None:
    client = patient()
    while not journal.is_over.wait(LOOK_SECONDS):
        with journal.lock:
            waiting = dict(journal.waiting)
        journal.most_waiting = max(journal.most_waiting, len(waiting))
        if not waiting:
            continue
        live, pending, _is_late = live_and_pending(10_000, timezone.now())
        ids = list(waiting.keys() - set(pending))[:1000]
        query = {"query": {"ids": {"values": ids}}, "size": 1000, "_source": False, "docvalue_fields": ["version"]}
        hits = client.search(index=live, body=query)["hits"]["hits"] if ids else []
        now = time.perf_counter()
        shown = [hit["_id"] for hit in hits if hit["fields"]["version"][0] >= waiting[hit["_id"]][1]]
        with journal.lock:
            journal.took += [now - journal.waiting.pop(pk)[0] for pk in shown]
    connection.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench lag", description=__doc__)
    parser.add_argument("--rate", type=int, default=50, help="writes a second")
    parser.add_argument("--seconds", type=int, default=60)
    return parser.parse_args()


if __name__ == "__main__":
    logging.disable(logging.INFO)
    main()
