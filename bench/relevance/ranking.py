"""Runs in a process of its own on one database: fills it, asks every query, prints the rankings as JSON.

python -m bench.relevance.ranking demo            {"rankings": {query number: [document, ...]}}
python -m bench.relevance.ranking spelling        {"asked": ..., "found": ..., "missed": [...]}
python -m bench.relevance.ranking collection DIR  {"rankings": ...}
"""

from __future__ import annotations

import json
import random
import string
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

import bench.ready  # noqa: F401
from bench.relevance import collection
from bench.relevance.judging import document_of, read_queries
from portal import search
from portal.districts.models import District, User
from portal.registry import EntryData, SearchSource, search_sources
from portal.search import audiences, copying, indexing, shipping
from portal.search.engines import database_engine
from portal.search.models import Entry, NearWord

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
        copying.fill()
        shipping.ship_all()


def rank_demo() -> dict[str, Any]:
    build_demo()
    user = reader()
    dated = {tuple(pair): day for *pair, day in Entry.objects.values_list("kind", "object_id", "dated")}
    rankings = {}
    for query in read_queries():
        hits = search.find(query.text, user=user, per_page=DEPTH).hits
        rankings[query.number] = [document_of(h.kind, h.title, dated[h.kind, h.object_id]) for h in hits]
    return {"rankings": rankings}


def misspell() -> dict[str, Any]:
    """One letter added, lost, changed or swapped in words of the index; found is whose hits are those of the word.

    Only forms that are no word themselves.
    """
    build_demo()
    user = reader()
    chance = random.Random(1)
    words = sorted(word for word in set(NearWord.objects.values_list("word", flat=True)) if word.isalpha())
    known = set(words)
    asked = [word for word in chance.sample(words, len(words)) if len(word) >= 5][:MISSPELLED]
    missed = []
    for word in asked:
        wrong = word
        while wrong in known:
            wrong = _edit(word, chance)
        results, right = search.find(wrong, user=user), search.find(word, user=user)
        if [(h.kind, h.object_id) for h in results.hits] != [(h.kind, h.object_id) for h in right.hits]:
            missed.append(f"{wrong} ({word}): {results.corrected or 'nothing'}")
    return {"asked": len(asked), "found": len(asked) - len(missed), "missed": missed}


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
            number: [str(hit.object_id) for hit in search.find(text, user=user, kinds=["note"]).hits]
            for number, text in enumerate(wanted.queries, 1)
        }
    }


def _store(entries: Iterable[EntryData]) -> None:
    audiences.keep([["public"]])
    rows = [indexing.row_of("note", entry) for entry in entries]
    database_engine().write(rows)
    indexing.learn({word for row in rows for word in indexing.words_of(row)})
    database_engine().refresh_statistics()


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    made = {"demo": rank_demo, "spelling": misspell}
    print(json.dumps(made[what]() if what in made else rank_collection(Path(rest[0]))))
