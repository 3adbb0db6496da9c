"""Measure pages beside their bare twins and print the table; or start what measures Elasticsearch alone.

`script/bench` starts this.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench import databases
from bench.serving import Cost, Server

RATIO = {"practices": 2.0, "practice": 3.0, "agreement": 3.0, "search": 2.0, "suggestions": 3.0}
FLOOR = {"empty": 1.8, "practices": 1.8, "practice": 2.2, "agreement": 2.2, "search": 1.6}
QUERIES = {"empty": 0, "practices": 4, "practice": 5, "agreement": 5, "search": 4, "suggestions": 6}
GROWTH = 1.1
CLIFF = 3.0
"""A word in 40 % of the entries: 19 of 20 requests are at most so many times as slow as for a middling word."""
WARM = {"sqlite": 16, "postgresql": 16, "elasticsearch": 40}
"""Requests before the first round. Java compiles while it works."""
PAGES = {
    "empty": ["empty"],
    "list": ["practices"],
    "practice": ["practice"],
    "agreement": ["agreement"],
    "search": ["search", "suggestions"],
}
SMALL_ONLY = {"empty", "practice", "agreement"}
"""Measured at the smallest size only."""
ALONE = {"scale": 100_000, "lag": 10_000}
"""Practices in the database beside which Elasticsearch is measured alone."""
WRITTEN_TO = f"{databases.PREFIX}written_to"
SEARCHING = {"search", "suggestions"}
"""What Elasticsearch is asked for; the other pages never ask it."""


@dataclass
class Measured:
    """One page on one database: our costs, its twin's and the floor's, round by round."""

    page: str
    database: str
    size: int
    queries: int
    twins_queries: int
    url: str
    server: Server
    floor: Server
    ours: list[Cost] = field(default_factory=list)
    twins: list[Cost] = field(default_factory=list)
    floors: list[Cost] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.page.partition(",")[0]

    def times(self, others: list[Cost]) -> float:
        """The median over the rounds: what else the machine does hits all of a round alike."""
        return median(ours.total / other.total for ours, other in zip(self.ours, others, strict=True))

    def measure(self, requests: int, *, backwards: bool) -> None:
        twin = f"/bench{self.url}"
        each = [
            (self.ours, self.server, self.url),
            (self.twins, self.server, twin),
            (self.floors, self.floor, twin),
        ]
        for costs, server, url in reversed(each) if backwards else each:
            costs.append(server.cost(url, requests))

    def cells(self) -> list[str]:
        misses = [
            f"{name} over {bar}"
            for name, value, bar in (
                ("times the twin", self.times(self.twins), RATIO.get(self.kind)),
                ("times the floor", self.times(self.floors), FLOOR.get(self.kind)),
                ("queries", self.queries, QUERIES[self.kind]),
            )
            if bar is not None and value > bar
        ]
        return [
            self.page,
            self.database,
            f"{self.size:,}",
            f"{self.queries} / {self.twins_queries}",
            self._all("application"),
            self._all("database"),
            self._all("elasticsearch") if self.server.node else "",
            f"{self.times(self.twins):.2f}",
            f"{self.times(self.floors):.2f}",
            f"{median(cost.p95 for cost in self.ours):.0f}",
            self._all("per_second", places=0),
            ", ".join(misses) or "held",
        ]

    def _all(self, name: str, places: int = 1) -> str:
        """Ours / the twin's / the floor's."""
        each = (self.ours, self.twins, self.floors)
        return " / ".join(f"{median(getattr(cost, name) for cost in costs):.{places}f}" for costs in each)


HEADER = [
    *("page", "database", "practices", "queries", "application, CPU ms", "database, CPU ms", "Elasticsearch, CPU ms"),
    *("times the twin", "times the floor", "p95 ms", "requests/s", "bars"),
]


def main() -> None:
    if sys.argv[1:2] in (["scale"], ["lag"]):
        _alone(*sys.argv[1:])
        return
    asked = _arguments()
    measured: list[Measured] = []
    for database in asked.database:
        with ExitStack() as servers:
            pages = [page for size in asked.sizes for page in _pages(database, size, asked, servers)]
            for page in pages:  # warm: every thread of both workers opens its connection and loads its templates
                page.server.cost(page.url, WARM[database])
                page.server.cost(f"/bench{page.url}", WARM[database])
                page.floor.cost(f"/bench{page.url}", WARM[database])
            for number in range(asked.rounds):
                for page in pages:
                    page.measure(asked.requests, backwards=number % 2 == 1)
                print(f"{database}: round {number + 1} of {asked.rounds}", flush=True)
        measured.extend(pages)
    print(_table(measured))


def _alone(what: str, *arguments: str) -> None:
    """`bench.scale` beside the copy of a filled database, `bench.lag` on a database that it may write to."""
    server, elasticsearch = os.environ["DATABASE_URL"], os.environ["ELASTICSEARCH_URL"]
    if what == "scale":
        url = databases.postgresql(ALONE[what], server)
        databases.run("bench.prepare", url, "copy", elasticsearch=elasticsearch)
    else:
        url = databases.throwaway(ALONE[what], server, WRITTEN_TO)
    try:
        env = databases.environment(url, elasticsearch=elasticsearch)
        done = subprocess.run([sys.executable, "-m", f"bench.{what}", *arguments], env=env)
    finally:
        databases.drop(server, WRITTEN_TO)
    sys.exit(done.returncode)


def _pages(database: str, size: int, asked: argparse.Namespace, servers: ExitStack) -> list[Measured]:
    wanted = {kind for what in asked.what for kind in PAGES[what]} - (SMALL_ONLY if size != min(asked.sizes) else set())
    elasticsearch = ""
    if database == "elasticsearch":
        wanted &= SEARCHING
        elasticsearch = os.environ["ELASTICSEARCH_URL"]
    if not wanted:
        return []
    url = databases.sqlite(size) if database == "sqlite" else databases.postgresql(size, os.environ["DATABASE_URL"])
    if elasticsearch:
        databases.run("bench.prepare", url, "copy", elasticsearch=elasticsearch)
    found: dict[str, Any] = json.loads(databases.run("bench.prepare", url, "pages", elasticsearch=elasticsearch))
    server = servers.enter_context(Server(url, found["cookie"], elasticsearch))
    floor = servers.enter_context(Server(url, found["cookie"], elasticsearch, is_floor=True))
    return [
        Measured(name, database, size, page["queries"], page["twins_queries"], page["url"], server, floor)
        for name, page in found["pages"].items()
        if name.partition(",")[0] in wanted
    ]


def _table(measured: list[Measured]) -> str:
    """Markdown: ours / the twin's, medians over the rounds; then how the list grows with the number of practices."""
    lines = [HEADER, ["---"] * len(HEADER), *(page.cells() for page in measured)]
    text = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    for database, size in dict.fromkeys((page.database, page.size) for page in measured):
        by_name = {page.page: page for page in measured if (page.database, page.size) == (database, size)}
        if "search, middling word" in by_name:
            pairs = zip(by_name["search, word in 40 %"].ours, by_name["search, middling word"].ours, strict=True)
            cliff = median(frequent.p95 / middling.p95 for frequent, middling in pairs)
            text += (
                f"\n\nA word in 40 % of {size:,} on {database}: its p95 is {cliff:.2f} times the middling word's"
                f" (bar {CLIFF})."
            )
    for database in dict.fromkeys(page.database for page in measured):
        lists = sorted(
            (page for page in measured if page.page == "practices" and page.database == database), key=lambda p: p.size
        )
        if len(lists) > 1:
            pairs = zip(lists[-1].ours, lists[0].ours, strict=True)
            growth = median(large.total / small.total for large, small in pairs)
            text += (
                f"\n\nThe list on {database} with {lists[-1].size:,} practices costs {growth:.2f} times as much as with"
                f" {lists[0].size:,} (bar {GROWTH})."
            )
    return text


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/bench", description="Pages beside their bare twins; or `scale` or `lag`, which have --help."
    )
    parser.add_argument("what", nargs="?", choices=[*PAGES, "all"], default="all")
    parser.add_argument("--database", choices=[*WARM, "all"], default="all")
    parser.add_argument("--sizes", default="10000,100000", help="how many practices, with commas between")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=100, help="a page, in each round")
    asked = parser.parse_args()
    asked.what = list(PAGES) if asked.what == "all" else [asked.what]
    asked.database = list(WARM) if asked.database == "all" else [asked.database]
    asked.sizes = [int(size) for size in asked.sizes.split(",")]
    return asked


if __name__ == "__main__":
    main()
