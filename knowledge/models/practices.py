"""A practice: how one district does a thing, written so that another can do it too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel, get_all_child_m2m_relations, get_all_child_relations
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, Revision, RevisionMixin, WorkflowMixin

from knowledge.models.products import Product
from knowledge.models.tags import TaggedPractice
from portal.districts.models import District
from portal.districts.models.standing import Standing, standing_of
from portal.prose import KeptHTML
from portal.search.entries.indexing import IndexedQuerySet, reindex

LONG_TEXT = 20_000
"""Characters of the longest text one may post."""


class Kind(models.TextChoices):
    HOW = "how", _("How we do it")
    SWITCHED = "switched", _("We switched")
    SUPPORT = "support", _("Hardware support")


class Audience(models.TextChoices):
    DISTRICT = "district", _("My district only")
    COUNTY = "county", _("Districts of my county")
    MEMBERS = "members", _("All members")
    PUBLIC = "public", _("Everybody, also without signing in")


class CostPer(models.TextChoices):
    DEVICE = "device", _("per device")
    STUDENT = "student", _("per student")
    YEAR = "year", _("per year")


def visible(standing: Standing, prefix: str = "") -> Q:
    """Published and open to this standing; `prefix` names a relation to a practice ("practice__").

    A district always sees its own. Districts and counties are read from the row's district, so that a district that
    moves to another county needs no rewriting.
    """
    live = Q(**{f"{prefix}live": True})
    if standing.is_officer:
        return live
    if not standing.is_member:
        return live & Q(**{f"{prefix}audience": Audience.PUBLIC})
    seen = Q(**{f"{prefix}audience__in": [Audience.PUBLIC, Audience.MEMBERS]})
    if standing.district_ids:
        seen |= Q(**{f"{prefix}district__in": sorted(standing.district_ids)})
    if standing.county_ids:
        counties = sorted(standing.county_ids)
        seen |= Q(**{f"{prefix}audience": Audience.COUNTY, f"{prefix}district__county__in": counties})
    return live & seen


class PracticeQuerySet(IndexedQuerySet["Practice"]):
    kind = "practice"
    unindexed = frozenset(
        {"version", "latest_revision", "has_unpublished_changes", "go_live_at", "expire_at", "expired"}
    )

    def visible_to(self, user: Any) -> PracticeQuerySet:
        return self.filter(visible(standing_of(user)))

    def tagged(self, slug: str) -> PracticeQuerySet:
        return self.filter(pk__in=TaggedPractice.objects.filter(tag__slug=slug).values("content_object_id"))

    def touched(self) -> list[tuple[str, list[int]]]:
        """The practices, the questions under them, and the products they use: all are seen by the same people."""
        ids = list(self.order_by().values_list("pk", flat=True))
        mine = self.order_by().values("pk")
        asked = Practice.objects.filter(pk__in=mine, questions__isnull=False).order_by()
        questions = list(asked.values_list("questions", flat=True))
        uses = self.model.products.through.objects.filter(practice__in=mine).order_by()
        products = uses.values_list("product_id", flat=True).distinct()
        return [("practice", ids), ("question", questions), ("product", list(products))]


OWNED = (
    "version",
    "posted_at",
    "considering_count",
    "piloting_count",
    "in_use_count",
    "stopped_count",
    "last_confirmed_at",
)
"""Columns that belong to the row and not to its text: no revision brings an old value of them back."""


class Practice(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """Written only by `knowledge.deeds.post`; officers' saves in the admin end in the same `publish`."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.HOW)
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(
        _("summary"), max_length=240, blank=True, help_text=_("One or two sentences, shown in lists.")
    )
    problem = models.TextField(_("the problem"), max_length=LONG_TEXT, blank=True)
    problem_html = KeptHTML()
    what_we_do = models.TextField(_("what we do"), max_length=LONG_TEXT)
    what_we_do_html = KeptHTML()
    replaced = models.TextField(_("what it replaced"), max_length=LONG_TEXT, blank=True)
    replaced_html = KeptHTML()
    do_differently = models.TextField(_("what we would do differently"), max_length=LONG_TEXT, blank=True)
    do_differently_html = KeptHTML()
    tags = ClusterTaggableManager(through=TaggedPractice, blank=True, verbose_name=_("tags"))
    products = ParentalManyToManyField(Product, related_name="practices", blank=True, verbose_name=_("products"))
    cost = models.DecimalField(_("cost, in US dollars"), max_digits=14, decimal_places=4, null=True, blank=True)
    cost_per = models.CharField(_("the cost is"), max_length=10, choices=CostPer.choices, blank=True)
    cost_note = models.CharField(_("what the cost covers"), max_length=160, blank=True)
    devices = models.PositiveIntegerField(_("devices"), null=True, blank=True)
    staff_hours = models.DecimalField(_("staff hours a month"), max_digits=7, decimal_places=1, null=True, blank=True)
    audience = models.CharField(
        _("who can see this"), max_length=10, choices=Audience.choices, default=Audience.MEMBERS
    )
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="practices", verbose_name=_("district")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="practices",
        verbose_name=_("author"),
    )
    posted_at = models.DateTimeField(_("posted"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    """Rises with every publication; an edit of an older version is a conflict."""
    considering_count = models.PositiveIntegerField(default=0, editable=False)
    piloting_count = models.PositiveIntegerField(default=0, editable=False)
    in_use_count = models.PositiveIntegerField(default=0, editable=False)
    stopped_count = models.PositiveIntegerField(default=0, editable=False)
    last_confirmed_at = models.DateTimeField(_("last confirmed"), null=True, blank=True, editable=False)
    """The newest confirmation by another district; None while there is none."""

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="practice",
        for_concrete_model=False,
    )
    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="practice",
        for_concrete_model=False,
    )

    objects = PracticeQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        indexes = [
            models.Index(fields=["-posted_at", "-id"], condition=Q(live=True), name="practice_newest"),
            models.Index(fields=["audience", "-posted_at", "-id"], condition=Q(live=True), name="practice_audience"),
            models.Index(fields=["kind", "-posted_at", "-id"], condition=Q(live=True), name="practice_kind"),
            models.Index(fields=["district", "-posted_at", "-id"], condition=Q(live=True), name="practice_district"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(cost__isnull=True) | Q(cost__gte=0), name="practice_cost_not_negative"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("knowledge:practice-detail", args=[self.pk])

    @property
    def revisions(self) -> models.QuerySet[Revision]:
        return self._revisions  # type: ignore[no-any-return]

    @property
    def has_open_draft(self) -> bool:
        """An officer saved a text in the admin that is not published yet."""
        return bool(self.live and self.has_unpublished_changes)

    def save(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Search knows it in the same transaction, and so it does of the products that the new text leaves out.

        A stored row's `OWNED` columns are left alone: publishing a revision must not bring old counts back.
        """
        is_draft = self._state.adding and not self.live  # nobody has seen it
        is_indexed = not (is_draft or PracticeQuerySet.unindexed.issuperset(kwargs.get("update_fields") or ["title"]))
        if self.pk is not None and kwargs.get("update_fields") is None and not kwargs.get("force_insert"):
            kwargs["update_fields"] = [
                *(f.name for f in self._meta.concrete_fields if not f.primary_key and f.name not in OWNED),
                *(relation.get_accessor_name() for relation in get_all_child_relations(self)),
                *(field.name for field in get_all_child_m2m_relations(self)),
            ]
        with transaction.atomic():
            before = self._touched() if is_indexed and self.pk is not None else []
            super().save(**kwargs)
            if is_indexed:
                reindex(before, self._touched())

    def _touched(self) -> list[tuple[str, list[int]]]:
        return Practice.objects.filter(pk=self.pk).touched()

    def with_content_json(self, content: dict[str, Any]) -> Practice:
        practice: Practice = super().with_content_json(content)
        for name in OWNED:
            setattr(practice, name, getattr(self, name))
        return practice

    def publish(self, revision: Revision, *args: Any, at: datetime | None = None, **kwargs: Any) -> None:  # type: ignore[override]
        """Where every publication ends: a member's, an officer's, a workflow's, a scheduled one.

        The row is locked and its version rises. `at` dates a first publication; None is now.
        """
        with transaction.atomic():
            stored = Practice.objects.select_for_update().get(pk=self.pk)
            changes: dict[str, Any] = {"version": models.F("version") + 1}
            if stored.first_published_at is None:
                changes["posted_at"] = at or timezone.now()
            models.QuerySet.update(Practice.objects.filter(pk=self.pk), **changes)  # the entry is written below
            super().publish(revision, *args, **kwargs)

    def unpublish(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Where every withdrawal ends."""
        with transaction.atomic():
            Practice.objects.select_for_update().get(pk=self.pk)
            super().unpublish(*args, **kwargs)
            Practice.objects.filter(pk=self.pk).update(version=models.F("version") + 1)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            before = self._touched()
            gone: tuple[int, dict[str, int]] = super().delete(*args, **kwargs)
            reindex(before)
        return gone

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "knowledge/practice_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {"practice": self}
