"""Tags: one vocabulary over practices and questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from unicodedata import combining, normalize

from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, NaturalKeyManager, TagBase

from portal.search.entries.indexing import IndexedModel, IndexedQuerySet, Touched

MAX_TAGS = 8
MAX_LENGTH = 40


class TagQuerySet(IndexedQuerySet["Tag"]):
    def touched(self) -> Touched:
        """What carries these tags: it repeats their names."""
        tags = self.order_by().values("pk")
        return [
            *TaggedPractice.objects.filter(tag__in=tags).touched(),
            *TaggedQuestion.objects.filter(tag__in=tags).touched(),
        ]


class Tag(IndexedModel, TagBase):  # type: ignore[django-manager-missing]
    """A word that things are found under. Synonyms and parents will be rows beside it."""

    free_tagging = True

    objects = NaturalKeyManager.from_queryset(TagQuerySet)()  # type: ignore[django-manager-missing]

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def get_absolute_url(self) -> str:
        return reverse("knowledge:tag-detail", args=[self.slug])


class TaggedQuerySet(IndexedQuerySet[Any]):
    def touched(self) -> list[tuple[str, list[int]]]:
        return [(self.model.entry_kind, list(self.order_by().values_list("content_object_id", flat=True)))]


class TaggedPractice(ItemBase):
    entry_kind: ClassVar[str] = "practice"
    tag = models.ForeignKey(Tag, related_name="tagged_practices", on_delete=models.CASCADE)
    content_object = ParentalKey("knowledge.Practice", related_name="tagged_items", on_delete=models.CASCADE)

    objects = TaggedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="practice_tagged_once")]


class TaggedQuestion(ItemBase):
    entry_kind: ClassVar[str] = "question"
    tag = models.ForeignKey(Tag, related_name="tagged_questions", on_delete=models.CASCADE)
    content_object = models.ForeignKey("knowledge.Question", related_name="tagged_items", on_delete=models.CASCADE)

    objects = TaggedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="question_tagged_once")]


def tag_names(typed: str | Iterable[str]) -> list[str]:
    """A comma-separated list, or a list, as tags are written: "Wi-Fi, Help Desk" becomes wi-fi, help-desk."""
    slugs = map(_slug, _words(typed))
    return list(dict.fromkeys(slug for slug in slugs if 0 < len(slug) <= MAX_LENGTH))


def not_tags(typed: str | Iterable[str]) -> list[str]:
    """The words of which no tag is made: without a letter or a digit, or longer than `MAX_LENGTH`."""
    return [word for word in _words(typed) if not 0 < len(_slug(word)) <= MAX_LENGTH]


def _slug(word: str) -> str:
    """In letters from a to z where only accents are lost by it; "日本語" stays as it is."""
    plain, whole = slugify(word), slugify(word, allow_unicode=True)
    unaccented = "".join(c for c in normalize("NFKD", whole) if not combining(c))
    return plain if plain == unaccented else whole


def _words(typed: str | Iterable[str]) -> list[str]:
    return [word.strip() for word in (typed.split(",") if isinstance(typed, str) else typed) if word.strip()]


def tags_named(names: Iterable[str]) -> dict[str, Tag]:
    """The tags by slug; missing ones are made. At most three queries."""
    slugs = tag_names(names)
    found = {tag.slug: tag for tag in Tag.objects.filter(slug__in=slugs)}
    missing = [slug for slug in slugs if slug not in found]
    if missing:
        Tag.objects.bulk_create([Tag(name=slug, slug=slug) for slug in missing], ignore_conflicts=True)
        found.update({tag.slug: tag for tag in Tag.objects.filter(slug__in=missing)})
    return {slug: found[slug] for slug in slugs if slug in found}
