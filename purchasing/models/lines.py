"""What an agreement buys, and at which steps of price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.search.entries.indexing import IndexedModel, IndexedQuerySet, Touched


class LineItemQuerySet(IndexedQuerySet["LineItem"]):
    unindexed = frozenset(
        {"committed", "cap", "minimum_order", "case_size", "estimate", "baseline_price", "baseline_source", "position"}
    )

    def touched(self) -> Touched:
        """The items, and the agreements that name them."""
        rows = list(self.order_by().values_list("pk", "agreement_id"))
        return [("line-item", [pk for pk, _ in rows]), ("agreement", list({agreement for _, agreement in rows}))]


class LineItem(IndexedModel):
    """One thing to buy. `committed` is kept with the row so that the database itself refuses to pass the cap."""

    agreement = models.ForeignKey("purchasing.Agreement", on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("item"), max_length=150)
    unit = models.CharField(_("unit"), max_length=40)
    description = models.CharField(_("description"), max_length=500, blank=True)
    minimum_order = models.PositiveIntegerField(_("minimum order"), default=1)
    case_size = models.PositiveIntegerField(_("case size"), default=0)
    estimate = models.PositiveIntegerField(_("estimate"), null=True, blank=True)
    baseline_price = models.DecimalField(
        _("price without us"),
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    baseline_source = models.CharField(_("source of that price"), max_length=200, blank=True)
    cap = models.PositiveIntegerField(_("cap"), null=True, blank=True)
    """Most units that may be committed over all districts. None: no cap, a choice of its own; zero means none."""
    committed = models.PositiveIntegerField(default=0, editable=False)

    objects = LineItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("line item")
        verbose_name_plural = _("line items")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "position"], name="line_position_once"),
            models.CheckConstraint(
                condition=Q(cap__isnull=True) | Q(committed__lte=models.F("cap")), name="line_never_above_its_cap"
            ),
            models.CheckConstraint(
                condition=Q(cap__isnull=True)
                | Q(cap__gte=models.F("minimum_order")) & Q(cap__gte=models.F("case_size")),
                name="line_cap_holds_an_order",
            ),
            models.CheckConstraint(
                condition=Q(baseline_price__isnull=True) | Q(baseline_price__gte=0), name="line_baseline_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name


def entries_of(agreements: models.QuerySet[Any, int]) -> Touched:
    """The entries of the agreements whose ids are asked for: their own, their announcements' and their items'."""
    ids = list(dict.fromkeys(agreements))
    if not ids:
        return []
    lines = LineItem.objects.filter(agreement__in=agreements).order_by()
    return [("agreement", ids), ("announcement", ids), ("line-item", list(lines.values_list("pk", flat=True)))]


class PriceBreak(models.Model):
    """From `minimum` units over all districts, each costs `price` US dollars before tax."""

    line = models.ForeignKey(LineItem, on_delete=models.CASCADE, related_name="breaks")
    minimum = models.PositiveIntegerField(_("from"), validators=[MinValueValidator(1)])
    price = models.DecimalField(
        _("unit price"), max_digits=14, decimal_places=4, validators=[MinValueValidator(Decimal(0))]
    )

    class Meta:
        verbose_name = _("price break")
        verbose_name_plural = _("price breaks")
        ordering = ["minimum"]
        constraints = [
            models.UniqueConstraint(fields=["line", "minimum"], name="price_break_once_a_minimum"),
            models.CheckConstraint(condition=Q(minimum__gte=1), name="price_break_from_one_up"),
            models.CheckConstraint(condition=Q(price__gte=0), name="price_break_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.minimum}: {self.price}"
