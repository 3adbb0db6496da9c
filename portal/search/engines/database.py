"""What the two database engines share: a search is one statement, with hits, total and facets.

Values of most facets stand as words in the text index, so that a word and a filter are answered at once; size and
freshness are told by the row and its district.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import connection

from portal.search.engines import base
from portal.search.engines.base import (
    COUNT_LIMIT,
    EVERYTHING,
    HASTY_CANDIDATES,
    MOST_COUNTED,
    MOST_READ,
    SINK_WEIGHT,
    UNDATED,
    Answer,
    Ask,
    Count,
    as_one,
    weighed,
)
from portal.search.engines.table import COLUMNS, Sql, audiences_of, columns_shown, counted, placeholders, row_of
from portal.search.facets import FACETS, FRESH, SIZES, Label, Place, facet_words, since
from portal.search.text.query import Term

_NONE = ", ".join(["NULL"] * (len(columns_shown()) - 3))
"""After the value, count and label of a facet: as many columns as a hit has."""

Having = list[list[str]]
"""Words that values of facets stand as: one of each list must be there."""


def of_audience(keys: frozenset[str]) -> Having:
    """A visitor sees few of many entries, so the index had better pick them; members see most of what matches."""
    return [["public"]] if keys == {"public"} else []


class DatabaseEngine(ABC):
    """A search in the project's own database."""

    newest = "e.id DESC"
    visible = "e.audience_id IN (SELECT audience_id FROM mine)"
    among = "{column} IN ({rows})"
    """That a column has one of the values that a SELECT gives."""
    entries = "SELECT count(*) FROM search_entry"
    """About how many there are."""
    each = "json_each"
    """The rows of a JSON array of texts, as `value`."""
    scores_together = False
    """It tells itself what each of several terms says."""
    own_columns: tuple[str, ...] = ()
    """Columns that only this engine has; `upsert` selects them last."""

    @abstractmethod
    def matching(self, expression: str, having: Having, but: Sequence[str] = ()) -> Sql:
        """FROM and WHERE of the entries `e` that match the engine's expression and have none of the words `but`; the
        condition ends open for AND."""

    @abstractmethod
    def has(self, words: list[str]) -> Sql:
        """That the entry `e` has one of the words that values of facets stand as."""

    @abstractmethod
    def expression(
        self, terms: Sequence[Term], without: Sequence[Term], *, any_term: bool, prefix: bool = False
    ) -> str:
        """The terms in the engine's own language, safe for any words; "" where `terms` is empty."""

    def beginning(self, term: Term) -> Sql:
        """That the entry `e` is called so, where the engine keeps beginnings apart from the other words."""
        return "", []

    @abstractmethod
    def score(self, ask: Ask, terms: Sequence[Term]) -> Sql:
        """How well a row that matches these answers by its words, more is better."""

    @abstractmethod
    def newer(self, today: date) -> Sql:
        """0 to 1: how young the row is within `RECENT_DAYS`."""

    @abstractmethod
    def ahead(self, today: date) -> Sql:
        """Minus the days until the entry `e` is dated."""

    @abstractmethod
    def of_districts(self, ids: Sequence[int]) -> Sql:
        """That the entry `e` belongs to one of so many districts."""

    @abstractmethod
    def upsert(self, rows: str) -> Sql:
        """A SELECT of all `COLUMNS` from a JSON array of arrays."""

    # --- asking -------------------------------------------------------------------------------------------------------
    def find(self, ask: Ask) -> Answer:
        sql, params = self.statement(ask)
        answer = Answer()
        counts: list[tuple[str, Count]] = []
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            for what, key, number, text, *rest in cursor.fetchall():
                if what == "hit":
                    answer.rows.append(row_of(key, number, text, *rest))
                elif what == "first":
                    answer.first = (*answer.first, number)
                elif what == "total" and key:
                    answer.totals[key] = number
                elif what == "total":
                    answer.total = number
                elif number and key:
                    counts.append((what, Count(key, text or "", number)))
        for facet, count in counts:
            answer.facets.setdefault(facet, []).append(count)
        answer.facets = {facet: as_one(facet, found) for facet, found in answer.facets.items()}
        return answer

    def statement(self, ask: Ask) -> Sql:
        """Hits, total and facets in one. A facet is counted under the other filters but not under its own."""
        own = [facet for facet in ask.counted if ask.filters.get(facet)]
        shared = [facet for facet in ask.counted if facet not in own]
        mine, params = audiences_of(ask.keys)
        parts = [f"mine AS ({mine})"]
        legs = [replace(ask, terms=terms, any_term=False, first=()) for terms in ask.first]
        for number, leg in enumerate([*legs, ask]):
            found, found_params = self._candidates(leg, facets=shared, scored=not ask.newest_first, after=number)
            parts.append(f"leg{number} AS MATERIALIZED ({found})")
            params += found_params
        places = [f"SELECT leg{number}.*, {-number} AS place FROM leg{number}" for number in range(len(legs) + 1)]
        parts.append(f"hits AS ({' UNION ALL '.join(places)})")
        for facet in own:
            found, found_params = self._candidates(ask, facets=[facet], but=facet)
            parts.append(f"by_{facet} AS MATERIALIZED ({found})")
            params += found_params
        order = "place DESC, score DESC, id DESC" if ask.terms or ask.without else "score DESC, dated DESC, id DESC"
        order = "id DESC" if ask.newest_first else order
        parts.append(f"page AS (SELECT id, score, dated, place FROM hits ORDER BY {order} LIMIT %s OFFSET %s)")
        params += [ask.limit, ask.offset]
        counts = [f" UNION ALL SELECT 'first', NULL, count(*), NULL, {_NONE} FROM leg{n}" for n in range(len(legs))]
        counts += [f" UNION ALL SELECT 'total', '{facet}', count(*), NULL, {_NONE} FROM by_{facet}" for facet in own]
        for facet in ask.counted:
            sql, facet_params = counted(facet, f"by_{facet}" if facet in own else "hits", ask, self.each)
            counts.append(f" UNION ALL SELECT '{facet}', value, n, label, {_NONE} FROM ({sql}) AS {facet}_counts")
            params += facet_params
        sql = f"""
            WITH {", ".join(parts)}
            SELECT * FROM (
                SELECT 'hit', {", ".join(columns_shown(title_only=ask.prefix))}
                FROM page p JOIN search_entry e ON e.id = p.id
                LEFT JOIN districts_district d ON d.id = e.district_id
                ORDER BY {order.replace("dated", "p.dated").replace("id ", "p.id ")}
            ) AS shown
            UNION ALL SELECT 'total', NULL, count(*), NULL, {_NONE} FROM hits
            {"".join(counts)}
        """
        return sql, params

    def _candidates(
        self, ask: Ask, *, facets: Sequence[str], but: str = "", scored: bool = False, after: int = 0
    ) -> Sql:
        """The newest rows that match, at most `CANDIDATES`, with what the counted facets are read from.

        The filter named `but` is left out, and what stands in the first legs, `after` of them.
        """
        expression = self.expression(ask.terms, ask.without, any_term=ask.any_term, prefix=ask.prefix)
        filters = {facet: values for facet, values in ask.filters.items() if values and facet != but}
        columns = ", ".join(dict.fromkeys(["e.dated", *(f"e.{FACETS[facet].column}" for facet in facets)]))
        limits, limit_params = self._limits(ask, filters)
        matched = expression
        if ask.prefix and ask.terms and not ask.any_term:
            begins, begins_params = self.beginning(ask.terms[-1])
            limits, limit_params = limits + begins, [*limit_params, *begins_params]
            if begins and not ask.without:
                matched = self.expression(ask.terms[:-1], (), any_term=False)
        if not expression:
            return self._browse(ask, filters, columns, (limits, limit_params))
        having = [facet_words(facet, values) for facet, values in filters.items() if FACETS[facet].is_word]
        having += of_audience(ask.keys)
        unwanted = [word for facet, values in ask.excluded.items() for word in facet_words(facet, values)]
        limits += "".join(f" AND e.id NOT IN (SELECT id FROM leg{number})" for number in range(after))
        room = "%s" + "".join(f" - (SELECT count(*) FROM leg{number})" for number in range(after))
        most = HASTY_CANDIDATES if ask.hasty else MOST_READ if ask.rarity else base.CANDIDATES
        arms: list[Sql] = []
        for terms, weight, finds in self._together(ask):
            asked = (
                self.expression(terms, ask.without if finds else (), any_term=True)
                if ask.any_term or not finds
                else matched
            )
            where, params = self.matching(asked, *((having, unwanted) if finds else ([], ())))
            if finds:
                where, params = f"{where} AND {self.visible}{limits}", [*params, *limit_params]
            score, score_params = self.score(ask, terms) if scored else ("0", [])
            found: Sql = f"{where} ORDER BY {self.newest} LIMIT ({room})", [*params, most]
            if not (ask.any_term or ask.raised):
                rise, rise_params = self._rise(ask) if scored else ("", [])
                return self.scored(columns, (f"({score}){rise}", [*score_params, *rise_params]), found)
            if finds or scored:
                said = f"SELECT e.id, {weight} * ({score}) AS said, {int(finds)} AS finds {found[0]}"
                arms.append((f"SELECT * FROM ({said}) AS arm{len(arms)}", [*score_params, *found[1]]))
        return self._added(ask, columns, arms, scored=scored)

    def _added(self, ask: Ask, columns: str, arms: list[Sql], *, scored: bool) -> Sql:
        """What each arm says of the rows that one of them finds, added up."""
        rise, rise_params = self._rise(ask) if scored else ("", [])
        return (
            f"SELECT e.id, {columns}, found.said{rise} AS score FROM (SELECT id, sum(said) AS said"
            f" FROM ({' UNION ALL '.join(sql for sql, _ in arms)}) AS arms GROUP BY id HAVING max(finds) = 1) AS found"
            " JOIN search_entry e ON e.id = found.id",
            [*rise_params, *(param for _, params in arms for param in params)],
        )

    def _together(self, ask: Ask) -> list[tuple[list[Term], float, bool]]:
        """What is weighed, in groups that are scored at once: how much, and whether it finds or only lets rise."""
        groups: dict[tuple[float, bool, int], list[Term]] = {} if ask.any_term else {(1.0, True, -1): list(ask.terms)}
        for number, (term, weight, finds) in enumerate(weighed(ask)):
            groups.setdefault((weight, finds, 0 if self.scores_together else number), []).append(term)
        return [(terms, weight, finds) for (weight, finds, _), terms in groups.items()]

    def _rise(self, ask: Ask) -> Sql:
        """By what a score by words is multiplied."""
        newer, newer_params = self.newer(ask.today)
        popular = "CASE WHEN e.popularity < 20 THEN e.popularity ELSE 20 END"
        score = f" * (1.0 + 0.2 * {newer} + 0.01 * ({popular}))"
        params = [*newer_params]
        for kind, statuses in ask.sinking.items():
            over = f"e.kind = %s AND e.status IN ({placeholders(statuses)})"
            score += f" * (CASE WHEN {over} THEN {SINK_WEIGHT} ELSE 1.0 END)"
            params += [kind, *statuses]
        if ask.weights:
            score += f" * (CASE e.kind {' '.join(['WHEN %s THEN %s'] * len(ask.weights))} ELSE 1.0 END)"
            params += [part for pair in ask.weights.items() for part in pair]
        for weight, ids in ask.like.items():
            like, like_params = self.of_districts(ids)
            score += f" * (CASE WHEN {like} THEN %s ELSE 1.0 END)"
            params += [*like_params, weight]
        return score, params

    def scored(self, columns: str, score: Sql, found: Sql) -> Sql:
        """The candidates with their score, where the engine can tell it while it finds them."""
        return f"SELECT e.id, {columns}, {score[0]} AS score {found[0]}", [*score[1], *found[1]]

    def _limits(self, ask: Ask, filters: Mapping[str, Sequence[str]]) -> Sql:
        """What the row itself and its district tell: freshness, dates, size."""
        sql = ""
        params: list[Any] = []
        if days := [days for days in filters.get("fresh", ()) if days in FRESH]:
            sql += " AND e.dated >= %s"
            params.append(since(ask.today, max(days, key=int)))
        if ask.after:
            sql += " AND e.dated >= %s"
            params.append(ask.after.isoformat())
        if ask.before:
            sql += " AND e.dated < %s AND e.dated > %s"
            params += [ask.before.isoformat(), UNDATED.isoformat()]
        if bands := [SIZES[band] for band in filters.get("size", ()) if band in SIZES]:
            sizes = " OR ".join(f"enrollment >= {low} AND enrollment < {below}" for low, below, _words in bands)
            rows = f"SELECT id FROM districts_district WHERE {sizes}"
            sql += " AND " + self.among.format(column="e.district_id", rows=rows)
        if ask.among:
            sql += f" AND e.id IN ({placeholders(ask.among)})"
            params += ask.among
        return sql, params

    def _has_value(self, facet: str, chosen: Sequence[str]) -> Sql:
        """That the entry `e` has one of the values; it may be null where the entry has none."""
        if isinstance(FACETS[facet], Label):
            return self.has(facet_words(facet, chosen))
        values: list[Any] = [int(value) for value in chosen] if isinstance(FACETS[facet], Place) else list(chosen)
        return f"e.{FACETS[facet].column} IN ({placeholders(values)})", values

    def _browse(self, ask: Ask, filters: Mapping[str, Sequence[str]], columns: str, limits: Sql) -> Sql:
        """Everything, as `Ask` says: one row more than is counted. What lies ahead only where there is room for it."""
        sql, params = limits
        for facet, chosen in filters.items():
            if FACETS[facet].is_word:
                has, has_params = self._has_value(facet, chosen)
                sql += f" AND {has}"
                params = [*params, *has_params]
        for facet, values in ask.excluded.items():
            has, has_params = self._has_value(facet, values)
            sql += f" AND NOT COALESCE({has}, false)"
            params = [*params, *has_params]
        if ask.without:
            where, without_params = self.matching(self.expression(ask.without, (), any_term=True), [])
            sql += f" AND e.id NOT IN (SELECT e.id {where})"
            params = [*params, *without_params]
        rows = f"FROM search_entry e WHERE {self.visible}{sql}"
        most = COUNT_LIMIT + 1
        if ask.newest_first:
            return f"SELECT e.id, {columns}, 0 AS score {rows} ORDER BY e.id DESC LIMIT %s", [*params, most]
        today = ask.today.isoformat()
        days, days_params = self.ahead(ask.today)
        sql = (
            f"SELECT * FROM (SELECT e.id, {columns}, 0 AS score {rows}"
            " AND e.dated <= %s ORDER BY e.dated DESC, e.id DESC LIMIT %s) AS dated_till_today"
            f" UNION ALL SELECT * FROM (SELECT e.id, {columns}, {days} AS score {rows}"
            " AND e.dated > %s ORDER BY e.dated, e.id LIMIT %s) AS ahead LIMIT %s"
        )
        return sql, [*params, today, most, *days_params, *params, today, most, most]

    def counts(self, terms: Sequence[Term], keys: frozenset[str], most: int = MOST_COUNTED) -> list[int]:
        if not terms:
            return []
        mine, params = audiences_of(keys)
        parts: list[str] = []
        for number, term in enumerate(terms):
            if term == EVERYTHING:
                parts.append(f"SELECT {number}, ({self.entries})")
                continue
            where, term_params = self.matching(self.expression([term], (), any_term=False), of_audience(keys))
            parts.append(f"SELECT {number}, count(*) FROM (SELECT 1 {where} AND {self.visible} LIMIT %s) AS found")
            params += [*term_params, most]
        with connection.cursor() as cursor:
            cursor.execute(f"WITH mine AS ({mine}) {' UNION ALL '.join(parts)}", params)
            found = dict(cursor.fetchall())
        return [found[number] for number in range(len(terms))]

    def there(self, words: Sequence[str], keys: frozenset[str]) -> set[str]:
        """Those of the words of facets that stand at anything this reader may see. One statement, none for no words."""
        if not words:
            return set()
        mine, params = audiences_of(keys)
        parts: list[str] = []
        for word in words:
            has, has_params = self.has([word])
            parts.append(f"SELECT %s WHERE EXISTS (SELECT 1 FROM search_entry e WHERE {self.visible} AND {has})")
            params += [word, *has_params]
        with connection.cursor() as cursor:
            cursor.execute(f"WITH mine AS ({mine}) {' UNION ALL '.join(parts)}", params)
            return {row[0] for row in cursor.fetchall()}

    # --- writing ------------------------------------------------------------------------------------------------------
    def write(self, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Insert or update entries; a row that is the same already is left alone. One statement.

        Returns the object ids of those that were not there before.
        """
        if not rows:
            return []
        source, params = self.upsert(json.dumps([self.values(row) for row in rows], ensure_ascii=False))
        kept = [name for name in COLUMNS if name not in {"kind", "object_id"}]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO search_entry ({', '.join([*COLUMNS, 'version', *self.own_columns])})"
                f" {source} ON CONFLICT (kind, object_id) DO UPDATE SET version = search_entry.version + 1,"
                f" {', '.join(f'{name} = excluded.{name}' for name in [*kept, *self.own_columns])}"
                f" WHERE {' OR '.join(self.differs(name) for name in kept)} RETURNING object_id, version",
                params,
            )
            return [object_id for object_id, version in cursor.fetchall() if version == 1]

    def values(self, row: dict[str, Any]) -> list[Any]:
        """What `upsert` gets of a row, in order."""
        return [row[name] for name in COLUMNS]

    @abstractmethod
    def differs(self, column: str) -> str: ...

    @abstractmethod
    def refresh_statistics(self) -> None:
        """After a rebuild: what the planner or the index needs to stay fast."""
