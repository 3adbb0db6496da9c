"""Our image and document models: each file says who can see it and carries its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, ImageQuerySet, SourceImageIOError
from wagtail.images.models import Image as WagtailImage

from portal import pictures
from portal.districts.models.standing import Standing, standing_of
from portal.pages.models.uploads import is_picture, taken_in
from portal.search.entries.indexing import IndexedModel, IndexedQuerySet


class Audience(models.TextChoices):
    """Who can see an editorial page or a file, widest first."""

    PUBLIC = "public", _("Everyone")
    MEMBERS = "members", _("Members")
    OFFICERS = "officers", _("Chapter officers")


def audiences_of(standing: Standing) -> list[str]:
    """The audiences this person belongs to."""
    found: list[str] = [Audience.PUBLIC]
    if standing.is_member:
        found.append(Audience.MEMBERS)
    if standing.is_officer:
        found.append(Audience.OFFICERS)
    return found


def tighter(one: str, other: str) -> str:
    """Of two audiences the smaller one."""
    return max(one, other, key=Audience.values.index)


SHOWN_SIZE = "width-1200|format-webp"
"""The one size in which pages show an image; `deeds.make_renditions` makes it, and a page never."""
GIVEN_UP = "given up"
"""The `focal_point_key` of a rendition without a file: nothing can be made of the image's file with its `sha256`."""


class _File(Protocol):
    file: Any
    sha256: str


def fill_digest(item: _File) -> None:
    """Write the SHA-256 of a file that is new or has none yet; hexadecimal."""
    if not item.file or (item.sha256 and item.file._committed):
        return
    digest = hashlib.sha256()
    with item.file.open("rb") if item.file._committed else _Kept(item.file.file) as stream:
        for chunk in iter(lambda: stream.read(1 << 16), b""):
            digest.update(chunk)
    item.sha256 = digest.hexdigest()


@contextmanager
def received(item: Any) -> Iterator[None]:
    """Around the save of a row with a file: no picture is kept as it came, and no file without its row.

    What a form checked was taken in there. Wagtail stores a file by itself whose title was refused at first.
    """
    stored = item.file if item.file and item.file._committed and not item.sha256 else None
    is_new = bool(stored) or (bool(item.file) and not item.file._committed)
    its_row_has = stored.name if stored and not item._state.adding else ""
    if is_new and is_picture(item.file.name) and (kept := taken_in(item.file)) is not item.file:
        item.file, item.file_size, item.file_hash = kept, kept.size, ""
    fill_digest(item)
    try:
        yield
    except Exception:
        if is_new and item.file._committed and item.file.name != its_row_has:
            item.file.storage.delete(item.file.name)
        raise
    if stored and stored.name != item.file.name:
        transaction.on_commit(partial(stored.storage.delete, stored.name))  # undone, the row has the old file


class _Kept:
    """An upload that is still needed: read from its start, then wound back and left open."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __enter__(self) -> Any:
        self.stream.seek(0)
        return self.stream

    def __exit__(self, *error: object) -> None:
        self.stream.seek(0)


class VisibleImages(ImageQuerySet):  # type: ignore[misc]
    def visible_to(self, user: Any) -> VisibleImages:
        found: VisibleImages = self.filter(audience__in=audiences_of(standing_of(user)))
        return found

    def unmade(self) -> VisibleImages:
        """Whose present file pages cannot show yet, and perhaps can."""
        made = Rendition.objects.filter(image=OuterRef("pk"), filter_spec=SHOWN_SIZE, sha256=OuterRef("sha256"))
        found: VisibleImages = self.exclude(Exists(made))
        return found


class VisibleDocuments(IndexedQuerySet["Document"], DocumentQuerySet):  # type: ignore[misc]
    kind = "document"

    def visible_to(self, user: Any) -> VisibleDocuments:
        found: VisibleDocuments = self.filter(audience__in=audiences_of(standing_of(user)))
        return found

    def unread(self, now: datetime) -> VisibleDocuments:
        """Whose present file nobody has read for search, is reading, or has given up."""
        other_file = ~Q(words__sha256=F("sha256"))
        found: VisibleDocuments = self.filter(Q(words=None) | other_file | Q(words__next_try_at__lte=now))
        return found


class Image(AbstractImage):  # type: ignore[misc]
    # The two relations are Wagtail's, renamed on the far side: its own unused model of the same name takes the default.
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="uploaded_images"
    )
    tags = TaggableManager(blank=True, verbose_name=_("tags"), related_name="tagged_images")
    audience = models.CharField(
        _("Who can see this"), max_length=10, choices=Audience.choices, default=Audience.MEMBERS
    )
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    admin_form_fields = (*WagtailImage.admin_form_fields, "audience")

    objects = VisibleImages.as_manager()

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        indexes = [models.Index(fields=["file"], name="image_by_file")]

    def clean(self) -> None:
        super().clean()
        if self.file and not self.file._committed:
            _check(self, images_only=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        with received(self):
            super().save(*args, **kwargs)

    @property
    def shown(self) -> Rendition | None:
        """What pages show of it; None until it is made. One query."""
        made = self.renditions.filter(filter_spec=SHOWN_SIZE).exclude(focal_point_key=GIVEN_UP)
        found: Rendition | None = made.order_by("pk").last()
        return found

    def generate_rendition_file(self, filter: Filter, *, source: Any = None) -> Any:  # noqa: A002 - Wagtail's word
        """As Wagtail's; what it cannot make for any reason is, in its admin, a picture that is missing."""
        try:
            return super().generate_rendition_file(filter, source=source)
        except pictures.NOT_READ as error:
            raise SourceImageIOError(str(error)) from error


class Rendition(AbstractRendition):  # type: ignore[misc]
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    """Of the image's file that it was made of. Where the image's is another, a new one is on its way."""

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
        indexes = [models.Index(fields=["file"], name="rendition_by_file")]


class Document(IndexedModel, AbstractDocument):  # type: ignore[misc]
    # The two relations are Wagtail's, renamed on the far side: its own unused model of the same name takes the default.
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="uploaded_documents",
    )
    tags = TaggableManager(blank=True, verbose_name=_("tags"), related_name="tagged_documents")
    audience = models.CharField(
        _("Who can see this"), max_length=10, choices=Audience.choices, default=Audience.MEMBERS
    )
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    admin_form_fields = ("title", "file", "collection", "tags", "audience")

    objects = VisibleDocuments.as_manager()

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = [models.Index(fields=["file"], name="document_by_file")]

    def clean(self) -> None:
        super().clean()
        if self.file and not self.file._committed:
            _check(self)

    def save(self, *args: Any, **kwargs: Any) -> None:
        with received(self):
            super().save(*args, **kwargs)


class DocumentTexts(IndexedQuerySet["DocumentText"]):
    kind = "document"
    unindexed = frozenset({"tries", "next_try_at"})


class DocumentText(IndexedModel):
    """The words of a document's file, as `deeds.read_documents` read them; beside it, because most pages need none."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="words")
    sha256 = models.CharField(max_length=64, blank=True)
    """Of the file that was read. Where the document's is another, its file was replaced since."""
    text = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    """A reader moves it ahead before it begins; None once the file is read, or given up."""

    objects = DocumentTexts.as_manager()

    class Meta:
        verbose_name = _("words of a document")
        verbose_name_plural = _("words of documents")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.document)


def _check(item: Any, *, images_only: bool = False) -> None:
    try:
        item.file = taken_in(item.file, images_only=images_only)
    except ValidationError as refusal:
        raise ValidationError({"file": refusal.messages}) from refusal
