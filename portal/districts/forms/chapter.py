"""Forms of *Set up*."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import boxes
from portal.districts.deeds.import_directory import DirectoryRow, OfficeRow, Refusal
from portal.districts.forms.directory_file import read_directory, read_offices
from portal.districts.models.chapter import Chapter, validate_logo_size
from portal.pictures import plain
from portal.tables import UnreadableFileError, decoded

LOGO_FORMATS = frozenset({"PNG", "JPEG", "MPO", "WEBP"})
LOGO_PIXELS = 120_000
"""Kept of a logo, which is shown 40 high: so many stay under its 512 KB, whatever they show."""
DIRECTORY_BYTES = 5 * 1024 * 1024


class IdentityForm(forms.ModelForm[Chapter]):
    class Meta:
        model = Chapter
        fields = ["name", "state", "zone", "sentence", "logo"]
        formfield_callback = boxes.of_column

    def clean_logo(self) -> Any:
        """The name's ending is checked by the model; here, what the file really is. It is kept as a small picture."""
        logo = self.cleaned_data["logo"]
        image = getattr(logo, "image", None)
        if image is None:
            return logo
        if image.format not in LOGO_FORMATS:
            raise ValidationError(gettext("The logo must be a PNG, JPEG or WebP picture."))
        validate_logo_size(logo)
        return plain(logo, kept_pixels=LOGO_PIXELS)


def _small(upload: Any) -> None:
    if upload.size > DIRECTORY_BYTES:
        raise ValidationError(_("Choose a file under 5 MB."))


class DirectoryForm(forms.Form):
    directory = boxes.FileField(
        label=_("The state's directory"),
        help_text=_("A CSV file, one district a row."),
        validators=[FileExtensionValidator(["csv"]), _small],
    )
    offices = boxes.FileField(
        label=_("Regional offices"),
        help_text=_("A CSV file with the columns code and counties."),
        required=False,
        validators=[FileExtensionValidator(["csv"]), _small],
    )
    only_look = boxes.BooleanField(label=_("Only tell what would happen"), required=False)

    def clean_directory(self) -> list[DirectoryRow | Refusal]:
        upload = self.cleaned_data["directory"]
        try:
            return read_directory(decoded(upload.read()), upload.name)
        except UnreadableFileError as error:
            raise ValidationError(str(error)) from error

    def clean_offices(self) -> list[OfficeRow] | None:
        upload = self.cleaned_data["offices"]
        try:
            return read_offices(decoded(upload.read()), upload.name) if upload else None
        except UnreadableFileError as error:
            raise ValidationError(str(error)) from error
