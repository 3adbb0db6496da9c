"""The name of a saved search, and how often its person hears of it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from portal import boxes
from portal.saved.models import Often, SavedSearch


class SavedSearchForm(forms.ModelForm[SavedSearch]):
    often = boxes.ChoiceField(
        label=gettext_lazy("When we write of new things"), choices=Often.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = SavedSearch
        fields = ["name", "often"]
        error_messages = {"name": {"required": gettext_lazy("Give the search a name.")}}
        formfield_callback = boxes.of_column
