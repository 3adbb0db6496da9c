"""Applications, devices and services that practices use."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from portal.search.entries.indexing import IndexedModel, IndexedQuerySet, Touched
from portal.text import one_line

MAX_PRODUCTS = 8
MAX_NAME = 80


def product_key(name: str) -> str:
    """What two spellings of one product share: "Go Guardian" and "GoGuardian" are goguardian."""
    return "".join(c for c in name.casefold() if c.isalnum())


class ProductQuerySet(IndexedQuerySet["Product"]):
    def touched(self) -> Touched:
        """The products, and the practices that use them: they repeat their names."""
        ids = list(self.order_by().values_list("pk", flat=True))
        through = self.model.practices.through  # type: ignore[attr-defined]
        uses = through.objects.filter(product__in=self.order_by().values("pk")).order_by()
        return [("product", ids), ("practice", list(uses.values_list("practice_id", flat=True)))]


class Product(IndexedModel):
    name = models.CharField(_("name"), max_length=MAX_NAME)
    slug = models.SlugField(max_length=90, unique=True, editable=False)
    vendor = models.CharField(_("vendor"), max_length=80, blank=True)
    aliases = models.JSONField(_("other names"), default=list, blank=True, help_text=_('A list: ["GAC"].'))
    keys = models.TextField(editable=False, default="")
    """The keys of name and aliases between bars, so that one is found by any of them."""

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("knowledge:product-detail", args=[self.slug])

    def prepare(self) -> None:
        """Fill what follows from other fields; `save` calls it, bulk writers call it themselves."""
        keys = dict.fromkeys(product_key(name) for name in [self.name, *map(str, self.aliases)])
        self.keys = "|" + "|".join(key for key in keys if key) + "|"
        if not self.slug:
            base = slugify(self.name)[:80] or "product"
            taken = set(Product.objects.filter(slug__startswith=base).values_list("slug", flat=True))
            numbered = (f"{base}-{number}" for number in count(2))
            self.slug = base if base not in taken else next(slug for slug in numbered if slug not in taken)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        super().save(*args, **kwargs)


def product_names(typed: str | Iterable[str]) -> list[str]:
    """A comma-separated list, or a list, without the same product twice."""
    names = {product_key(name): name for name in _words(typed) if _is_name(name)}
    return list(names.values())


def not_products(typed: str | Iterable[str]) -> list[str]:
    """The words that are no product's name: without a letter or a digit, or longer than `MAX_NAME`."""
    return [name for name in _words(typed) if not _is_name(name)]


def _words(typed: str | Iterable[str]) -> list[str]:
    words = map(one_line, typed.split(",") if isinstance(typed, str) else typed)
    return [word for word in words if word]


def _is_name(name: str) -> bool:
    return bool(product_key(name)) and len(name) <= MAX_NAME


def products_named(names: Iterable[str]) -> list[Product]:
    """The products of these names or aliases; missing ones are made. One query, and three a new product."""
    wanted = {product_key(name): name for name in product_names(names)}
    condition = Q(pk__in=[])
    for key in wanted:
        condition |= Q(keys__contains=f"|{key}|")
    known = {
        key: product for product in Product.objects.filter(condition) for key in product.keys.strip("|").split("|")
    }
    found: dict[int, Product] = {}
    for key, name in wanted.items():
        product = known.get(key) or Product.objects.create(name=name)
        found[product.pk] = product
    return list(found.values())
