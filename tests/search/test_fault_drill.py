"""Elasticsearch killed, hung and in error under mixed load: nothing lost, nothing leaked, everybody answered.

The drill has a node of its own, so that it can be killed. Writers keep a journal of what was committed; readers, who
are visitors, note how long they waited and whether they were shown anything that was hidden all the while.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from portal.search.asking.finding import find
from portal.search.mirror import filling, indices, shipping
from portal.search.mirror.changes import Change, Copy
from portal.search.models import Entry
from tests import elastic
from tests.elastic import needs_elasticsearch
from tests.search.faulty import faulty
from tests.search.makers import make_entry

pytestmark = [needs_elasticsearch, pytest.mark.copyless, pytest.mark.usefixtures("note"), pytest.mark.timeout(1800)]
CHECKOUT = Path(django_settings.BASE_DIR)
THINGS = 40
"""Entries that each writer has to itself."""
FAULT_SECONDS = float(os.environ.get("DRILL_FAULT_SECONDS", "4"))
"""Before, in and after each fault."""
SOON = 1.5


class Node:
    """A second Elasticsearch, on a port of its own."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1] % 20_000 + 20_000  # its transport port is 100 higher
        self.url = f"http://127.0.0.1:{self.port}"

    def run(self, verb: str) -> str:
        given = {
            "ELASTICSEARCH_PORT": str(self.port),
            "ELASTICSEARCH_HEAP": "256m",
            "ELASTICSEARCH_JAVA_OPTS": "-XX:TieredStopAtLevel=1",
        }
        done = subprocess.run(  # noqa: S603
            [str(CHECKOUT / "script" / "elasticsearch"), verb],
            env=os.environ | given,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def send(self, number: signal.Signals) -> None:
        os.kill(int(self.run("pid")), number)


@pytest.fixture
def node() -> Iterator[Node]:
    node = Node()
    node.run("up")
    yield node
    node.run("down")
    subprocess.run(["rm", "-rf", CHECKOUT / "var" / "services" / "elasticsearch" / str(node.port)], check=True)  # noqa: S603, S607


class Journal:
    """What was committed, and what has been hidden since when."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.titles: dict[int, str] = {}
        """Of what is there now; what was deleted has none."""
        self.hidden: dict[int, int] = {}
        """Of what a visitor may not see: the number of the deed that hid it."""
        self.deeds: Counter[str] = Counter()
        self.errors: list[str] = []
        self.leaks: list[int] = []
        self.waits: list[float] = []
        self.reserve = 0


def write(journal: Journal, stop: threading.Event, first: int) -> None:
    """Write, hide and delete things of its own until told to stop. None of it may fail."""
    dice = random.Random(first)  # noqa: S311 - the same deeds in every run
    number = 0
    while not stop.is_set():
        number += 1
        thing = first + dice.randrange(THINGS)
        deed = dice.choice(["show", "show", "hide", "delete"])
        title = f"Drill {thing} revision {number}"
        try:
            with journal.lock:
                if deed == "show":
                    journal.hidden.pop(thing, None)  # from now on it may be seen
            if deed == "delete":
                Entry.objects.filter(kind="note", object_id=thing).delete()
            else:
                make_entry(thing, title, audience=("public",) if deed == "show" else ("officers",))
            with journal.lock:
                journal.titles.pop(thing, None)
                if deed != "delete":
                    journal.titles[thing] = title
                if deed != "show":
                    journal.hidden[thing] = number
                journal.deeds[deed] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, no write may fail
            journal.errors.append(repr(error))
        stop.wait(0.03)
    connection.close()


def read(journal: Journal, stop: threading.Event) -> None:
    while not stop.is_set():
        with journal.lock:
            before = dict(journal.hidden)
        started = time.monotonic()
        try:
            results = find("drill revision", user=None, per_page=200)
        except Exception as error:  # noqa: BLE001
            journal.errors.append(repr(error))
            continue
        took = time.monotonic() - started
        with journal.lock:
            journal.waits.append(took)
            journal.reserve += results.is_reserve
            for hit in results.hits:
                number = before.get(hit.object_id)
                if number is not None and journal.hidden.get(hit.object_id) == number:
                    journal.leaks.append(hit.object_id)
        stop.wait(0.05)
    connection.close()


def ship(stop: threading.Event) -> None:
    loop, watch = shipping.loop(), filling.Watch()
    while not stop.is_set():
        if not loop.turn(partial(shipping.step, watch)):
            stop.wait(loop._pause)
    connection.close()


def faults(node: Node, settings: Any) -> None:
    time.sleep(FAULT_SECONDS)
    node.send(signal.SIGKILL)
    time.sleep(FAULT_SECONDS)
    node.run("up")
    time.sleep(FAULT_SECONDS)
    node.send(signal.SIGSTOP)
    time.sleep(FAULT_SECONDS)
    node.send(signal.SIGCONT)
    for fault in ("429", "503", "not elasticsearch"):
        time.sleep(FAULT_SECONDS)
        with faulty(fault) as server:
            settings.ELASTICSEARCH_HOSTS = [server.url]
            time.sleep(FAULT_SECONDS)
            settings.ELASTICSEARCH_HOSTS = [node.url]
    time.sleep(FAULT_SECONDS)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_and_nothing_leaks(
    node: Node, settings: Any, record_property: Callable[[str, object], None]
) -> None:
    settings.ELASTICSEARCH_HOSTS = [node.url]
    copy = elastic.filled_copy(settings)
    next(copy)
    settings.ELASTICSEARCH_TIMEOUT = 0.8
    find("drill", user=None)  # the client is imported and connected from now on
    journal, stop, stop_shipping = Journal(), threading.Event(), threading.Event()
    threads = [
        *(threading.Thread(target=write, args=(journal, stop, number * 1000)) for number in (1, 2)),
        *(threading.Thread(target=read, args=(journal, stop)) for _ in range(2)),
    ]
    workers = [threading.Thread(target=ship, args=(stop_shipping,)) for _ in range(2)]
    for thread in [*threads, *workers]:
        thread.start()
    try:
        faults(node, settings)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    healed = time.monotonic()
    while Change.objects.exists() and time.monotonic() < healed + 60:
        time.sleep(0.1)
    healed = time.monotonic() - healed
    stop_shipping.set()
    for worker in workers:
        worker.join()
    live = Copy.objects.get(is_live=True).name
    drift = filling.drift_of("note", live)
    there = dict(indices.versions(live, "note"))
    lost = [pk for pk in journal.titles if pk not in there]
    waits = sorted(journal.waits)
    p95 = waits[len(waits) * 95 // 100]
    record_property(
        "fault drill",
        f"{sum(journal.deeds.values())} writes {dict(journal.deeds)}, {len(waits)} searches"
        f" ({journal.reserve} answered by the database), worst answer {waits[-1]:.2f} s, p95 {p95:.2f} s;"
        f" {len(lost)} lost, {len(journal.leaks)} leaked, drift {drift.total} {healed:.1f} s after the last write",
    )
    next(copy, None)
    assert not journal.errors
    assert not journal.leaks
    assert not lost
    assert drift.total == 0
    assert set(there) == set(journal.titles), "what was deleted is gone there too"
    assert dict(Entry.objects.filter(kind="note").values_list("object_id", "title")) == journal.titles
    assert 0 < journal.reserve < len(waits)
    assert waits[-1] <= SOON
