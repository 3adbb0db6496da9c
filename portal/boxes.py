"""The fields of every form: what they take, where it ends, and what they say.

They have Django's names and differ from them in three ways: text is `tidy`, numbers are plain digits and dates of a
century that is ours, and each message names what it is about. Another message is given where the form knows a better
one (`error_messages`).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.text import ascii_address, has_something_to_see, one_line, tidy

FIRST_YEAR, LAST_YEAR = 2000, 2099
MOST = 2**31 - 1
"""What every database's integer holds."""

_WHOLE = re.compile(r"\s*[-+]?\d+\s*", re.ASCII)
_DECIMAL = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)\s*", re.ASCII)


class Box(forms.Field):
    default_error_messages = {
        "required": _("Fill in “%(label)s”."),
        "max_length": _("“%(label)s” can have %(limit_value)d characters at most. This has %(show_value)d."),
        "min_length": _("“%(label)s” must have at least %(limit_value)d characters. This has %(show_value)d."),
        "max_value": _("“%(label)s” can be %(limit_value)s at most."),
        "min_value": _("“%(label)s” must be at least %(limit_value)s."),
    }

    def clean(self, *args: Any) -> Any:
        try:
            return super().clean(*args)
        except ValidationError as error:
            for each in error.error_list:
                if each.code in self.error_messages:
                    each.params = {"label": self.label or "", **(each.params or {})}
            raise

    def refuse(self, code: str, **params: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)


class CharField(Box, forms.CharField):
    """Text without what nobody sees. Only a text area has line breaks, and one counts as one character."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return self.empty_value
        text = tidy(str(value))
        text = text if isinstance(self.widget, forms.Textarea) else one_line(text)
        return super().to_python(text if has_something_to_see(text) else "")


class SlugField(CharField, forms.SlugField):
    default_error_messages = {"invalid": _("Use letters, digits and hyphens for “%(label)s”.")}


class EmailField(CharField, forms.EmailField):
    default_error_messages = {"invalid": _("Enter an email address such as name@district.org.")}

    def to_python(self, value: Any) -> Any:
        return ascii_address(super().to_python(value))


class URLField(CharField, forms.URLField):
    default_error_messages = {"invalid": _("Enter an address such as https://example.org for “%(label)s”.")}


class IntegerField(Box, forms.IntegerField):
    default_error_messages = {"invalid": _("Enter a whole number for “%(label)s”.")}

    def __init__(self, *, min_value: int, max_value: int, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and not _WHOLE.fullmatch(str(value)):
            raise self.refuse("invalid")
        return super().to_python(value)


class DecimalField(Box, forms.DecimalField):
    default_error_messages = {
        "invalid": _("Enter a number such as 12.50 for “%(label)s”."),
        "max_digits": _("“%(label)s” can have %(max)s digits at most."),
        "max_decimal_places": _("“%(label)s” can have %(max)s digits after the point at most."),
        "max_whole_digits": _("“%(label)s” can have %(max)s digits before the point at most."),
    }

    def __init__(self, *, min_value: int, max_digits: int, decimal_places: int, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and not _DECIMAL.fullmatch(str(value)):
            raise self.refuse("invalid")
        return super().to_python(value)


class _TimedBox(Box):
    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and not value.isascii():
            raise self.refuse("invalid")
        found = super().to_python(value)
        if isinstance(found, date | datetime) and not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise self.refuse("year", first=FIRST_YEAR, last=LAST_YEAR)
        return found


_YEAR = _("Check the year of “%(label)s”. It must be between %(first)d and %(last)d.")


class DateField(_TimedBox, forms.DateField):
    default_error_messages = {"invalid": _("Enter a date such as 2026-12-18 for “%(label)s”."), "year": _YEAR}


class DateTimeField(_TimedBox, forms.DateTimeField):
    default_error_messages = {
        "invalid": _("Enter a date and a time such as 2026-12-18 15:30 for “%(label)s”."),
        "year": _YEAR,
    }


class TimeField(_TimedBox, forms.TimeField):
    default_error_messages = {"invalid": _("Enter a time such as 13:30 for “%(label)s”.")}


class BooleanField(Box, forms.BooleanField):
    default_error_messages = {"required": _("Tick “%(label)s” to go on.")}


class _ChoiceBox(Box):
    default_error_messages = {
        "required": _("Choose an answer for “%(label)s”."),
        "invalid_choice": _("Choose one of the answers listed for “%(label)s”."),
        "invalid_list": _("Choose from the answers listed for “%(label)s”."),
        "invalid_pk_value": _("Choose from the answers listed for “%(label)s”."),
    }


class ChoiceField(_ChoiceBox, forms.ChoiceField):
    pass


class TypedChoiceField(_ChoiceBox, forms.TypedChoiceField):
    pass


class MultipleChoiceField(_ChoiceBox, forms.MultipleChoiceField):
    pass


class TypedMultipleChoiceField(_ChoiceBox, forms.TypedMultipleChoiceField):
    pass


class ModelChoiceField(_ChoiceBox, forms.ModelChoiceField):  # type: ignore[type-arg]
    pass


class ModelMultipleChoiceField(_ChoiceBox, forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    pass


class FileField(Box, forms.FileField):
    default_error_messages = {
        "required": _("Choose a file for “%(label)s”."),
        "invalid": _("Choose a file for “%(label)s”."),
        "missing": _("Choose a file for “%(label)s”."),
        "empty": _("The file for “%(label)s” is empty."),
        "max_length": _("The file's name can have %(max)d characters at most. This has %(length)d."),
        "contradiction": _("Either choose a file for “%(label)s” or clear it, not both."),
    }


class ImageField(FileField, forms.ImageField):
    default_error_messages = {"invalid_image": _("The file for “%(label)s” is not a picture that can be read.")}


COLUMNS: dict[type[models.Field[Any, Any]], type[forms.Field]] = {
    models.ImageField: ImageField,
    models.FileField: FileField,
    models.EmailField: EmailField,
    models.URLField: URLField,
    models.SlugField: SlugField,
    models.CharField: CharField,
    models.TextField: CharField,
    models.DateTimeField: DateTimeField,
    models.DateField: DateField,
    models.TimeField: TimeField,
    models.BooleanField: BooleanField,
    models.ForeignKey: ModelChoiceField,
}


def of_column(column: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """The field for a column: `formfield_callback` of every model form.

    A number's field is declared in the form: its bounds stand in no column.
    """
    ours = next((field for kind, field in COLUMNS.items() if isinstance(column, kind)), None)
    if ours is not None:
        kwargs = {"form_class": ours, "choices_form_class": TypedChoiceField, **kwargs}
    return column.formfield(**kwargs)
