"""Which word stands in what whom may see: counted by triggers, in the transaction of every write of an entry.

So spelling help offers no word that nobody may see any more, whoever wrote or deleted the entry and however. Writers
do not wait for each other: SQLite has one at a time, and keeps one row for a word and audience; on PostgreSQL each
statement adds rows of its own, and what is there is their sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from threading import Lock

from django.db import connection, models, transaction
from django.db.models import Max, Sum

from portal.kept import Kept
from portal.progress import Progress, note
from portal.search.engines import database_engine
from portal.search.engines.sql import Sql
from portal.search.entries.tables import AudienceKey
from portal.triggers import DatabaseObject, trigger

MOST_KEPT = 200_000
"""Words in a process, those that stand in the most entries: some 30 MB."""
SETTLED = "search-words"
MANY_ROWS = 20_000
"""Added since they were last put together."""


class AudienceWordQuerySet(models.QuerySet["AudienceWord"]):
    def seen_by(self, keys: Iterable[str], words: Iterable[str]) -> dict[str, int]:
        """Those of the words that stand in something a reader with these keys may see, and in how many. One query."""
        mine = AudienceKey.objects.filter(key__in=keys).values("audience_id")
        found = self.filter(word__in=list(words), audience_id__in=mine).values("word")
        return dict(found.annotate(times=Sum("entries")).filter(times__gt=0).values_list("word", "times"))


class AudienceWord(models.Model):
    """That a word stands, in just this form, in so many entries with this audience; or in so many more or fewer."""

    word = models.CharField(max_length=30)
    audience_id = models.BigIntegerField()
    entries = models.IntegerField()

    objects = AudienceWordQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.word}: {self.entries}"


class Words:
    """All words of the index: read once, and then those that came since."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self.known: set[str] = set()
        self._newest = 0
        self._lock = Lock()

    def read(self) -> Words:
        """One query."""
        with self._lock:
            rows = AudienceWord.objects.filter(pk__gt=self._newest).values("word")
            rows = rows.annotate(newest=Max("pk"), often=Sum("entries")).order_by("-often")[:MOST_KEPT]
            for word, newest in rows.values_list("word", "newest"):
                self._newest = max(self._newest, newest)
                if word not in self.known and len(self.all) < MOST_KEPT:
                    self.known.add(word)
                    self.all.append(word)
        return self


_words = Kept(3600.0, Words)
fresh = Kept(2.0, lambda: _words.get().read())
"""With the words that came until now; what another process wrote, so much later. Who may see them is never kept."""

_TABLE = "search_audienceword"
_LOCK = f"LOCK TABLE {_TABLE} IN SHARE UPDATE EXCLUSIVE MODE"
_ADD = f"INSERT INTO {_TABLE} (word, audience_id, entries)"


def _and_one(words: str) -> str:
    """For a trigger of SQLite: one entry more with these words and the new audience."""
    return (
        f"{_ADD} SELECT value, new.audience_id, 1 FROM ({words}) WHERE true"
        " ON CONFLICT (word, audience_id) DO UPDATE SET entries = entries + 1;"
    )


def _less_one(words: str) -> str:
    return f"UPDATE {_TABLE} SET entries = entries - 1 WHERE audience_id = old.audience_id AND word IN ({words});"


