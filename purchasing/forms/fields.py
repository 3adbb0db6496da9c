"""Figures, prices, days and instants as people type them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import boxes
from purchasing.deeds.for_district import MOST_UNITS

_PRICE = re.compile(r"\$?(\d{1,3}(,\d{3}){1,3}|\d{1,12})(\.\d{1,4})?", re.ASCII)
_COUNT = re.compile(r"\d{1,3}(,\d{3}){1,2}|\d{1,7}", re.ASCII)
MOST_PRICE = Decimal("9999999999.9999")
"""US dollars per unit: what the columns of prices hold."""


def parse_price(text: str) -> Decimal:
    """US dollars from "1,234.50" or "$306". Anything else raises `ValueError` with a sentence."""
    if not _PRICE.fullmatch(text.strip()):
        raise ValueError(_("“%(text)s” is not a price. Write it as 1,234.50.") % {"text": text.strip()[:40]})
    price = Decimal(text.strip().lstrip("$").replace(",", ""))
    if price > MOST_PRICE:
        raise ValueError(_("“%(text)s” is more than a unit can cost here.") % {"text": text.strip()[:40]})
    return price


def parse_count(text: str) -> int:
    """A whole number from "1,150". Anything else raises `ValueError` with a sentence."""
    if not _COUNT.fullmatch(text.strip()):
        raise ValueError(_("“%(text)s” is not a whole number.") % {"text": text.strip()[:40]})
    return int(text.strip().replace(",", ""))


class _TypedField(boxes.Box):
    """A figure typed as text. Empty is None; what `parse` refuses with a sentence is an error."""

    inputmode = "numeric"

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": self.inputmode, "autocomplete": "off"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**kwargs)

    def parse(self, text: str) -> Any:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return self.parse(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class CountField(_TypedField):
    """A whole number up to a million; "1,150" is one."""

    def parse(self, text: str) -> int:
        count = parse_count(text)
        if count > MOST_UNITS:
            raise ValueError(_("A quantity is a whole number from 0 to 1,000,000."))
        return count


class PriceField(_TypedField):
    """US dollars, up to four places."""

    inputmode = "decimal"

    def parse(self, text: str) -> Any:
        return parse_price(text)


class InstantField(boxes.DateTimeField):
    """An instant typed as wall time of one zone. Times that the clock change skips or repeats are refused."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)
        self.tz: ZoneInfo = ZoneInfo("America/Chicago")

    def in_zone(self, name: str) -> None:
        self.tz = ZoneInfo(name)
        self.help_text = _("%(city)s time.") % {"city": name.rpartition("/")[2].replace("_", " ")}

    def to_python(self, value: Any) -> Any:
        with timezone.override(self.tz):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.tz):
            return super().prepare_value(value)


def day_field(**kwargs: Any) -> forms.DateField:
    return boxes.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def long_text(rows: int = 4, **kwargs: Any) -> forms.CharField:
    kwargs.setdefault("max_length", 2000)
    return boxes.CharField(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
