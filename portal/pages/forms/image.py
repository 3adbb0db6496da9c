"""An image as an officer uploads or replaces it in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.forms import FileField
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from portal.pages.models.media import SHOWN_SIZE, Image
from portal.pages.models.uploads import taken_in


class PictureField(WagtailImageField):  # type: ignore[misc]
    def to_python(self, data: Any) -> Any:
        """Taken in before Wagtail looks at it, which fails on a file that is not whole."""
        file = FileField.to_python(self, data)
        return super().to_python(taken_in(file, images_only=True) if file else file)


class ImageForm(BaseImageForm):  # type: ignore[misc]
    original_file: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = PictureField(label=field.label, required=field.required, widget=field.widget)

    def save(self, commit: bool = True) -> Image:
        """Wagtail deletes what was made of the file before at once; pages show it until there is something new."""
        before = self.original_file if commit and "file" in self.changed_data else None
        self.original_file = None
        image: Image = super().save(commit=commit)
        if before:
            image.renditions.exclude(filter_spec=SHOWN_SIZE).delete()
            transaction.on_commit(lambda: before.storage.delete(before.name))
        return image
