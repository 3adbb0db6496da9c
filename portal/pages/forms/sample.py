"""A form for the style guide, which nobody sends."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import boxes


class SampleForm(forms.Form):
    """One field of each kind."""

    title = boxes.CharField(label=_("Title"), max_length=80, help_text=_("As you would say it to a colleague."))
    problem = boxes.CharField(
        label=_("The problem"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("Markdown is fine.")
    )
    # Not type=number: a browser throws away what it cannot read, and what was typed must stay.
    quantity = boxes.IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("Devices for your district."),
    )
    board_date = boxes.DateField(
        label=_("Board date"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    county = boxes.ChoiceField(
        label=_("County"), choices=[("kane", "Kane"), ("dekalb", "DeKalb"), ("kendall", "Kendall")]
    )
    state = boxes.ChoiceField(
        label=_("How far are you?"),
        widget=forms.RadioSelect,
        choices=[("use", _("In use")), ("pilot", _("Piloting")), ("stopped", _("Stopped"))],
        help_text=_("You can change it any time."),
    )
    grades = boxes.MultipleChoiceField(
        label=_("Grade bands"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("el", "PK-5"), ("mid", "6-8"), ("high", "9-12")],
    )
    quote = boxes.FileField(label=_("Quote"), required=False, help_text=_("PDF, up to 10 MB."))
    again = boxes.BooleanField(label=_("We would do it again"), help_text=_("Others see this beside your district."))
