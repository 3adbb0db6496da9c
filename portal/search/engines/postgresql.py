"""The engine on PostgreSQL: a weighted tsvector with GIN, written with the entry, and a tuned rank.

Its text configuration stems like `english` but keeps stop words (`query` drops those that say nothing): "IT" is a
word here, and phrases match as typed.
"""

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
from portal.search.text.words import parts
from portal.triggers import DatabaseObject

RANK_WEIGHTS = "{0.25, 0.4, 0.6, 0.7}"
"""Of body, summary, labels with other spellings, title."""
ENOUGH = 0.5
"""The rank at which a term counts half of what it can."""
SHORT, LONG = 0.35, 250
"""A rank is divided by `SHORT` and one more for every `LONG` different words: a long text has every word sooner."""
NAMED = 0.2
"""What a term counts more where it stands in the title: what is called by more of the words rises."""

_QUERY = "to_tsquery('portal_words', %s)"
TEXTS = {"title": "A", "labels": "B", "extra": "B", "summary": "C", "body": "D"}


OBJECTS = [
    DatabaseObject(
        "search_entry_vector",
        postgresql=(
            """DO $$ BEGIN
                IF NOT EXISTS (SELECT 1 FROM pg_ts_dict WHERE dictname = 'portal_stem') THEN
                    CREATE TEXT SEARCH DICTIONARY portal_stem (TEMPLATE = snowball, Language = english);
                END IF;
                IF NOT EXISTS (SELECT 1 FROM pg_ts_config WHERE cfgname = 'portal_words') THEN
                    CREATE TEXT SEARCH CONFIGURATION portal_words (COPY = simple);
                    ALTER TEXT SEARCH CONFIGURATION portal_words
                        ALTER MAPPING FOR asciiword, word WITH portal_stem;
                END IF;
            END $$""",
            "ALTER TABLE search_entry ADD COLUMN IF NOT EXISTS vector tsvector",
            # Ranking reads the vector of every candidate: it stays in the row, and the texts go elsewhere.
            "ALTER TABLE search_entry ALTER COLUMN vector SET STORAGE MAIN",
            "CREATE INDEX IF NOT EXISTS search_entry_vector ON search_entry USING gin (vector)",
            # What somebody who is still typing may mean: few words, so that all that begin so are soon read.
            "ALTER TABLE search_entry ADD COLUMN IF NOT EXISTS names tsvector GENERATED ALWAYS AS"
            " (to_tsvector('portal_words', regexp_replace(title || ' ' || labels || ' ' || extra, '[^[:alnum:]]+', ' ',"
            " 'g'))) STORED",
            "CREATE INDEX IF NOT EXISTS search_entry_names ON search_entry USING gin (names)",
        ),
    ),
]


def _phrase(words: Sequence[str], within: str) -> str:
    return "(" + " <-> ".join(f"'{word}'{within}" for word in words) + ")"


def _any(words: Sequence[str]) -> str:
    return "(" + " | ".join(f"'={word}'" for word in words) + ")"


