"""What the two database engines share: a search is one statement, with hits, total and facets.

Values of most facets stand as words in the text index, so that a word and a filter are answered at once; size and
freshness are told by the row and its district.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from portal.districts.models import District
from portal.search.engines import base
from portal.search.engines.base import EVERYTHING, UNDATED, Answer, Ask, Count, as_one, weighed
from portal.search.engines.sql import Sql
from portal.search.engines.table import COLUMNS, audiences_of, columns_shown, counted, row_of
from portal.search.facets import FACETS, Label, Place, facet_words, of_size, oldest
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
    among = "{column} IN ({rows})"
    """That a column has one of the values that a SELECT gives."""
    entries = "SELECT count(*) FROM search_entry"
    """About how many there are."""
    each = "json_each"
    """The rows of a JSON array of texts, as `value`."""
    scores_together = False
    """It tells itself what each of several terms says."""
    own_columns: tuple[str, ...] = ()
    """Columns that only this engine has."""
    all_of, any_of, but_not = " AND ", " OR ", " NOT "
    """Between the terms of an expression."""
    least, greatest, differs = "least", "greatest", "IS DISTINCT FROM"

    def __init__(self) -> None:
        self.visible = self.among.format(column="e.audience_id", rows="SELECT audience_id FROM mine")

    @abstractmethod
    def matching(self, expression: str, having: Having, but: Sequence[str] = ()) -> Sql:
        """FROM and WHERE of the entries `e` that match the engine's expression and have none of the words `but`; the
        condition ends open for AND."""

    @abstractmethod
    def has(self, words: list[str]) -> Sql:
        """That the entry `e` has one of the words that values of facets stand as."""

    @abstractmethod
    def term(self, term: Term, *, prefix: bool = False) -> str:
        """One term in the engine's own language, safe for any words.

        A beginning is looked for in what is short: in all texts the words that begin so are too many."""

    def beginning(self, term: Term) -> Sql:
        """That the entry `e` is called so, where the engine keeps beginnings apart from the other words."""
        return Sql("")

    @abstractmethod
    def score(self, ask: Ask, terms: Sequence[Term]) -> Sql:
        """How well a row that matches these answers by its words, more is better."""

    @abstractmethod
    def ahead(self, today: date) -> Sql:
        """Minus the days until the entry `e` is dated."""

    @abstractmethod
    def upsert(self, rows: Sequence[dict[str, Any]]) -> Sql:
        """A SELECT of all `COLUMNS`, of 1 for the version and of `own_columns`, from the rows as JSON."""

    # --- asking -------------------------------------------------------------------------------------------------------
    def find(self, ask: Ask) -> Answer:
        answer = Answer()
        for what, key, number, text, *rest in self.statement(ask).run():
            if what == "hit":
                answer.rows.append(row_of(key, number, text, *rest))
            elif what == "first":
                answer.first = number
            elif what == "total" and key:
                answer.totals[key] = number
            elif what == "total":
                answer.total = number
            elif number and key:
                answer.facets.setdefault(what, []).append(Count(key, text or "", number))
        answer.facets = {facet: as_one(facet, found) for facet, found in answer.facets.items()}
        return answer

    def statement(self, ask: Ask) -> Sql:
        """Hits, total and facets in one. A facet is counted under the other filters but not under its own."""
        own = [facet for facet in ask.counted if ask.filters.get(facet)]
        shared = [facet for facet in ask.counted if facet not in own]
        scored = not ask.newest_first
        parts = [Sql("mine AS (%s)", audiences_of(ask.keys))]
        hits = "SELECT others.*, 0 AS place FROM others"
        if ask.first:
            above = self._candidates(replace(ask, terms=ask.first, any_term=False), facets=shared, scored=scored)
            parts.append(Sql("above AS MATERIALIZED (%s)", above))
            hits = f"SELECT above.*, 1 AS place FROM above UNION ALL {hits}"
        others = self._candidates(ask, facets=shared, scored=scored, is_below=bool(ask.first))
        parts += [Sql("others AS MATERIALIZED (%s)", others), Sql(f"hits AS ({hits})")]
        for facet in own:
            found = self._candidates(ask, facets=[facet], but=facet)
            parts.append(Sql(f"by_{facet} AS MATERIALIZED (%s)", found))
        order = "place DESC, score DESC, id DESC" if ask.terms or ask.without else "score DESC, dated DESC, id DESC"
        order = "id DESC" if ask.newest_first else order
        page = f"page AS (SELECT id, score, dated, place FROM hits ORDER BY {order} LIMIT %s OFFSET %s)"
        parts.append(Sql(page, ask.limit, ask.offset))
        told = [
            f"""SELECT * FROM (
                SELECT 'hit', {", ".join(columns_shown(title_only=ask.prefix))}
                FROM page p JOIN search_entry e ON e.id = p.id
                LEFT JOIN districts_district d ON d.id = e.district_id
                ORDER BY {order.replace("dated", "p.dated").replace("id ", "p.id ")}
            ) AS shown""",
            f"SELECT 'total', NULL, count(*), NULL, {_NONE} FROM hits",
        ]
        told += [f"SELECT 'first', NULL, count(*), NULL, {_NONE} FROM above"] if ask.first else []
        told += [f"SELECT 'total', '{facet}', count(*), NULL, {_NONE} FROM by_{facet}" for facet in own]
        for facet in ask.counted:
            counts = counted(facet, f"by_{facet}" if facet in own else "hits", ask, self.each)
            told.append(f"SELECT '{facet}', value, n, label, {_NONE} FROM ({counts}) AS {facet}_counts")
        return Sql(f"WITH %s {' UNION ALL '.join(told)}", Sql.join(", ", parts))

    def expression(
        self, terms: Sequence[Term], without: Sequence[Term], *, any_term: bool, prefix: bool = False
    ) -> str:
        """The terms in the engine's own language; "" where there are none."""
        last = len(terms) - 1
        asked = (self.term(term, prefix=prefix and number == last) for number, term in enumerate(terms))
        wanted = (self.any_of if any_term else self.all_of).join(asked)
        if wanted and without:
            return f"({wanted}){self.but_not}({self.any_of.join(map(self.term, without))})"
        return wanted

    def _candidates(
        self, ask: Ask, *, facets: Sequence[str], but: str = "", scored: bool = False, is_below: bool = False
    ) -> Sql:
        """The newest rows that match, at most `CANDIDATES`, with what the counted facets are read from.

        The filter named `but` is left out, and, where these are below others, what stands above.
        """
        expression = self.expression(ask.terms, ask.without, any_term=ask.any_term, prefix=ask.prefix)
        filters = {facet: values for facet, values in ask.filters.items() if values and facet != but}
        columns = ", ".join(dict.fromkeys(["e.dated", *(f"e.{FACETS[facet].column}" for facet in facets)]))
        limits = self._limits(ask, filters)
        if not expression:
            return self._browse(ask, filters, columns, limits)
        if ask.prefix and not ask.any_term and (begins := self.beginning(ask.terms[-1])):
            limits += begins
            if not ask.without:
                expression = self.expression(ask.terms[:-1], (), any_term=False)
        having = [facet_words(facet, values) for facet, values in filters.items() if FACETS[facet].is_word]
        having += of_audience(ask.keys)
        unwanted = [word for facet, values in ask.excluded.items() for word in facet_words(facet, values)]
        room = Sql("%s", base.HASTY_CANDIDATES if ask.hasty else base.MOST_READ if ask.rarity else base.CANDIDATES)
        if is_below:
            limits += Sql(" AND e.id NOT IN (SELECT id FROM above)")
            room += Sql(" - (SELECT count(*) FROM above)")
        rise = self._rise(ask) if scored else Sql("")
        arms: list[Sql] = []
        for terms, weight, finds in self._together(ask):
            each = self.expression(terms, ask.without if finds else (), any_term=True)
            asked = each if ask.any_term or not finds else expression
            where = self.matching(asked, having, unwanted) if finds else self.matching(asked, [])
            limited = Sql(f" AND {self.visible}%s", limits) if finds else Sql("")
            found = Sql(f"%s%s ORDER BY {self.newest} LIMIT (%s)", where, limited, room)
            score = self.score(ask, terms) if scored else Sql("0")
            if not (ask.any_term or ask.raised):
                return self.scored(columns, Sql("(%s)%s", score, rise), found)
            if finds or scored:
                said = Sql(f"SELECT e.id, {weight} * (%s) AS said, {int(finds)} AS finds %s", score, found)
                arms.append(Sql(f"SELECT * FROM (%s) AS arm{len(arms)}", said))
        # What each arm says of the rows that one of them finds, added up; rounded, since the order in which it is added
        # would else decide between two that are as good.
        return Sql(
            f"SELECT e.id, {columns}, found.said%s AS score FROM"
            " (SELECT id, round(CAST(sum(said) AS numeric), 9) AS said FROM (%s) AS arms"
            " GROUP BY id HAVING max(finds) = 1) AS found JOIN search_entry e ON e.id = found.id",
            rise,
            Sql.join(" UNION ALL ", arms),
        )

    def _together(self, ask: Ask) -> list[tuple[list[Term], float, bool]]:
        """What is weighed, in groups that are scored at once: how much, and whether it finds or only lets rise."""
        groups: dict[tuple[float, bool, int], list[Term]] = {} if ask.any_term else {(1.0, True, -1): list(ask.terms)}
        for number, (term, weight, finds) in enumerate(weighed(ask)):
            groups.setdefault((weight, finds, 0 if self.scores_together else number), []).append(term)
        return [(terms, weight, finds) for (weight, finds, _), terms in groups.items()]

    def _rise(self, ask: Ask) -> Sql:
        """By what a score by words is multiplied."""
        newer = f"{self.greatest}(0.0, {self.least}(1.0, 1.0 - (%s) / {base.RECENT_DAYS}.0))"
        rise = Sql(f" * (1.0 + 0.2 * {newer} + 0.01 * {self.least}(e.popularity, 20))", self.ahead(ask.today))
        for kind, statuses in ask.sinking.items():
            over = Sql("e.kind = %s AND e.status IN (%s)", kind, Sql.join(", ", statuses))
            rise += Sql(f" * (CASE WHEN %s THEN {base.SINK_WEIGHT} ELSE 1.0 END)", over)
        if ask.weights:
            each = Sql.join(" ", (Sql("WHEN %s THEN %s", *pair) for pair in ask.weights.items()))
            rise += Sql(" * (CASE e.kind %s ELSE 1.0 END)", each)
        for weight, ids in ask.like.items():
            theirs = Sql("e.district_id IN (%s)", Sql.join(", ", ids))
            rise += Sql(" * (CASE WHEN %s THEN %s ELSE 1.0 END)", theirs, weight)
        return rise

    def scored(self, columns: str, score: Sql, found: Sql) -> Sql:
        """The candidates with their score, where the engine can tell it while it finds them."""
        return Sql(f"SELECT e.id, {columns}, %s AS score %s", score, found)

    def _limits(self, ask: Ask, filters: Mapping[str, Sequence[str]]) -> Sql:
        """What the row itself and its district tell: freshness, dates, size."""
        limits = Sql("")
        if first := oldest(filters.get("fresh", ()), ask.today):
            limits += Sql(" AND e.dated >= %s", first)
        if ask.after:
            limits += Sql(" AND e.dated >= %s", ask.after.isoformat())
        if ask.before:
            limits += Sql(" AND e.dated < %s AND e.dated > %s", ask.before.isoformat(), UNDATED.isoformat())
        if large := of_size(filters.get("size", ())):
            rows, params = District.objects.filter(large).order_by().values("pk").query.sql_with_params()
            limits += Sql(" AND " + self.among.format(column="e.district_id", rows=rows), *params)
        if ask.among:
            limits += Sql(" AND e.id IN (%s)", Sql.join(", ", ask.among))
        return limits

    def _has_value(self, facet: str, chosen: Sequence[str]) -> Sql:
        """That the entry `e` has one of the values; it may be null where the entry has none."""
        if isinstance(FACETS[facet], Label):
            return self.has(facet_words(facet, chosen))
        values = map(int, chosen) if isinstance(FACETS[facet], Place) else chosen
        return Sql(f"e.{FACETS[facet].column} IN (%s)", Sql.join(", ", values))

    def _browse(self, ask: Ask, filters: Mapping[str, Sequence[str]], columns: str, limits: Sql) -> Sql:
        """Everything, as `Ask` says: one row more than is counted. What lies ahead only where there is room for it."""
        for facet, chosen in filters.items():
            if FACETS[facet].is_word:
                limits += Sql(" AND %s", self._has_value(facet, chosen))
        for facet, values in ask.excluded.items():
            limits += Sql(" AND NOT COALESCE(%s, false)", self._has_value(facet, values))
        if ask.without:
            unwanted = self.matching(self.expression(ask.without, (), any_term=True), [])
            limits += Sql(" AND e.id NOT IN (SELECT e.id %s)", unwanted)
        rows = Sql(f"FROM search_entry e WHERE {self.visible}%s", limits)
        most = base.COUNT_LIMIT + 1
        if ask.newest_first:
            return Sql(f"SELECT e.id, {columns}, 0 AS score %s ORDER BY e.id DESC LIMIT %s", rows, most)
        today = ask.today.isoformat()
        return Sql(
            f"SELECT * FROM (SELECT e.id, {columns}, 0 AS score %s"
            " AND e.dated <= %s ORDER BY e.dated DESC, e.id DESC LIMIT %s) AS dated_till_today"
            f" UNION ALL SELECT * FROM (SELECT e.id, {columns}, %s AS score %s"
            " AND e.dated > %s ORDER BY e.dated, e.id LIMIT %s) AS ahead LIMIT %s",
            *(rows, today, most),
            *(self.ahead(ask.today), rows, today, most),
            most,
        )

    def counts(self, terms: Sequence[Term], keys: frozenset[str], most: int = base.MOST_COUNTED) -> list[int]:
        parts: list[Sql] = []
        for number, term in enumerate(terms):
            if term == EVERYTHING:
                parts.append(Sql(f"SELECT {number}, ({self.entries})"))
            else:
                where = self.matching(self.expression([term], (), any_term=False), of_audience(keys))
                few = Sql(f"SELECT 1 %s AND {self.visible} LIMIT %s", where, most)
                parts.append(Sql(f"SELECT {number}, count(*) FROM (%s) AS found", few))
        return [count for _number, count in sorted(self._told(keys, parts))]

    def there(self, words: Sequence[str], keys: frozenset[str]) -> set[str]:
        """Those of the words of facets that stand at anything this reader may see. One statement, none for no words."""
        seen = f"SELECT %s WHERE EXISTS (SELECT 1 FROM search_entry e WHERE {self.visible} AND %s)"
        return {word for (word,) in self._told(keys, [Sql(seen, word, self.has([word])) for word in words])}

    def _told(self, keys: frozenset[str], parts: Sequence[Sql]) -> list[tuple[Any, ...]]:
        """The rows of all parts, each about what a reader with these keys may see."""
        return Sql("WITH mine AS (%s) %s", audiences_of(keys), Sql.join(" UNION ALL ", parts)).run() if parts else []

    # --- writing ------------------------------------------------------------------------------------------------------
    def write(self, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Insert or update entries; a row that is the same already is left alone. One statement.

        Returns the object ids of those that were not there before.
        """
        if not rows:
            return []
        kept = [name for name in COLUMNS if name not in {"kind", "object_id"}]
        other = " OR ".join(f"search_entry.{name} {self.differs} excluded.{name}" for name in kept)
        written = Sql(
            f"INSERT INTO search_entry ({', '.join([*COLUMNS, 'version', *self.own_columns])})"
            " %s ON CONFLICT (kind, object_id) DO UPDATE SET version = search_entry.version + 1,"
            f" {', '.join(f'{name} = excluded.{name}' for name in [*kept, *self.own_columns])}"
            f" WHERE {other} RETURNING object_id, version",
            self.upsert(rows),
        )
        return [object_id for object_id, version in written.run() if version == 1]

    @abstractmethod
    def refresh_statistics(self) -> None:
        """After a rebuild: what the planner or the index needs to stay fast."""