def _counting(verb: str, *, sqlite: str, tables: str, changes: str) -> DatabaseObject:
    """`changes` are words, audiences and how many more, of the `tables` that a statement on PostgreSQL leaves."""
    name = f"search_words_count_{verb.lower()}"
    when = "WHEN old.words IS NOT new.words OR old.audience_id <> new.audience_id " if verb == "UPDATE" else ""
    return trigger(
        name,
        f"AFTER {verb}",
        "search_entry",
        sqlite=f"{when}BEGIN {sqlite} END",
        postgresql=f"REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        function=f"""
            CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                {_ADD} SELECT word, audience_id, sum(n) FROM ({changes}) AS changes (word, audience_id, n)
                    GROUP BY word, audience_id HAVING sum(n) <> 0;
                RETURN NULL;
            END $$
            """,
    )


_NEW, _OLD = "SELECT value FROM json_each(new.words)", "SELECT value FROM json_each(old.words)"
_ONLY_NEW = f"{_NEW} EXCEPT {_OLD} WHERE new.audience_id = old.audience_id"
_ONLY_OLD = f"{_OLD} EXCEPT {_NEW} WHERE new.audience_id = old.audience_id"
_MORE = "SELECT word, audience_id, 1 AS n FROM new_rows, jsonb_array_elements_text(words) AS word"
_FEWER = "SELECT word, audience_id, -1 FROM old_rows, jsonb_array_elements_text(words) AS word"
_CHANGED = (
    "WHERE id IN (SELECT id FROM new_rows JOIN old_rows USING (id)"
    " WHERE (new_rows.words, new_rows.audience_id) IS DISTINCT FROM (old_rows.words, old_rows.audience_id))"
)
_INDEX = "search_audienceword_by_word"
OBJECTS = [
    DatabaseObject(
        _INDEX,
        sqlite=(f"CREATE UNIQUE INDEX IF NOT EXISTS {_INDEX} ON {_TABLE} (word, audience_id)",),
        postgresql=(f"CREATE INDEX IF NOT EXISTS {_INDEX} ON {_TABLE} (word, audience_id) INCLUDE (entries)",),
    ),
    _counting("INSERT", sqlite=_and_one(_NEW), tables="NEW TABLE AS new_rows", changes=_MORE),
    _counting(
        "UPDATE",
        sqlite=_less_one(_ONLY_OLD) + _and_one(_ONLY_NEW),
        tables="OLD TABLE AS old_rows NEW TABLE AS new_rows",
        changes=f"{_MORE} {_CHANGED} UNION ALL {_FEWER} {_CHANGED}",
    ),
    _counting("DELETE", sqlite=_less_one(_OLD), tables="OLD TABLE AS old_rows", changes=_FEWER),
]


def count_anew() -> None:
    """From the entries, whatever was counted. Searches and writes go on."""
    counted = (
        f"{_ADD} SELECT word.value, audience_id, count(*) FROM search_entry, {database_engine().each}(words) AS word"
        " GROUP BY word.value, audience_id"
    )
    with transaction.atomic():
        if connection.vendor == "sqlite":
            Sql(f"DELETE FROM {_TABLE}").run()
            Sql(counted).run()
        else:  # in one statement, which sees the same writes in both tables
            Sql(_LOCK).run()
            Sql(f"WITH gone AS (DELETE FROM {_TABLE}) {counted}").run()


def settle(now: datetime) -> int:
    """Put the rows of a word and audience together, where many were added. Returns how many were added.

    Only on PostgreSQL are there more rows than one.
    """
    newest = AudienceWord.objects.aggregate(newest=Max("pk"))["newest"] or 0
    settled = Progress.objects.filter(name=SETTLED).first()
    added = newest - (settled.after if settled else 0)
    if connection.vendor == "sqlite" or 0 <= added < MANY_ROWS:
        return 0
    with transaction.atomic():
        Sql(_LOCK).run()
        Sql(
            f"""
            WITH several AS (
                SELECT word, audience_id FROM {_TABLE} GROUP BY word, audience_id
                HAVING count(*) > 1 OR sum(entries) = 0
            ), gone AS (
                DELETE FROM {_TABLE} w USING several s WHERE w.word = s.word AND w.audience_id = s.audience_id
                RETURNING w.word, w.audience_id, w.entries
            )
            {_ADD} SELECT word, audience_id, sum(entries) FROM gone GROUP BY word, audience_id HAVING sum(entries) <> 0
            """
        ).run()
    newest = AudienceWord.objects.aggregate(newest=Max("pk"))["newest"] or 0
    note(SETTLED, now, newest)
    return added
