"""The embedded engine: FTS5 with the porter stemmer and bm25, kept by triggers on the entry table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.search.engines.base import Ask
from portal.search.engines.database import DatabaseEngine, Having
from portal.search.engines.sql import Sql
from portal.search.engines.table import COLUMNS
from portal.search.text.query import Term
from portal.triggers import DatabaseObject, trigger

WORDS = ("title", "labels", "summary", "body", "extra")
TEXTS = (*WORDS, "marks")
WEIGHTS = "5.0, 3.0, 2.0, 1.0, 2.0, 0.0"
_NEW = ", ".join(f"new.{name}" for name in TEXTS)
_OLD = ", ".join(f"old.{name}" for name in TEXTS)
_LIST = ", ".join(TEXTS)
_TAKE_OUT = f"INSERT INTO search_words (search_words, rowid, {_LIST}) VALUES ('delete', old.id, {_OLD});"
_PUT_IN = f"INSERT INTO search_words (rowid, {_LIST}) VALUES (new.id, {_NEW});"
_CHANGED = " OR ".join(f"old.{name} IS NOT new.{name}" for name in TEXTS)


OBJECTS = [
    DatabaseObject(
        "search_words",
        sqlite=(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5({_LIST}, content='search_entry',"
            " content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')",
        ),
    ),
    trigger("search_words_insert", "AFTER INSERT", "search_entry", sqlite=f"BEGIN {_PUT_IN} END"),
    trigger("search_words_delete", "AFTER DELETE", "search_entry", sqlite=f"BEGIN {_TAKE_OUT} END"),
    trigger(
        "search_words_update",
        f"AFTER UPDATE OF {_LIST}",
        "search_entry",
        sqlite=f"WHEN {_CHANGED} BEGIN {_TAKE_OUT}{_PUT_IN} END",
    ),
]


def _phrase(words: Sequence[str], *, prefix: bool = False) -> str:
    return '"' + " ".join(words) + ('" *' if prefix else '"')


class SqliteEngine(DatabaseEngine):
    newest = "search_words.rowid DESC"
    scores_together = True
    least, greatest, differs = "min", "max", "IS NOT"

    def term(self, term: Term, *, prefix: bool = False) -> str:
        words = "(" + " OR ".join(_phrase(form, prefix=prefix) for form in term.every_form) + ")"
        return f"({{title labels extra}} : {words})" if prefix else words

    def matching(self, expression: str, having: Having, but: Sequence[str] = ()) -> Sql:
        filters = f" NOT marks : ({' OR '.join(but)})" if but else ""
        filters += "".join(f" AND marks : ({' OR '.join(words)})" for words in having)
        return Sql(
            "FROM search_words CROSS JOIN search_entry e ON e.id = search_words.rowid WHERE search_words MATCH %s",
            f"({{{' '.join(WORDS)}}} : ({expression})){filters}",
        )

    def has(self, words: list[str]) -> Sql:
        asked = f"marks : ({' OR '.join(words)})"
        return Sql("e.id IN (SELECT rowid FROM search_words WHERE search_words MATCH %s)", asked)

    def score(self, ask: Ask, terms: Sequence[Term]) -> Sql:
        return Sql(f"-bm25(search_words, {WEIGHTS})")

    def ahead(self, today: date) -> Sql:
        return Sql("julianday(%s) - julianday(e.dated)", today.isoformat())

    def upsert(self, rows: Sequence[dict[str, Any]]) -> Sql:
        values = ", ".join(f"json_extract(value, '$.{name}')" for name in COLUMNS)
        return Sql(f"SELECT {values}, 1 FROM json_each(%s) WHERE true", json.dumps(rows, ensure_ascii=False))

    def refresh_statistics(self) -> None:
        Sql("INSERT INTO search_words (search_words) VALUES ('optimize')").run()
        Sql("ANALYZE search_entry").run()
