"""Searches of many documents in Elasticsearch against the same searches of few, and what loading the many took.

`script/bench scale` starts this on the PostgreSQL database of 100,000 practices, whose copy in Elasticsearch is the
few. The many are the documents of the same entries again and again, each under an id of its own, written by what also
fills a copy; a hit leads to its entry, so that a search does all that it does elsewhere, and only the index is larger.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from django.conf import settings

import bench.ready  # noqa: F401
from bench import filling
from portal.districts.models import User
from portal.districts.models.standing import standing_of
from portal.search.asking.alike import districts_like
from portal.search.asking.page import COUNTED
from portal.search.asking.question import Question
from portal.search.engines.base import Ask
from portal.search.mirror import indices
from portal.search.mirror.changes import document_id
from portal.search.mirror.documents import document_of
from portal.search.mirror.engine import ElasticsearchEngine, patient
from portal.search.mirror.filling import BATCH
from portal.search.models import Copy, Entry

BARS = {"without facets": 1.5, "with facets": 4.0}
SEARCHES = {
    "rare word": filling.RARE,
    "middling word": filling.MIDDLING,
    "word in 40 %": filling.FREQUENT,
    "common word": filling.COMMON,
    "two words": f"{filling.MIDDLING} {filling.COMMON}",
    "two frequent words": f"{filling.FREQUENT} {filling.COMMON}",
    "three words": "chromebook repair loaner",
    "phrase": '"help desk"',
    "one word without another": f"{filling.FREQUENT} -{filling.MIDDLING}",
    "everything": "",
}


class Engine(ElasticsearchEngine):
    """Answers from the named index, whichever copy is the live one."""

    def __init__(self, name: str) -> None:
        self.name = name

    def _state(self) -> tuple[str, list[str]]:
        return self.name, super()._state()[1]


def main() -> None:
    asked = _arguments()
    few = Copy.objects.get(is_live=True).name
    many = f"many-{settings.ELASTICSEARCH_INDEX}-{asked.documents}"
    if not indices.named(f"{many}*") or indices.count(many) != asked.documents:
        indices.drop(many)
        _load(many, asked.documents)
    try:
        _settle(many)
        _report({name: Engine(name) for name in (few, many)}, asked.rounds)
    finally:
        if not asked.keep:
            indices.drop(many)


# --- loading ----------------------------------------------------------------------------------------------------------
def _load(name: str, documents: int) -> None:
    print(f"Loading {documents:,} documents of {Entry.objects.count():,} entries.", flush=True)
    indices.create(name)
    started = time.monotonic()
    told = [documents // 10, documents // 2, documents]
    loaded = 0
    for entries, number in _batches():
        entries = entries[: documents - loaded]
        refused = indices.store(
            name, [(f"{document_id(e.kind, e.object_id)}-{number}", 0, document_of(e)) for e in entries], refresh=False
        )
        if refused:
            raise SystemExit(f"Refused: {refused}")
        loaded += len(entries)
        while told and loaded >= told[0]:
            print(
                f"{told.pop(0):>9,} documents after {time.monotonic() - started:5.0f} s; the loader's memory at most"
                f" {_peak()} MB",
                flush=True,
            )
        if loaded == documents:
            break
    indices.refresh(name)
    print(f"Searchable after {time.monotonic() - started:.0f} s.", flush=True)


def _batches() -> Iterator[tuple[list[Entry], int]]:
    for number in itertools.count():
        after = 0
        while entries := list(Entry.objects.filter(pk__gt=after).order_by("pk").select_related("audience")[:BATCH]):
            yield entries, number
            after = entries[-1].pk


def _peak() -> int:
    """Megabytes that this process has held at most."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def _settle(name: str) -> None:
    """Wait until nothing is merged any more."""
    while patient().indices.stats(index=name, metric="merge")["_all"]["total"]["merges"]["current"]:
        time.sleep(1)


# --- searching --------------------------------------------------------------------------------------------------------
def _report(engines: dict[str, Engine], rounds: int) -> None:
    asks = {(facets, name): _ask(text, facets) for facets in BARS for name, text in SEARCHES.items()}
    took: dict[tuple[str, str, str], list[float]] = {(*key, index): [] for key in asks for index in engines}
    for number in range(-2, rounds):  # the first two only warm
        order = list(engines) if number % 2 else list(reversed(engines))
        for (facets, name), ask in asks.items():
            for index in order:
                started = time.perf_counter()
                engines[index].find(ask)
                if number >= 0:
                    took[facets, name, index].append(1000 * (time.perf_counter() - started))
    few, many = engines
    sizes = [indices.count(index) for index in engines]
    print(f"\n| search | facets | {sizes[0]:,}: p50, p95 ms | {sizes[1]:,}: p50, p95 ms | p95, times |")
    print("| --- | --- | --- | --- | --- |")
    for facets, name in asks:
        print(_line(name, facets, took[facets, name, few], took[facets, name, many]))
    for facets, bar in BARS.items():
        whole = [list(itertools.chain(*(took[facets, name, index] for name in SEARCHES))) for index in engines]
        print(_line("all of these", f"{facets} (bar {bar})", *whole))


def _ask(text: str, facets: str) -> Ask:
    """As a member of a district asks from the search page."""
    reader = User.objects.get(email=filling.READER)
    like = districts_like(standing_of(reader)).by_weight
    return replace(Question.of(text, reader).ask, like=like, counted=COUNTED if facets == "with facets" else ())


def _line(name: str, facets: str, few: list[float], many: list[float]) -> str:
    cells = [f"{median(one):.1f}, {_p95(one):.1f}" for one in (few, many)]
    return f"| {name} | {facets} | {cells[0]} | {cells[1]} | {_p95(many) / _p95(few):.2f} |"


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench scale", description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--keep", action="store_true", help="the index, for another run")
    return parser.parse_args()


if __name__ == "__main__":
    logging.disable(logging.INFO)
    main()
