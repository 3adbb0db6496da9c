"""What a host types to plan a series, and to change what it is called and where it meets."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext_lazy as _

from portal import boxes
from portal.districts.models import County, RegionalOffice
from portal.districts.models.standing import Standing
from portal.events.deeds.plan_series import Plan
from portal.events.forms.edit import EditForm
from portal.events.forms.fields import PlaceForm, clock_field, day_field, near
from portal.events.models.meetings import Meeting
from portal.events.models.recurrence import LAST, MOST_MONTH_DAYS, NTHS, Pattern, Recurrence, months_between
from portal.events.models.series import MeetingSeries

MOST_DATES = 80


def _number(label: Any, choices: list[tuple[int, Any]], initial: int, help_text: Any) -> forms.TypedChoiceField:
    return boxes.TypedChoiceField(
        label=label, choices=choices, coerce=int, initial=initial, required=False, help_text=help_text
    )


def _numbers(label: Any, choices: list[tuple[int, Any]], initial: list[int], help_text: Any) -> Any:
    return boxes.TypedMultipleChoiceField(
        label=label,
        choices=choices,
        coerce=int,
        initial=initial,
        required=False,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
    )


WEEKDAY_NEEDED = _("Choose at least one weekday.")
NEEDED = {
    Pattern.NTH_WEEKDAY.value: {"nth": _("Choose which ones of the month."), "weekday": WEEKDAY_NEEDED},
    Pattern.WEEKS.value: {"weekday": WEEKDAY_NEEDED, "interval": _("Say every how many weeks; 1 is every week.")},
    Pattern.MONTH_DAY.value: {"month_day": _("Choose the day of the month.")},
    Pattern.DATES.value: {"dates": _("Write the dates, one on each line.")},
}


class SeriesForm(PlaceForm):
    """A series in words a host can say: "second Thursday, 1:30 PM, September to May"."""

    name = boxes.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As members read it on the list."),
        error_messages={"required": _("Give the series a name.")},
    )
    office = boxes.ModelChoiceField(label=_("Regional office"), queryset=RegionalOffice.objects.none())
    county = boxes.ModelChoiceField(
        label=_("County"),
        queryset=County.objects.none(),
        required=False,
        empty_label=_("All counties of the office"),
    )
    pattern = boxes.ChoiceField(
        label=_("How often"), choices=Pattern.choices, widget=forms.RadioSelect, initial=Pattern.NTH_WEEKDAY
    )
    nth = _numbers(
        _("Which ones of the month"),
        list(NTHS.items()),
        [2],
        _("For weekdays of the month only. A month without a fifth one has no meeting."),
    )
    weekday = _numbers(_("Weekdays"), list(WEEKDAYS.items()), [3], _("For weekdays of the month and for weeks only."))
    interval = boxes.IntegerField(
        label=_("Every how many weeks"),
        min_value=1,
        max_value=26,
        required=False,
        help_text=_("For weeks only: 1 is every week. They are counted from the first of these weekdays."),
    )
    month_day = boxes.TypedChoiceField(
        label=_("Day of the month"),
        choices=[*((day, day) for day in range(1, MOST_MONTH_DAYS + 1)), (LAST, _("the last day"))],
        coerce=int,
        initial=15,
        required=False,
        help_text=_("For the same day of each month only. A month without a 31st has no meeting; each has a last day."),
    )
    from_month = _number(_("From month"), list(MONTHS.items()), 9, _("Not for single dates."))
    to_month = _number(_("To month"), list(MONTHS.items()), 5, _("Not for single dates."))
    dates = boxes.CharField(
        label=_("Single dates"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, as 2026-12-10. For single dates only."),
    )
    first_date = day_field(_("First date"), help_text=_("Meetings are made from this day on."))
    last_date = day_field(_("Last date"), required=False, help_text=_("Empty while it goes on."))
    start_time = clock_field(_("Starts at"))
    duration_minutes = boxes.IntegerField(label=_("Length in minutes"), min_value=5, max_value=720, initial=90)
    join_link_hours = boxes.IntegerField(
        label=_("Show the link how many hours before"), min_value=0, max_value=336, initial=24
    )
    seen = boxes.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    """The digest of the dates that were shown; what was not shown is not planned."""
    dates_public = boxes.BooleanField(
        label=_("Dates are public"),
        required=False,
        help_text=_("Visitors see date, title and county; nothing else."),
    )

    asked_on_condition = ("nth", "weekday", "interval", "month_day", "from_month", "to_month", "dates")
    field_order = (
        *("name", "office", "county", "pattern", "nth", "weekday", "interval", "month_day", "dates"),
        *("from_month", "to_month", "first_date", "last_date", "start_time", "duration_minutes"),
        *("room", "address", "entrance", "parking", "join_link", "join_link_hours", "dates_public", "seen"),
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
                words = _("“%(line)s” is not a date. Write it like this: 2026-12-10.")
                raise ValidationError(words, params={"line": line}) from error
            near(days[-1])
        if len(days) > MOST_DATES:
            raise ValidationError(
                _("Enter at most %(most)d dates. There are %(count)d."), params={"most": MOST_DATES, "count": len(days)}
            )
        return tuple(days)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        office, county = data.get("office"), data.get("county")
        if office and county and county.pk not in office.county_ids:
            self.add_error("county", _("This county is not one of the office's."))
        first, last = data.get("first_date"), data.get("last_date")
        if first and last and last < first:
            self.add_error("last_date", _("The last date is before the first."))
        for name, sentence in NEEDED.get(data.get("pattern", ""), {}).items():
            if name not in self.errors and not data.get(name):
                self.add_error(name, sentence)
        return data

    def recurrence(self) -> Recurrence:
        data = self.cleaned_data
        return Recurrence(
            Pattern(data["pattern"]),
            weekdays=tuple(data["weekday"]),
            nths=tuple(data["nth"]),
            interval=data["interval"] or 1,
            month_day=_or(data["month_day"], 1),
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
    name = boxes.CharField(label=_("Name"), max_length=120, error_messages={"required": _("Give the series a name.")})
    join_link_hours = SeriesForm.base_fields["join_link_hours"]
    dates_public = SeriesForm.base_fields["dates_public"]

    field_order = ("name", *MeetingSeries.PLACE_FIELDS, "join_link_hours", "dates_public")


def _or(value: Any, default: int) -> int:
    return default if value in (None, "") else int(value)
