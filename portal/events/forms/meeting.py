"""What a host types to add, move, cancel or change one meeting."""

from __future__ import annotations

from datetime import date, datetime, time

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import boxes
from portal.events.forms.edit import EditForm
from portal.events.forms.fields import PlaceForm, clock_field, day_field, near, reason_field
from portal.events.models.meetings import Meeting
from portal.events.models.recurrence import instant


class DetailsForm(EditForm, PlaceForm):
    title = boxes.CharField(
        label=_("Title"), max_length=160, error_messages={"required": _("Give the meeting a title.")}
    )

    field_order = ("title", *Meeting.PLACE_FIELDS)


class InstantForm(forms.Form):
    """A day and a time by the clock of the series."""

    day = day_field(_("Date"))
    clock = clock_field(_("Time"))

    def clean_day(self) -> date | None:
        return near(self.cleaned_data["day"])

    def instant(self, zone: str) -> datetime:
        day: date = self.cleaned_data["day"]
        clock: time = self.cleaned_data["clock"]
        return instant(day, clock, zone)


class ExtraForm(InstantForm):
    title = boxes.CharField(label=_("Title"), max_length=160, required=False, help_text=_("Empty: the series' name."))


class MoveForm(InstantForm):
    reason = reason_field()


class CancelForm(forms.Form):
    reason = reason_field()


class ReinstateForm(forms.Form):
    reason = reason_field()
