"""Questions, under a practice or alone, and their answers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from knowledge.models.practices import LONG_TEXT, Practice, visible
from knowledge.models.tags import TaggedQuestion
from knowledge.models.written import Written, WrittenQuerySet
from portal.districts.models import District
from portal.districts.models.standing import standing_of
from portal.prose import KeptHTML
from portal.search.entries.indexing import IndexedModel


class QuestionQuerySet(WrittenQuerySet["Question"]):
    kind = "question"

    def visible_to(self, user: Any) -> QuestionQuerySet:
        """A question under a practice is seen by those who see the practice; one alone by all members.

        Taken back, it is seen for its answers, where it has some; by its author and by officers, who may restore it.
        Lists have what is `kept`.
        """
        standing = standing_of(user)
        under = Q(practice__isnull=False) & visible(standing, "practice__")
        seen = self.filter(under | Q(practice__isnull=True) if standing.is_member else under)
        if standing.is_officer:
            return seen
        mine = Q(author=standing.person_id or 0)
        return seen.filter(Q(removed_at__isnull=True) | Q(answer_count__gt=0) | mine)

    def recount(self) -> int:
        """Write the number of answers anew; an accepted answer that is gone is forgotten."""
        kept = Answer.objects.kept().filter(question=OuterRef("pk")).order_by()
        count = kept.values("question").annotate(n=Count("pk"))
        return self.update(
            answer_count=Coalesce(Subquery(count.values("n"), output_field=IntegerField()), Value(0)),
        )


class Question(IndexedModel, Written):  # type: ignore[django-manager-missing]
    """Written by `knowledge.deeds.ask`. `district` is None where a host or an officer asks."""

    title = models.CharField(_("question"), max_length=160)
    body = models.TextField(_("details"), max_length=LONG_TEXT, blank=True)
    body_html = KeptHTML()
    practice = models.ForeignKey(
        Practice, on_delete=models.CASCADE, null=True, blank=True, related_name="questions", verbose_name=_("practice")
    )
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("district")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("author"),
    )
    tags = TaggableManager(through=TaggedQuestion, blank=True, verbose_name=_("tags"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    accepted = models.ForeignKey(
        "knowledge.Answer",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted answer"),
    )
    answer_count = models.PositiveIntegerField(default=0, editable=False)

    WORDS = ("title", "body")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [
            models.Index(fields=["-asked_at", "-id"], name="question_newest"),
            models.Index(fields=["-asked_at", "-id"], condition=Q(answer_count=0), name="question_unanswered"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("knowledge:question-detail", args=[self.pk])


class AnswerQuerySet(WrittenQuerySet["Answer"]):
    """Its bulk verbs count their questions' answers anew, which writes their entries."""

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[Answer]:
        rows = list(objs)
        with transaction.atomic(using=self.db):
            made = models.QuerySet.bulk_create(self, rows, *args, **kwargs)
            Question.objects.filter(pk__in={row.question_id for row in rows}).recount()
        return made

    def touched(self) -> list[tuple[str, list[int]]]:
        return [("question", list(self.order_by().values_list("question_id", flat=True)))]

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic(using=self.db):
            questions = set(self.order_by().values_list("question_id", flat=True))
            gone = models.QuerySet.delete(self)
            Question.objects.filter(pk__in=questions).recount()
        return gone


class Answer(Written):
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    body = models.TextField(_("answer"), max_length=LONG_TEXT)
    body_html = KeptHTML()
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="answers"
    )
    answered_at = models.DateTimeField(_("answered"), default=timezone.now)

    WORDS = ("body",)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["answered_at", "pk"]

    def __str__(self) -> str:
        return f"{self.district or self.author}: {self.body[:60]}"

    def get_absolute_url(self) -> str:
        return f"{self.question.get_absolute_url()}#answer-{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Also counts the question's answers anew and writes its entry, in the same transaction."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            Question.objects.filter(pk=self.question_id).recount()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            Question.objects.filter(pk=self.question_id).recount()
        return gone
