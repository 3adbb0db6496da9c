"""The entry table: what search knows of every thing, and who may find it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.districts.models.standing import standing_of
from portal.search.engines.base import UNDATED


class Audience(models.Model):
    """One distinct set of audience keys; many entries share it. Its id follows from the keys (`id_of`)."""

    id = models.BigIntegerField(primary_key=True)
    keys = models.JSONField()

    def __str__(self) -> str:
        return ", ".join(self.keys)

    @staticmethod
    def id_of(keys: Iterable[str]) -> int:
        """A 63-bit number, the same for the same set in any order."""
        text = "\n".join(sorted(set(keys)))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1

    @classmethod
    def keep(cls, sets: Iterable[Iterable[str]]) -> None:
        """Store those of the sets that are not stored yet. One query, and two more where there are new ones."""
        wanted = {cls.id_of(keys): sorted(set(keys)) for keys in sets}
        known = cls.objects.filter(pk__in=wanted).values_list("pk", flat=True)
        if new := sorted(wanted.keys() - set(known)):
            Audience.objects.bulk_create([Audience(pk=pk, keys=wanted[pk]) for pk in new], ignore_conflicts=True)
            pairs = [AudienceKey(key=key, audience_id=pk) for pk in new for key in wanted[pk]]
            AudienceKey.objects.bulk_create(pairs, ignore_conflicts=True)


class AudienceKey(models.Model):
    """That readers who hold `key` may find what has this audience."""

    key = models.CharField(max_length=40)
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "audience"], name="audience_key_once")]

    def __str__(self) -> str:
        return f"{self.key} of {self.audience_id}"


def by_kind(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """The ids of each kind, each once, of (kind, object id)."""
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, object_id in dict.fromkeys(pairs):
        ids[kind].append(object_id)
    return ids


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: Any) -> EntryQuerySet:
        """`engines.table.audiences_of` is the same."""
        mine = AudienceKey.objects.filter(key__in=standing_of(user).audience_keys())
        return self.filter(audience__in=mine.values("audience_id"))

    def of(self, pairs: Iterable[tuple[str, int]]) -> EntryQuerySet:
        """Those of these (kind, object id)."""
        asked = Q(pk__in=[])
        for kind, ids in by_kind(pairs).items():
            asked |= Q(kind=kind, object_id__in=ids)
        return self.filter(asked)


class Entry(models.Model):
    """What search keeps of one object, written in the object's own transaction by `portal.search.entries.indexing`.

    The short columns come first and the texts last, so that counting and filtering read little of a row.
    """

    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+", db_index=False)
    county_id = models.BigIntegerField(null=True)
    district_id = models.BigIntegerField(null=True)
    dated = models.DateField(default=UNDATED)
    popularity = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=30, blank=True)
    version = models.PositiveBigIntegerField(default=1)
    """Rises with every change of the row; with `id` it tells whether a copy elsewhere shows the entry as it is."""
    title = models.TextField()
    summary = models.TextField(blank=True)
    tags = models.JSONField(default=list)
    products = models.JSONField(default=list)
    labels = models.TextField(blank=True)
    """Tags and products as words."""
    extra = models.TextField(blank=True)
    """Other ways in which words of the texts are written: "wifi" for "Wi-Fi", "resume" for "résumé"."""
    marks = models.TextField(blank=True)
    """The values filters ask for, as words of their own, so that the text index answers word and filter at once."""
    body = models.TextField(blank=True)
    words = models.JSONField(default=list)
    """Those of the texts that spelling help may offer, each once; see `vocabulary`."""

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="entry_of_one_object")]
        indexes = [models.Index(fields=["-dated", "-id"], name="entry_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}: {self.title}"


class FreshEntry(models.Model):
    """A thing that search has just begun to find, or that others find now: written with its entry, gone once the saved
    searches have seen it."""

    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    written_at = models.DateTimeField(default=timezone.now)
    seen_by = models.ForeignKey(Audience, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    """Who could find it before, to whom it is no news; None where nobody could."""

    class Meta:
        verbose_name_plural = "fresh entries"

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"

    def is_news_to(self, keys: frozenset[str]) -> bool:
        """Whether a reader with these keys could not find it before."""
        return self.seen_by is None or keys.isdisjoint(self.seen_by.keys)
