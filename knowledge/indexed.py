"""Querysets whose bulk verbs keep search true, as saving one row does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from django.db import models, transaction

from portal.search.indexing import index

M = TypeVar("M", bound=models.Model)

AT_ONCE = 1000
"""Entries written by one call."""


class IndexedQuerySet(models.QuerySet[M]):
    """`bulk_create`, `bulk_update`, `update` and `delete` fire no signal: here each writes the entries it touches.

    A subclass says by `touched` which entries a set of its rows stands behind.
    """

    kind: ClassVar[str] = ""

    def touched(self) -> list[tuple[str, list[int]]]:
        """(kind of entry, ids) that these rows stand behind. By default the rows themselves."""
        return [(self.kind, list(self.order_by().values_list("pk", flat=True)))]

    def _of(self, rows: Iterable[Any]) -> IndexedQuerySet[M]:
        return self.model._default_manager.filter(pk__in=[row.pk for row in rows if row.pk is not None])  # type: ignore[return-value]

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        with transaction.atomic(using=self.db):
            made = super().bulk_create(objs, *args, **kwargs)
            reindex(self._of(made).touched())
        return made

    def bulk_update(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> int:
        rows = list(objs)
        with transaction.atomic(using=self.db):
            changed = super().bulk_update(rows, *args, **kwargs)
            reindex(self._of(rows).touched())
        return changed

    def update(self, **kwargs: Any) -> int:
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


def reindex(*touched: list[tuple[str, list[int]]]) -> None:
    """Write these entries anew, each once."""
    ids: dict[str, set[int]] = {}
    for kind, found in (pair for pairs in touched for pair in pairs):
        ids.setdefault(kind, set()).update(found)
    for kind, some in ids.items():
        ordered = sorted(some)
        for start in range(0, len(ordered), AT_ONCE):
            index(kind, ordered[start : start + AT_ONCE])
