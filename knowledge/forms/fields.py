"""Fields that several of the forms have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from knowledge.models.practices import LONG_TEXT
from knowledge.models.products import MAX_PRODUCTS, not_products, product_names
from knowledge.models.tags import MAX_TAGS, not_tags, tag_names
from portal import boxes
from portal.prose import MarkdownField

MARKDOWN = _("Markdown works: **bold**, lists with -, tables, links.")


class TagsField(boxes.CharField):
    """Tags as a comma-separated list; cleans to their slugs."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "required": False,
            "max_length": 400,
            "label": _("Tags"),
            "help_text": _("Up to eight words, with commas: chromebooks, repair, student-help-desk"),
        }
        super().__init__(**defaults | kwargs)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        _refuse(not_tags(typed), _("“%(words)s” cannot be a tag. Use 40 letters and digits at most."))
        names = tag_names(typed)
        if len(names) > MAX_TAGS:
            raise ValidationError(_("Keep the %(n)d most telling tags."), params={"n": MAX_TAGS})
        return tuple(names)


class ProductsField(boxes.CharField):
    """Products by name, as a comma-separated list; cleans to distinct names."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "required": False,
            "max_length": 800,
            "label": _("Products"),
            "help_text": _("Applications, devices or services by name, with commas: Google Admin console, GoGuardian"),
        }
        super().__init__(**defaults | kwargs)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        _refuse(not_products(typed), _("“%(words)s” cannot be a product's name. Use 80 letters and digits at most."))
        names = product_names(typed)
        if len(names) > MAX_PRODUCTS:
            raise ValidationError(_("Keep the %(n)d products that matter most here."), params={"n": MAX_PRODUCTS})
        return tuple(names)


def _refuse(words: list[str], sentence: Any) -> None:
    """Nothing that was typed is left out without a word."""
    if words:
        raise ValidationError(sentence, params={"words": ", ".join(words)})


def long_text(
    label: Any, help_text: Any = "", *, required: bool = False, rows: int = 6, missing: Any = ""
) -> forms.CharField:
    return MarkdownField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONG_TEXT,
        error_messages={"required": missing} if missing else None,
        widget=forms.Textarea(attrs={"rows": rows}),
    )
