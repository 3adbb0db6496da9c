"""What every engine answers, and the SQL that the two database engines share.

A search is one statement. It takes the newest `CANDIDATES` rows that match and that the reader may see, scores only
those, and counts the total and the facets among them: so a word in half of all entries costs little more than one in a
few thousand, and nothing is counted that the reader may not see.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.db import connection

from portal.search.query import Term

COUNT_LIMIT = 1000
CANDIDATES = 4000
COMMON = 2000
"""A word in more entries than this says nothing beside a rarer one."""
RECENT_DAYS = 1095
FACETS = ("kind", "tag", "county", "district", "product", "status", "size", "fresh")
"""What results can be filtered by and are counted under. Values are texts, as in an address: a kind; a tag or product
as written; the number of a county or district; a status; a band of `SIZES`; days of `FRESH`."""
SIZES = {
    "under-500": (0, 500),
    "500-999": (500, 1000),
    "1000-2499": (1000, 2500),
    "2500-4999": (2500, 5000),
    "5000-9999": (5000, 10_000),
    "10000-up": (10_000, 10_000_000),
}
"""Bands of a district's enrollment: from, and below."""
FRESH = ("31", "366", "1096")
"""Dated at most so many days ago; each holds the ones before it."""
COLUMNS = {
    "kind": "text",
    "object_id": "bigint",
    "audience_id": "bigint",
    "county_id": "bigint",
    "district_id": "bigint",
    "dated": "date",
    "popularity": "integer",
    "status": "text",
    "title": "text",
    "summary": "text",
    "tags": "jsonb",
    "products": "jsonb",
    "labels": "text",
    "extra": "text",
    "marks": "text",
    "body": "text",
}
"""What is written of an entry, in order, with PostgreSQL's types."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to an engine. No terms at all means everything, newest first."""

    keys: frozenset[str]
    today: date
    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    any_term: bool = False
    """Rows with one of the terms are enough."""
    prefix: bool = False
    """The last term is the beginning of a word: somebody is still typing."""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Chosen values by facet, of which a row must have one each."""
    after: date | None = None
    """Only what is dated on this day or later."""
    before: date | None = None
    """Only what is dated earlier than this day."""
    like: tuple[int, ...] = ()
    """Districts like the reader's: what is theirs rises."""
    counted: tuple[str, ...] = ("kind", "county")
    """The facets to count; none while somebody is still typing."""
    offset: int = 0
    limit: int = 20