class PostgresqlEngine(DatabaseEngine):
    # In COALESCE, because the planner otherwise takes it for one row in a hundred and reads every match of a common
    # word instead of the newest few.
    among = "COALESCE({column} = ANY (ARRAY({rows})), false)"
    entries = (
        "SELECT CASE WHEN reltuples >= 10000 THEN reltuples::bigint ELSE (SELECT count(*) FROM search_entry) END"
        " FROM pg_class WHERE oid = 'search_entry'::regclass"
    )
    each = "jsonb_array_elements_text"
    own_columns = ("vector",)
    all_of, any_of, but_not = " & ", " | ", " & !"

    def term(self, term: Term, *, prefix: bool = False, within: str = "") -> str:
        """Anywhere, or `within` the texts of some weights."""
        within = ":*AB" if prefix else f":{within}" if within else ""
        return "(" + " | ".join(_phrase(form, within) for form in term.every_form) + ")"

    def matching(self, expression: str, having: Having, but: Sequence[str] = ()) -> Sql:
        asked = [Sql(_QUERY, expression)] if expression else []
        if having:
            asked.append(Sql("%s::tsquery", " & ".join(_any(words) for words in having)))
        if but:
            asked.append(Sql("!!(%s::tsquery)", _any(but)))
        condition = Sql("e.vector @@ (%s)", Sql.join(" && ", asked)) if asked else Sql("true")
        return Sql("FROM search_entry e WHERE %s", condition)

    def has(self, words: list[str]) -> Sql:
        return Sql("e.vector @@ %s::tsquery", _any(words))

    def beginning(self, term: Term) -> Sql:
        return Sql(f" AND e.names @@ {_QUERY}", self.term(term, prefix=True).replace(":*AB", ":*"))

    def score(self, ask: Ask, terms: Sequence[Term]) -> Sql:
        """Each term's rank, which says less and less the more often it stands there, times what the term says.

        In a long text it says less, as with bm25.
        """
        length = f"({SHORT} + length(e.vector) / {LONG}.0)"
        rank = (
            f"(1 - {ENOUGH} / ((%s) / {length} + {ENOUGH}) + CASE WHEN e.vector @@ {_QUERY} THEN {NAMED} ELSE 0.0 END)"
        )
        each = []
        for term in terms:
            ranks = self._ranks(term, prefix=ask.prefix and term == ask.terms[-1])
            each.append(Sql(f"{rank} * %s", ranks, self.term(term, within="A"), ask.rarity.get(term.itself, 1.0)))
        return Sql.join(" + ", each)

    def _ranks(self, term: Term, *, prefix: bool) -> Sql:
        """The sum of what its forms rank. `ts_rank` takes a phrase beside other words for its words, wherever they
        stand: so each is asked by itself, and a phrase only where it stands."""
        ranks = []
        for form in term.every_form:
            asked = _phrase(form, ":*AB" if prefix else "")
            rank = Sql(f"ts_rank('{RANK_WEIGHTS}', e.vector, {_QUERY})", asked)
            stands = Sql(f"CASE WHEN e.vector @@ {_QUERY} THEN %s ELSE 0.0 END", asked, rank)
            ranks.append(stands if len(form) > 1 else rank)
        return Sql.join(" + ", ranks)

    def scored(self, columns: str, score: Sql, found: Sql) -> Sql:
        # First the newest, then their rank: sorted together, every vector would go through the sort.
        newest = "(SELECT e.id %s) AS newest JOIN search_entry e ON e.id = newest.id"
        return Sql(f"SELECT e.id, {columns}, %s AS score FROM {newest}", score, found)

    def ahead(self, today: date) -> Sql:
        return Sql("%s::date - e.dated", today)

    def upsert(self, rows: Sequence[dict[str, Any]]) -> Sql:
        # Only words reach the parser: left alone it takes "U-46" for a negative number and "MFA/2FA" for a file name.
        told = [row | {f"{name}_words": " ".join(parts(row[name])) for name in TEXTS} for row in rows]
        types = COLUMNS | {f"{name}_words": "text" for name in TEXTS}
        columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
        weighed = (
            f"setweight(to_tsvector('portal_words', {name}_words), '{weight}')" for name, weight in TEXTS.items()
        )
        marks = "array_to_tsvector(string_to_array('=' || replace(marks, ' ', ' ='), ' '))"
        return Sql(
            f"SELECT {', '.join(COLUMNS)}, 1, {' || '.join(weighed)} || {marks}"
            f" FROM jsonb_to_recordset(%s::jsonb) AS told ({columns})",
            json.dumps(told, ensure_ascii=False),
        )

    def refresh_statistics(self) -> None:
        Sql("SELECT gin_clean_pending_list('search_entry_vector'), gin_clean_pending_list('search_entry_names')").run()
        Sql("ANALYZE search_entry").run()
