"""What a host types to plan a series, and to change what it is called and where it meets."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext_lazy as _

from portal.districts.models import County, RegionalOffice
from portal.districts.models.standing import Standing
from portal.events.deeds.plan_series import Plan
from portal.events.forms.edit import EditForm
from portal.events.forms.fields import PlaceForm, clock_field, day_field, near
from portal.events.models.meetings import Meeting
from portal.events.models.recurrence import (
    LAST_SAFE_DAY,
    NTHS,
    Pattern,
    Recurrence,
    months_between,
)
from portal.events.models.series import MeetingSeries


def _numbered(names: tuple[Any, ...], first: int) -> list[tuple[int, Any]]:
    return list(enumerate(names, start=first))


def _number(label: Any, choices: list[tuple[int, Any]], initial: int, help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=int, initial=initial, required=False, help_text=help_text
    )


class SeriesForm(PlaceForm):
    """A series in words a host can say: "second Thursday, 1:30 PM, September to May"."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As members read it on the list."))
    office = forms.ModelChoiceField(label=_("Regional office"), queryset=RegionalOffice.objects.none())
    county = forms.ModelChoiceField(
        label=_("County"),
        queryset=County.objects.none(),
        required=False,
        empty_label=_("All counties of the office"),
    )
    pattern = forms.ChoiceField(
        label=_("How often"), choices=Pattern.choices, widget=forms.RadioSelect, initial=Pattern.NTH_WEEKDAY
    )
    nth = _number(_("Which one of the month"), _numbered(NTHS, 1), 2, _("For the first to fourth weekday only."))
    weekday = _number(_("Weekday"), list(WEEKDAYS.items()), 3, _("For weekdays of the month and for weeks only."))
    interval = forms.IntegerField(
        label=_("Every how many weeks"), min_value=1, max_value=26, required=False, help_text=_("For weeks only.")
    )
    month_day = forms.IntegerField(
        label=_("Day of the month"),
        min_value=1,
        max_value=LAST_SAFE_DAY,
        required=False,
        help_text=_("1 to 28, for the same day of each month only."),
    )
    from_month = _number(_("From month"), list(MONTHS.items()), 9, _("Not for single dates."))
    to_month = _number(_("To month"), list(MONTHS.items()), 5, _("Not for single dates."))
    dates = forms.CharField(
        label=_("Single dates"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, as 2026-12-10. For single dates only."),
    )
    first_date = day_field(_("First date"), help_text=_("Meetings are made from this day on."))
    last_date = day_field(_("Last date"), required=False, help_text=_("Empty while it goes on."))
    start_time = clock_field(_("Starts at"))
    duration_minutes = forms.IntegerField(label=_("Length in minutes"), min_value=5, max_value=720, initial=90)
    join_link_hours = forms.IntegerField(
        label=_("Show the link how many hours before"), min_value=0, max_value=336, initial=24
    )
    dates_public = forms.BooleanField(
        label=_("Dates are public"),
        required=False,
        help_text=_("Visitors see date, title and county; nothing else."),
    )

    asked_on_condition = ("nth", "weekday", "interval", "month_day", "from_month", "to_month", "dates")
    field_order = (
        *("name", "office", "county", "pattern", "nth", "weekday", "interval", "month_day", "dates"),
        *("from_month", "to_month", "first_date", "last_date", "start_time", "duration_minutes"),
        *("room", "address", "entrance", "parking", "join_link", "join_link_hours", "dates_public"),
    )

    def __init__(self, *args: Any, standing: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices, counties = RegionalOffice.objects.all(), County.objects.all()
        if not standing.is_officer:
            offices = offices.filter(pk__in=standing.office_ids)
            counties = counties.filter(offices__in=standing.office_ids).distinct()
        office, county = self.fields["office"], self.fields["county"]
        office.queryset, county.queryset = offices, counties  # type: ignore[attr-defined]
        if len(standing.offices) == 1:
            office.initial = standing.offices[0].pk

    def clean_first_date(self) -> date | None:
        return near(self.cleaned_data["first_date"])

    def clean_last_date(self) -> date | None:
        return near(self.cleaned_data["last_date"])

    def clean_dates(self) -> tuple[date, ...]:
        days = []
        for line in self.cleaned_data["dates"].replace(",", "\n").split():
            try:
                days.append(date.fromisoformat(line))
            except ValueError as error:
                raise ValidationError(_("%(line)s is no date; write 2026-12-10."), params={"line": line}) from error
            near(days[-1])
        return tuple(days[:80])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        office, county = data.get("office"), data.get("county")
        if office and county and county.pk not in office.county_ids:
            self.add_error("county", _("This county is not one of the office's."))
        first, last = data.get("first_date"), data.get("last_date")
        if first and last and last < first:
            self.add_error("last_date", _("The last date is before the first."))
        needed = {Pattern.WEEKS: "interval", Pattern.MONTH_DAY: "month_day", Pattern.DATES: "dates"}
        name = needed.get(Pattern(data["pattern"])) if data.get("pattern") else None
        if name and name not in self.errors and not data.get(name):
            self.add_error(name, _("Fill this in for the pattern you chose."))
        return data

    def recurrence(self) -> Recurrence:
        data = self.cleaned_data
        return Recurrence(
            Pattern(data["pattern"]),
            weekday=_or(data["weekday"], 3),
            nth=_or(data["nth"], 2),
            interval=data["interval"] or 1,
            month_day=data["month_day"] or 1,
            months=months_between(_or(data["from_month"], 1), _or(data["to_month"], 12)),
            dates=data["dates"],
        )

    def plan(self) -> Plan:
        data = self.cleaned_data
        return Plan(
            name=data["name"],
            office=data["office"],
            county=data["county"],
            recurrence=self.recurrence(),
            place={name: data[name] for name in Meeting.PLACE_FIELDS},
            **{
                name: data[name]
                for name in (
                    *("first_date", "last_date", "start_time", "duration_minutes"),
                    *("dates_public", "join_link_hours"),
                )
            },
        )


class SeriesChangeForm(EditForm, PlaceForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    join_link_hours = SeriesForm.base_fields["join_link_hours"]
    dates_public = SeriesForm.base_fields["dates_public"]

    field_order = ("name", *MeetingSeries.PLACE_FIELDS, "join_link_hours", "dates_public")


def _or(value: Any, default: int) -> int:
    return default if value in (None, "") else int(value)
