""" "We do this too": what one other district says about a practice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, IntegerField, Max, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from knowledge.models.practices import Practice
from portal.districts.models import District
from portal.prose import KeptHTML
from portal.search.entries.indexing import IndexedQuerySet, reindex


class Status(models.TextChoices):
    CONSIDERING = "considering", _("Considering")
    PILOTING = "piloting", _("Piloting")
    IN_USE = "in_use", _("In use")
    STOPPED = "stopped", _("Stopped")


class Again(models.TextChoices):
    YES = "yes", _("Yes")
    CHANGES = "changes", _("Yes, with changes")
    NO = "no", _("No")


CONFIRMING = (Status.IN_USE, Status.PILOTING)
"""Statuses that confirm that a practice still works."""


class AdoptionQuerySet(IndexedQuerySet["Adoption"]):
    """Its bulk verbs keep the practices' counts true, and with them their entries."""

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[Adoption]:
        rows = list(objs)
        with transaction.atomic(using=self.db):
            made = models.QuerySet.bulk_create(self, rows, *args, **kwargs)
            recount({row.practice_id for row in rows})
        return made

    def bulk_update(self, objs: Any, *args: Any, **kwargs: Any) -> int:
        rows = list(objs)
        with transaction.atomic(using=self.db):
            changed = models.QuerySet.bulk_update(self, rows, *args, **kwargs)
            recount({row.practice_id for row in rows})
        return changed

    def update(self, **kwargs: Any) -> int:
        with transaction.atomic(using=self.db):
            practices = set(self.order_by().values_list("practice_id", flat=True))
            changed = models.QuerySet.update(self, **kwargs)
            recount(practices)
        return changed

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic(using=self.db):
            practices = set(self.order_by().values_list("practice_id", flat=True))
            gone = models.QuerySet.delete(self)
            recount(practices)
        return gone


class Adoption(models.Model):
    """One row per district and practice, never of the practice's own district. Written by `knowledge.deeds.adopt`."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="adoptions")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="adoptions")
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.IN_USE)
    since = models.DateField(_("since"), null=True, blank=True)
    scale = models.CharField(_("scale"), max_length=160, blank=True)
    again = models.CharField(_("would do it again"), max_length=8, choices=Again.choices, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    note_html = KeptHTML()
    contact = models.CharField(_("whom to ask"), max_length=120, blank=True)
    last_confirmed_at = models.DateTimeField(_("last confirmed"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="adoptions"
    )

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("district that does this")
        verbose_name_plural = _("districts that do this")
        constraints = [
            models.UniqueConstraint(fields=["practice", "district"], name="adoption_once_per_district"),
        ]
        indexes = [models.Index(fields=["-last_confirmed_at", "-id"], name="adoption_newest")]

    def __str__(self) -> str:
        return f"{self.district}, {self.get_status_display()}: {self.practice}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Also counts the practice's districts anew, in the same transaction."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            recount([self.practice_id])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            recount([self.practice_id])
        return gone


def recount(practice_ids: Iterable[int]) -> None:
    """Write the practices' counts of adoptions and last confirmations anew. Call it in the adoption's transaction."""

    def counted(status: str) -> Coalesce:
        rows = Adoption.objects.filter(practice=OuterRef("pk"), status=status).order_by()
        count = rows.values("practice").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(count, output_field=IntegerField()), Value(0))

    confirmations = Adoption.objects.filter(practice=OuterRef("pk"), status__in=CONFIRMING).order_by()
    last = confirmations.values("practice").annotate(last=Max("last_confirmed_at")).values("last")
    ids = list(practice_ids)
    with transaction.atomic():
        models.QuerySet.update(  # the questions under them stay as they are
            Practice.objects.filter(pk__in=ids),
            considering_count=counted(Status.CONSIDERING),
            piloting_count=counted(Status.PILOTING),
            in_use_count=counted(Status.IN_USE),
            stopped_count=counted(Status.STOPPED),
            last_confirmed_at=Subquery(last),
        )
        reindex([("practice", ids)])
