"""A form for the style guide, which nobody sends."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label=_("Title"), max_length=80, help_text=_("As you would say it to a colleague."))
    problem = forms.CharField(
        label=_("The problem"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("Markdown is fine.")
    )
    # Not type=number: a browser throws away what it cannot read, and what was typed must stay.
    quantity = forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("Devices for your district."),
    )
    board_date = forms.DateField(
        label=_("Board date"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    county = forms.ChoiceField(
        label=_("County"), choices=[("kane", "Kane"), ("dekalb", "DeKalb"), ("kendall", "Kendall")]
    )
    state = forms.ChoiceField(
        label=_("How far are you?"),
        widget=forms.RadioSelect,
        choices=[("use", _("In use")), ("pilot", _("Piloting")), ("stopped", _("Stopped"))],
        help_text=_("You can change it any time."),
    )
    grades = forms.MultipleChoiceField(
        label=_("Grade bands"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("el", "PK-5"), ("mid", "6-8"), ("high", "9-12")],
    )
    quote = forms.FileField(label=_("Quote"), required=False, help_text=_("PDF, up to 10 MB."))
    again = forms.BooleanField(label=_("We would do it again"), help_text=_("Others see this beside your district."))