@dataclass(slots=True)
class Row:
    """A hit as the engine knows it; texts are plain."""

    kind: str
    object_id: int
    title: str
    summary: str
    labels: str
    body: str
    district: str
    enrollment: int | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many hits have this value of a facet, under the filters of the other facets."""

    value: str
    label: str
    """What the engine knows to show; "" where only the source or the facet itself has the words."""
    count: int


@dataclass(slots=True)
class Answer:
    total: int = 0
    """At most `COUNT_LIMIT + 1`, which says that there are more."""
    rows: list[Row] = field(default_factory=list)
    facets: dict[str, list[Count]] = field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        """Also under other values of the filters."""
        return not (self.total or any(self.facets.values()))


class Engine(Protocol):
    """The seat of an engine. `find` and `counts` cost one request to the engine each."""

    def find(self, ask: Ask) -> Answer: ...

    def counts(self, terms: Sequence[Term], keys: frozenset[str]) -> list[int]:
        """For each term how many entries this reader may find by it alone, at most `COMMON + 1`."""
        ...


Sql = tuple[str, list[Any]]
Marks = list[list[str]]
"""One mark of each list must be there."""


def mark(facet: str, value: object) -> str:
    """The word that stands in `marks` for a value of a filter; letters and digits only."""
    return facet + "".join(sign for sign in str(value).lower() if sign.isalnum())


def of_audience(keys: frozenset[str]) -> Marks:
    """A visitor sees few of many entries, so the index had better pick them; members see most of what matches."""
    return [["public"]] if keys == {"public"} else []


def placeholders(values: Iterable[Any]) -> str:
    return ", ".join(["%s"] * len(list(values)))


class DatabaseEngine(ABC):
    """A search in the project's own database."""

    newest = "e.id DESC"
    visible = "e.audience_id IN (SELECT audience_id FROM mine)"
    own_columns: tuple[str, ...] = ()
    """Columns that only this engine has; `upsert` selects them last."""

    @abstractmethod
    def matching(self, expression: str, marks: Marks) -> Sql:
        """FROM and WHERE of the entries `e` that match the engine's expression; the condition ends open for AND."""

    @abstractmethod
    def expression(self, terms: Sequence[Term], without: Sequence[Term], *, any_term: bool) -> str:
        """The terms in the engine's own language, safe for any words; "" where `terms` is empty."""

    @abstractmethod
    def score(self, expression: str) -> Sql:
        """How well a matching row answers, more is better."""

    @abstractmethod
    def newer(self, today: date) -> Sql:
        """0 to 1: how young the row is within `RECENT_DAYS`."""

    @abstractmethod
    def upsert(self, rows: str) -> Sql:
        """A SELECT of all `COLUMNS` from a JSON array of arrays."""

    @abstractmethod
    def unknown_words(self, words: str) -> Sql:
        """A SELECT of `value` from a JSON array of words."""

    @abstractmethod
    def add_near_words(self, pairs: str) -> Sql:
        """A SELECT of key and word from a JSON array of pairs."""

    def find(self, ask: Ask) -> Answer:
        sql, params = self.statement(ask)
        answer = Answer()
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            for what, key, number, *rest in cursor.fetchall():
                if what == "hit":
                    answer.rows.append(Row(key, number, *rest))
                elif what == "total":
                    answer.total = number
                else:
                    answer.facets.setdefault(what, []).append(Count(key, rest[0] or "", number))
        return answer

    def statement(self, ask: Ask) -> Sql:
        """Hits, total and facets in one. A facet is counted under the other filters but not under its own."""
        expression = self.expression(ask.terms, ask.without, any_term=ask.any_term)
        kinds = [[mark("kind", kind) for kind in ask.filters["kind"]]] if ask.filters.get("kind") else []
        counties = [[mark("county", pk) for pk in ask.filters["county"]]] if ask.filters.get("county") else []
        mine = f"mine AS (SELECT audience_id FROM search_audiencekey WHERE key IN ({placeholders(ask.keys)}))"
        parts = [mine]
        params: list[Any] = sorted(ask.keys)
        hits, hit_params = self._candidates(ask, expression, kinds + counties, scored=True)
        parts.append(f"hits AS MATERIALIZED ({hits})")
        params += hit_params
        kinds_from = counties_from = "hits"
        if kinds:
            base, base_params = self._candidates(ask, expression, counties, scored=False)
            parts.append(f"by_kind AS MATERIALIZED ({base})")
            params += base_params
            kinds_from = "by_kind"
        if counties:
            base, base_params = self._candidates(ask, expression, kinds, scored=False)
            parts.append(f"by_county AS MATERIALIZED ({base})")
            params += base_params
            counties_from = "by_county"
        order = "score DESC, id DESC" if expression else "dated DESC, id DESC"
        parts.append(f"page AS (SELECT id, score, dated FROM hits ORDER BY {order} LIMIT %s OFFSET %s)")
        params += [ask.limit, ask.offset]
        none = ", ".join(["NULL"] * 6)
        sql = f"""
            WITH {", ".join(parts)}
            SELECT * FROM (
                SELECT 'hit' AS what, e.kind AS key, e.object_id AS number, e.title, e.summary, e.labels,
                       substr(e.body, 1, 6000) AS body, d.short_name AS district, d.enrollment
                FROM page p JOIN search_entry e ON e.id = p.id
                LEFT JOIN districts_district d ON d.id = e.district_id
                ORDER BY {order.replace("dated", "p.dated").replace("id ", "p.id ")}
            ) AS shown
            UNION ALL SELECT 'total', NULL, count(*), {none} FROM hits
            UNION ALL SELECT 'kind', kind, count(*), {none} FROM {kinds_from} GROUP BY kind
            UNION ALL SELECT 'county', CAST(c.id AS text), n, c.name, NULL, NULL, NULL, NULL, NULL
            FROM (SELECT county_id, count(*) AS n FROM {counties_from} GROUP BY county_id) AS counted
            JOIN districts_county c ON c.id = counted.county_id
        """
        return sql, params

    def _candidates(self, ask: Ask, expression: str, marks: Marks, *, scored: bool) -> Sql:
        """The newest rows that match, at most `CANDIDATES`."""
        if not expression:
            return self._browse(ask, marks)
        where, params = self.matching(expression, marks + of_audience(ask.keys))
        found: Sql = (f"{where} AND {self.visible} ORDER BY {self.newest} LIMIT %s", [*params, CANDIDATES])
        if not scored:
            return f"SELECT e.id, e.kind, e.county_id, e.dated, 0 AS score {found[0]}", found[1]
        score, score_params = self.score(expression)
        newer, newer_params = self.newer(ask.today)
        popular = "CASE WHEN e.popularity < 20 THEN e.popularity ELSE 20 END"
        score = f"({score}) * (1.0 + 0.2 * {newer} + 0.01 * ({popular}))"
        return self.scored((score, [*score_params, *newer_params]), found)

    def scored(self, score: Sql, found: Sql) -> Sql:
        """The candidates with their score, where the engine can tell it while it finds them."""
        return (
            f"SELECT e.id, e.kind, e.county_id, e.dated, {score[0]} AS score {found[0]}",
            [*score[1], *found[1]],
        )

    def _browse(self, ask: Ask, marks: Marks) -> Sql:
        """Everything, newest first: one row more than is counted."""
        limits = ""
        params: list[Any] = []
        for words in marks:
            column = "kind" if words[0].startswith("kind") else "county_id"
            values: list[Any] = (
                list(ask.filters["kind"]) if column == "kind" else [int(pk) for pk in ask.filters["county"]]
            )
            limits += f" AND e.{column} IN ({placeholders(values)})"
            params += values
        if ask.without:
            where, without_params = self.matching(self.expression(ask.without, (), any_term=True), [])
            limits += f" AND e.id NOT IN (SELECT e.id {where})"
            params += without_params
        return (
            f"SELECT e.id, e.kind, e.county_id, e.dated, 0 AS score FROM search_entry e WHERE {self.visible}{limits}"
            " ORDER BY e.dated DESC, e.id DESC LIMIT %s",
            [*params, COUNT_LIMIT + 1],
        )

    def counts(self, terms: Sequence[Term], keys: frozenset[str]) -> list[int]:
        if not terms:
            return []
        mine = f"WITH mine AS (SELECT audience_id FROM search_audiencekey WHERE key IN ({placeholders(keys)}))"
        parts: list[str] = []
        params: list[Any] = sorted(keys)
        for number, term in enumerate(terms):
            where, term_params = self.matching(self.expression([term], (), any_term=False), of_audience(keys))
            parts.append(f"SELECT {number}, count(*) FROM (SELECT 1 {where} AND {self.visible} LIMIT %s) AS found")
            params += [*term_params, COMMON + 1]
        with connection.cursor() as cursor:
            cursor.execute(f"{mine} {' UNION ALL '.join(parts)}", params)
            found = dict(cursor.fetchall())
        return [found[number] for number in range(len(terms))]

    def write(self, rows: Sequence[dict[str, Any]]) -> None:
        """Insert or update entries; a row that is the same already is left alone. One statement."""
        if not rows:
            return
        source, params = self.upsert(json.dumps([self.values(row) for row in rows], ensure_ascii=False))
        kept = [name for name in COLUMNS if name not in {"kind", "object_id"}]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO search_entry ({', '.join([*COLUMNS, 'version', 'indexed_version', *self.own_columns])})"
                f" {source} ON CONFLICT (kind, object_id) DO UPDATE SET version = search_entry.version + 1,"
                f" {', '.join(f'{name} = excluded.{name}' for name in [*kept, *self.own_columns])}"
                f" WHERE {' OR '.join(self.differs(name) for name in kept)}",
                params,
            )

    def values(self, row: dict[str, Any]) -> list[Any]:
        """What `upsert` gets of a row, in order."""
        return [row[name] for name in COLUMNS]

    @abstractmethod
    def differs(self, column: str) -> str: ...

    @abstractmethod
    def refresh_statistics(self) -> None:
        """After a rebuild: what the planner or the index needs to stay fast."""
