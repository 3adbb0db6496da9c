"""What a copy of the entries elsewhere does not have yet: kept by triggers, in the transaction of every change.

One row for each entry that was written or deleted since it was shipped, whoever did it. Its id rises with every change
on both databases and is the document's version elsewhere: a later change wins whatever order the changes arrive in,
also after an entry was deleted and made anew. Nothing is kept while there is no copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, models

from portal.search.engines.sql import Sql
from portal.triggers import DatabaseObject, trigger

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
LATE_SECONDS = 5.0
"""What waits longer is not left out of the answers any more: nobody ships, and the database answers."""


class Copy(models.Model):
    """One index elsewhere that gets every change: the one that answers, or the next one while it is being filled."""

    name = models.CharField(max_length=100, unique=True)
    is_live = models.BooleanField(default=False)
    """It has every entry, and answers."""
    filled_to = models.BigIntegerField(default=0)
    """Entries up to this id are in it; filling goes on after it."""
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "copies"
        constraints = [
            models.UniqueConstraint(fields=["is_live"], condition=models.Q(is_live=True), name="one_live_copy")
        ]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """That the entry of an object was written or deleted, and that a copy does not show it yet."""

    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    at = models.DateTimeField()
    """When it was first changed since it was shipped."""
    not_before = models.DateTimeField(default=AT_ONCE)
    """Until then somebody is shipping it, or it waits to be tried again."""
    tries = models.PositiveIntegerField(default=0)
    """How often it was refused."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="change_of_one_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


def live_and_pending(most: int, now: datetime) -> tuple[str, list[str], bool]:
    """The name of the copy that answers, "" for none, the ids of at most `most` documents that it shows wrongly, and
    whether one of these waits for more than `LATE_SECONDS` without having been refused.

    One query, so that all are of the same moment.
    """
    late_before = connection.ops.adapt_datetimefield_value(now - timedelta(seconds=LATE_SECONDS))
    rows = Sql(
        "SELECT name, NULL, NULL FROM search_copy WHERE is_live UNION ALL SELECT * FROM"
        " (SELECT kind, object_id, tries = 0 AND at < %s FROM search_change LIMIT %s) AS pending",
        late_before,
        most,
    ).run()
    live = next((name for name, object_id, _late in rows if object_id is None), "")
    pending = [document_id(kind, object_id) for kind, object_id, _late in rows if object_id is not None]
    return live, pending, any(late for _name, _object_id, late in rows)


def is_wanted() -> bool:
    return bool(settings.ELASTICSEARCH_HOSTS)


@dataclass(frozen=True, slots=True)
class Lag:
    waiting: int
    refused: int
    seconds: float
    """Age of the oldest change that is not shown."""


def lag_at(now: datetime) -> Lag:
    oldest = Change.objects.order_by("at").values_list("at", flat=True).first()
    return Lag(
        waiting=Change.objects.count(),
        refused=Change.objects.filter(tries__gt=0).count(),
        seconds=max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
    )


def seconds_behind(now: datetime) -> int | None:
    """Age of the oldest change that Elasticsearch does not show; None where it has no copy that answers."""
    if not is_wanted():
        return 0
    if not Copy.objects.filter(is_live=True).exists():
        return None
    return int(lag_at(now).seconds)


def forget_all() -> None:
    """There is no Elasticsearch any more: note no changes for it."""
    Copy.objects.all().delete()
    Change.objects.all().delete()


def document_id(kind: str, object_id: int) -> str:
    return f"{kind}-{object_id}"


def _note(thing: str, now: str, epoch: str) -> str:
    return f"""
        INSERT INTO search_change (kind, object_id, at, not_before, tries)
        VALUES ({thing}.kind, {thing}.object_id, {now}, '{epoch}', 0)
        ON CONFLICT (kind, object_id) DO UPDATE SET id = excluded.id, not_before = excluded.not_before, tries = 0;
    """


_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION note_search_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE thing record;
    BEGIN
        IF TG_OP = 'DELETE' THEN thing := OLD; ELSE thing := NEW; END IF;
        IF EXISTS (SELECT 1 FROM search_copy) THEN {_note("thing", "clock_timestamp()", "epoch")} END IF;
        RETURN NULL;
    END $$
"""


def _noting(verb: str, row: str) -> DatabaseObject:
    note = _note(row, "strftime('%Y-%m-%d %H:%M:%f', 'now')", "1970-01-01 00:00:00")
    return trigger(
        f"search_change_{verb.lower()}",
        f"AFTER {verb}",
        "search_entry",
        sqlite=f"WHEN EXISTS (SELECT 1 FROM search_copy) BEGIN {note} END",
        postgresql="FOR EACH ROW EXECUTE FUNCTION note_search_change()",
        function=_FUNCTION,
    )


OBJECTS = [_noting("INSERT", "new"), _noting("UPDATE", "new"), _noting("DELETE", "old")]
