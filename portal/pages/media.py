"""Our image and document models: each file says who can see it and carries its digest."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage


class Audience(models.TextChoices):
    """Who can see an editorial page or a file."""

    PUBLIC = "public", _("Everyone")
    MEMBERS = "members", _("Members")
    OFFICERS = "officers", _("Chapter officers")


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


class Rendition(AbstractRendition):  # type: ignore[misc]
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class Document(AbstractDocument):  # type: ignore[misc]
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
