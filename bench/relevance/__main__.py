"""How well each engine answers. `script/bench relevance` starts this.

script/bench relevance                        nDCG@10 and top-3 hits of the judged queries, and misspellings
script/bench relevance --misspellings FILE    of a list of real ones, those that find what the right word finds
script/bench relevance --pool FILE            what to judge: the first 20 of every engine and some at random
script/bench relevance --collection FOLDER    nDCG@10 over a test collection in the SMART format
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

from bench.databases import FOLDER
from bench.relevance import collection, judging
from portal.search.text.words import STOP_WORDS, parts

BARS = {"gain": 0.80, "early": 0.90, "spelling": 0.85, "slower": 1.5}
AT_RANDOM = 5
AT_LEAST = 12
DATABASE = "roundtable_relevance"
ENGINES = ("sqlite", "postgresql", "elasticsearch")


def main() -> None:
    asked = _arguments()
    if asked.pool:
        _pool(asked.pool, asked.engine)
    elif asked.misspellings:
        _spelling(asked.engine, str(asked.misspellings.resolve()))
    elif asked.collection:
        _collection(asked.collection, asked.engine)
    else:
        _report(asked.engine)


def _report(engines: Sequence[str]) -> None:
    queries, judged = judging.read_queries(), judging.read_judgements()
    parts_of = {
        "tuned on": [q for q in queries if not q.is_reported],
        "reported": [q for q in queries if q.is_reported],
        **{kind: [q for q in queries if q.kind == kind] for kind in dict.fromkeys(q.kind for q in queries)},
    }
    print("| engine | queries | number | nDCG@10 | of the floor | good hit in the first 3 | unjudged in the first 10 |")
    print("|---|---|---|---|---|---|---|")
    floor = _loosely(queries) if "sqlite" in engines and _run("sqlite", "demo") else {}
    for engine in engines:
        rankings = {int(number): found for number, found in _run(engine, "demo")["rankings"].items()}
        for name, some in parts_of.items():
            found = judging.quality(rankings, judged, some)
            least = judging.quality(floor, judged, some).gain if floor else 0
            print(
                f"| {engine} | {name} | {found.queries} | {found.gain:.3f}"
                f" | {f'{found.gain / least:.2f} x {least:.3f}' if least else ''} | {found.early:.0%}"
                f" | {found.unjudged:.1f} |",
                flush=True,
            )
    print(f"\nBars: nDCG@10 {BARS['gain']}, good hit in the first three {BARS['early']:.0%}.\n")
    _spelling(engines)


def _spelling(engines: Sequence[str], *file: str) -> None:
    for engine in engines:
        said = _run(engine, "spelling", *file)
        print(
            f"{engine}: of {said['asked']:,} misspelled words {said['found'] / said['asked']:.1%} find what the word"
            f" finds, and for {said['suggested'] / said['asked']:.1%} it is suggested (bar {BARS['spelling']:.0%});"
            f" their p95 is {said['slower']:.2f} times the right words' (bar {BARS['slower']})",
            flush=True,
        )


def _pool(path: Path, engines: Sequence[str]) -> None:
    """A CSV of query and document, without saying which engine found it or how high."""
    queries = judging.read_queries()
    found: dict[int, set[str]] = {query.number: set() for query in queries}
    for engine in engines:
        for number, documents in _run(engine, "demo")["rankings"].items():
            found[int(number)].update(documents)
    for number, documents in _loosely(queries).items():
        found[number].update(documents)
    everything = sorted(set().union(*found.values()))
    chance = random.Random(1)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["query", "document", "grade"])
        for query in queries:
            pool = sorted(found[query.number] | set(chance.sample(everything, AT_RANDOM)))
            writer.writerows([query.number, document, ""] for document in pool)


def _loosely(queries: Sequence[judging.Query]) -> dict[int, list[str]]:
    """What has any of a query's words, by plain FTS5: what no engine of ours may find is judged too."""
    database = sqlite3.connect(_database("sqlite", "demo").removeprefix("sqlite:///"))
    rows = database.execute("SELECT kind, title, dated, summary || ' ' || labels || ' ' || body FROM search_entry")
    documents = {}
    names = {}
    for number, (kind, title, dated, text) in enumerate(rows, 1):
        documents[number] = (title, text)
        names[str(number)] = judging.document_of(kind, title, dated)
    found = _plain(collection.Collection(documents, [query.text for query in queries]))
    return {
        query.number: [names[number] for number in ranking[:AT_LEAST]]
        for query, ranking in zip(queries, found.values(), strict=True)
    }


def _collection(folder: Path, engines: Sequence[str]) -> None:
    wanted = collection.read(folder)
    queries = [judging.Query(number, "natural", text) for number, text in enumerate(wanted.queries, 1)]
    floor = judging.quality(_plain(wanted), wanted.relevant, queries).gain
    print(f"plain FTS5, the floor: {floor:.3f}")
    for engine in engines:
        said = _run(engine, "collection", str(folder.resolve()))["rankings"]
        rankings = {int(number): found for number, found in said.items()}
        gain = judging.quality(rankings, wanted.relevant, queries).gain
        print(f"{engine}: nDCG@10 {gain:.3f}, {gain / floor:.2f} of the floor (bar 1.00)", flush=True)


def _plain(wanted: collection.Collection) -> dict[int, list[str]]:
    """FTS5 as it comes: porter stems, titles twice as heavy, any word but stop words."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE words USING fts5(title, body, tokenize='porter unicode61')")
    database.executemany(
        "INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)",
        [(number, title, body) for number, (title, body) in wanted.documents.items()],
    )
    rankings = {}
    for number, text in enumerate(wanted.queries, 1):
        words = [word for word in dict.fromkeys(parts(text)) if word not in STOP_WORDS]
        rows = database.execute(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, 2.0, 1.0) LIMIT 20",
            [" OR ".join(f'"{word}"' for word in words)],
        )
        rankings[number] = [str(row[0]) for row in rows]
    return rankings


def _run(engine: str, *arguments: str) -> dict[str, Any]:
    """What `bench.relevance.ranking` prints on a database of its own for that engine."""
    content = "collection" if arguments[0] == "collection" else "demo"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
        "DATABASE_URL": _database(engine, content),
    }
    if engine == "elasticsearch":
        environment |= {"ELASTICSEARCH_INDEX": f"relevance-{content}", "ELASTICSEARCH_TIMEOUT": "20"}
    else:
        environment["ELASTICSEARCH_URL"] = ""
    done = subprocess.run(
        [sys.executable, "-m", "bench.relevance.ranking", *arguments], env=environment, stdout=subprocess.PIPE
    )
    if done.returncode:
        sys.exit(f"The rankings of {engine} failed: see the message above.")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _database(engine: str, content: str) -> str:
    """An empty or already filled database. The contents of a demo change with its texts: delete it to build anew."""
    name = f"{DATABASE}_{content}"
    if engine != "postgresql":
        FOLDER.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{FOLDER}/{name}-{engine}.sqlite3"
    server = os.environ["DATABASE_URL"]
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    connection.close()
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench relevance")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="all three by default")
    parser.add_argument("--misspellings", type=Path)
    parser.add_argument("--pool", type=Path)
    parser.add_argument("--collection", type=Path)
    asked = parser.parse_args()
    asked.engine = asked.engine or list(ENGINES)
    return asked


if __name__ == "__main__":
    main()
