"""What questions and answers have in common: words that their author may change and take back."""

from __future__ import annotations

import hashlib
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.search.entries.indexing import IndexedQuerySet, M


class WrittenQuerySet(IndexedQuerySet[M]):
    def kept(self) -> Self:
        """Not taken back, by its author or by an officer."""
        return self.filter(removed_at__isnull=True)

    def locked(self, pk: int) -> M:
        """As it is stored now, for nobody else to change until the transaction ends. An answer before its question."""
        return self.select_for_update(no_key=True).get(pk=pk)


class Written(models.Model):
    """What is taken back keeps its row: its words are shown to nobody, and come back with it."""

    edited_at = models.DateTimeField(_("edited"), null=True, blank=True, editable=False)
    """When its author last changed the words; what they were stands in the log."""
    removed_at = models.DateTimeField(_("taken back"), null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    removed_because = models.TextField(_("reason"), max_length=1000, blank=True, editable=False)
    """Why an officer hid it; "" where its author took it back."""

    WORDS: ClassVar[tuple[str, ...]]
    """The fields that hold what was written."""

    class Meta:
        abstract = True

    def words(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.WORDS}

    def digest(self) -> str:
        return hashlib.sha256(repr(self.words()).encode()).hexdigest()
