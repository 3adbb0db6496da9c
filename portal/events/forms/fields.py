"""Fields that several forms share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import boxes

LATEST_YEARS_AHEAD = 5


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: Any, **options: Any) -> forms.DateField:
    return boxes.DateField(label=label, widget=DayInput(), **options)


def near(day: date | None) -> date | None:
    """Refuse slips of the keyboard: year 0206, year 20206."""
    today = timezone.localdate()
    if day is not None and not today.year - 3 <= day.year <= today.year + LATEST_YEARS_AHEAD:
        raise ValidationError(_("Enter a date within the next five years."))
    return day


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def clock_field(label: Any, **options: Any) -> forms.TimeField:
    return boxes.TimeField(label=label, widget=ClockInput(), **options)


def reason_field() -> forms.CharField:
    return boxes.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Members read it on the page and in the email."),
        error_messages={"required": _("Give a reason.")},
    )


class PlaceForm(forms.Form):
    room = boxes.CharField(label=_("Room"), max_length=120, required=False)
    address = boxes.CharField(label=_("Address"), max_length=200, required=False)
    entrance = boxes.CharField(
        label=_("Entrance"), max_length=200, required=False, help_text=_("For example: Door 3, ring at the desk.")
    )
    parking = boxes.CharField(label=_("Parking"), max_length=200, required=False)
    join_link = boxes.URLField(
        label=_("Link to join online"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Members see it from some hours before the start."),
    )
