"""Every component in every state on one page: what is right here is right everywhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.paging import Page


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


@login_not_required
@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    return render(request, "style_guide.html", _samples())


def _samples() -> dict[str, Any]:
    wrong = SampleForm({"title": "", "quantity": "many", "county": "kane"})
    wrong.add_error(None, _("The agreement closed while you were typing."))
    return {
        "plain_form": SampleForm(prefix="plain"),
        "wrong_form": wrong,
        "crumbs": [(_("Practices"), "/practices/"), (_("Devices"), "/practices/?tag=devices")],
        "page": Page(rows=[], next="next", previous="previous"),
        "cells": [
            {"label": "Kaneland", "state": "pilot", "title": "Kaneland CUSD 302", "own": True},
            {"label": "Geneva", "state": "yes", "title": "Geneva CUSD 304"},
            {"label": "Batavia", "state": "yes", "title": "Batavia USD 101"},
            {"label": "St. Charles", "state": "yes", "title": "St. Charles CUSD 303"},
            {"label": "Central 301", "state": "no", "title": "Central CUSD 301"},
            {"label": "U-46", "state": "stopped", "title": "School District U-46"},
            {"label": "D300", "state": "yes", "title": "Community Unit School District 300"},
            {"label": "West Aurora", "state": "no", "title": "West Aurora USD 129"},
            {"label": "East Aurora", "state": "yes", "title": "East Aurora USD 131"},
        ],
        "breaks": [
            {"quantity": 1, "price": "$329.00"},
            {"quantity": 500, "price": "$318.00"},
            {"quantity": 950, "price": "$306.00"},
        ],
        "tags": ["Chromebooks", "student help desk", {"name": "repair", "slug": "repair"}],
        "colors": COLORS,
    }


COLORS = [
    "ground",
    "surface",
    "tint",
    "line",
    "edge",
    "ink",
    "ink-soft",
    "accent",
    "accent-strong",
    "accent-tint",
    "closing",
    "closing-tint",
    "good",
    "good-tint",
    "wait",
    "wait-tint",
    "stop",
    "stop-tint",
    "mark",
]
