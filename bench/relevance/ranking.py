"""Runs in a process of its own on one database: fills it, asks every query, prints the rankings as JSON.

python -m bench.relevance.ranking demo            {"rankings": {query number: [document, ...]}}
python -m bench.relevance.ranking spelling        {"asked": ..., "found": ..., "suggested": ..., "slower": ...}
python -m bench.relevance.ranking spelling FILE   the same of a list: a line for each, mistyped and right, by a tab
python -m bench.relevance.ranking collection DIR  {"rankings": ...}
"""

from __future__ import annotations

import json
import random
import string
import sys
import time
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from statistics import quantiles
from typing import Any

from django.conf import settings
from django.core.management import call_command

import bench.ready  # noqa: F401
from bench.relevance import collection
from bench.relevance.judging import document_of, read_queries
from portal.districts.models import District, User
from portal.registry import EntryData, SearchSource, search_sources
from portal.search.asking.finding import find
from portal.search.asking.suggesting import suggest
from portal.search.engines import database_engine
from portal.search.entries import indexing
from portal.search.mirror import filling, shipping
from portal.search.models import AudienceWord, Entry
from portal.spelling import SHORTEST

BUILT_FOR = "2026-12-01"
DEPTH = 20
MISSPELLED = 1000
NOTES = SearchSource(
    kind="note",
    label="Notes",
    singular="Note",
    model=District,
    rows=District.objects.none,
    entries=lambda rows: [],
    urls=lambda ids: dict.fromkeys(ids, "/"),
)


def reader() -> User:
    """Somebody who sees everything and has no district of their own."""
    email = "bench@chapter.example"
    return User.objects.filter(email=email).first() or User.objects.create_superuser(email)


def build_demo() -> None:
    call_command("migrate", verbosity=0)
    if not District.objects.exists():
        call_command("build_demo", today=date.fromisoformat(BUILT_FOR), stdout=sys.stderr)
    _ship()


def _ship() -> None:
    """Elasticsearch, where it is asked, has all that the database has."""
    if settings.ELASTICSEARCH_HOSTS:
        filling.fill()
        shipping.ship_all()


def rank_demo() -> dict[str, Any]:
    build_demo()
    user = reader()
    dated = {tuple(pair): day for *pair, day in Entry.objects.values_list("kind", "object_id", "dated")}
    rankings = {}
    for query in read_queries():
        hits = find(query.text, user=user, per_page=DEPTH).hits
        rankings[query.number] = [document_of(h.kind, h.title, dated[h.kind, h.object_id]) for h in hits]
    return {"rankings": rankings}


def misspell(file: Path | None = None) -> dict[str, Any]:
    """Found is whose first page is the one of the right word; suggested where this word, or what it suggests, is.

    Of a list only what is right in the index, mistyped not in it, and both of four letters and more. `slower` is the
    95th percentile of the mistyped searches against that of the right ones, asked in turns.
    """
    build_demo()
    user = reader()
    known = set(AudienceWord.objects.values_list("word", flat=True))
    pairs = _in(file) if file else _at_random(sorted(word for word in known if word.isalpha()), known)
    asked = [(w, r) for w, r in pairs if r in known and w not in known and min(len(w), len(r)) >= SHORTEST]

    def page(text: str, times: list[float]) -> list[tuple[str, int]]:
        began = time.perf_counter()
        hits = find(text, user=user).hits
        times.append(time.perf_counter() - began)
        return [(hit.kind, hit.object_id) for hit in hits]

    right_titles = cache(lambda word: suggest(word, user=user).titles)
    missed, found, suggested = [], 0, 0
    of_wrong: list[float] = []
    of_right: list[float] = []
    for wrong, right in asked:
        is_found = page(wrong, of_wrong) == page(right, of_right)
        offered = suggest(wrong, user=user)
        found += is_found
        suggested += right in offered.words or (bool(offered.titles) and offered.titles == right_titles(right))
        if not is_found:
            missed.append(f"{wrong} ({right})")
    slower = quantiles(of_wrong, n=20)[-1] / quantiles(of_right, n=20)[-1]
    return {"asked": len(asked), "found": found, "suggested": suggested, "slower": slower, "missed": missed}


def _in(file: Path) -> list[tuple[str, str]]:
    """Mistyped and right of each line."""
    pairs = (line.lower().split("\t")[:2] for line in file.read_text().splitlines() if "\t" in line)
    return [(wrong, right) for wrong, right in pairs]


def _at_random(words: list[str], known: set[str]) -> list[tuple[str, str]]:
    """One letter added, lost, changed or swapped in words of the index. Only forms that are no word themselves."""
    chance = random.Random(1)
    pairs = []
    for word in [word for word in chance.sample(words, len(words)) if len(word) > SHORTEST][:MISSPELLED]:
        wrong = word
        while wrong in known:
            wrong = _edit(word, chance)
        pairs.append((wrong, word))
    return pairs


def _edit(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    letter = chance.choice(string.ascii_lowercase)
    what = chance.choice(["add", "lose", "change", "swap"])
    if what == "add":
        return word[:at] + letter + word[at:]
    if what == "lose":
        return word[:at] + word[at + 1 :]
    if what == "change":
        return word[:at] + letter + word[at + 1 :]
    return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


def rank_collection(folder: Path) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    search_sources.add(NOTES)
    wanted = collection.read(folder)
    if not Entry.objects.filter(kind="note").exists():
        _store(
            EntryData(number, title, body=text, audience=["public"])
            for number, (title, text) in wanted.documents.items()
        )
    _ship()
    user = reader()
    return {
        "rankings": {
            number: [str(hit.object_id) for hit in find(text, user=user, kinds=["note"]).hits]
            for number, text in enumerate(wanted.queries, 1)
        }
    }


def _store(entries: Iterable[EntryData]) -> None:
    indexing.store("note", list(entries))
    database_engine().refresh_statistics()


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    made = {"demo": rank_demo, "spelling": misspell, "collection": rank_collection}
    print(json.dumps(made[what](*map(Path, rest))))
