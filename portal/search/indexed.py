"""Models and querysets whose every verb keeps search true: save, delete, and the bulk verbs, which send no signal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from django.db import models, transaction

from portal.search.indexing import index

M = TypeVar("M", bound=models.Model)

AT_ONCE = 1000
"""Entries written by one call."""

Touched = list[tuple[str, list[int]]]
"""(kind of entry, ids of its objects)."""


class IndexedQuerySet(models.QuerySet[M]):
    """`bulk_create`, `bulk_update`, `update` and `delete` fire no signal: here each writes the entries it touches.

    A subclass says by `touched` which entries a set of its rows stands behind: its own, those of what hangs below
    (a draft's items go with the draft), and those that repeat its words.
    """

    kind: ClassVar[str] = ""
    unindexed: ClassVar[frozenset[str]] = frozenset()
    """Columns that no entry shows: a write of these alone writes no entry."""

    def touched(self) -> Touched:
        """(kind of entry, ids) that these rows stand behind. By default the rows themselves."""
        return [(self.kind, list(self.order_by().values_list("pk", flat=True)))]

    def _of(self, rows: Iterable[Any]) -> IndexedQuerySet[M]:
        return self.model._default_manager.filter(pk__in=[row.pk for row in rows if row.pk is not None])  # type: ignore[return-value]

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        with transaction.atomic(using=self.db):
            made = super().bulk_create(objs, *args, **kwargs)
            reindex(self._of(made).touched())
        return made

    def update(self, **kwargs: Any) -> int:
        """Also the end of `bulk_update`."""
        if self.unindexed.issuperset(kwargs):
            return super().update(**kwargs)
        with transaction.atomic(using=self.db):
            before = self.touched()  # the condition may no longer hold afterwards
            changed = super().update(**kwargs)
            reindex(before)
        return changed

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic(using=self.db):
            before = self.touched()
            gone = super().delete()
            reindex(before)
        return gone


class IndexedModel(models.Model):
    """A row whose `save` and `delete` write the entries it stands behind, as its `IndexedQuerySet` says."""

    class Meta:
        abstract = True

    def _touched(self) -> Touched:
        rows: Any = type(self)._default_manager.filter(pk=self.pk)
        touched: Touched = rows.touched()
        return touched

    def save(self, *args: Any, **kwargs: Any) -> None:
        rows: Any = type(self)._default_manager.none()
        named = kwargs.get("update_fields")
        if named is not None and rows.unindexed.issuperset(named):
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            super().save(*args, **kwargs)
            reindex(self._touched())

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            before = self._touched()
            gone = super().delete(*args, **kwargs)
            reindex(before)
        return gone


def reindex(*touched: Touched) -> None:
    """Write these entries anew, each once."""
    ids: dict[str, set[int]] = {}
    for kind, found in (pair for pairs in touched for pair in pairs):
        ids.setdefault(kind, set()).update(found)
    for kind, some in sorted(ids.items()):  # everybody in one order, so that nobody waits in a ring
        ordered = sorted(some)
        for start in range(0, len(ordered), AT_ONCE):
            index(kind, ordered[start : start + AT_ONCE])
