"""What a host types while minutes are taken: notes, decisions, actions, and who was there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.districts.models import District
from portal.events.forms.agenda import day_field, near
from portal.events.forms.edit import send_again
from portal.events.models.meetings import Meeting
from portal.refusals import Stale


class NotesForm(forms.Form):
    """What was shown is sent along, so that notes nobody touched are not written."""

    notes = forms.CharField(
        label=_("Minutes"),
        max_length=50_000,
        required=False,
        show_hidden_initial=True,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    is_finished = forms.BooleanField(
        label=_("Finished"),
        required=False,
        show_hidden_initial=True,
        help_text=_("What is not finished comes onto the next agenda."),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @property
    def is_changed(self) -> bool:
        return not {"notes", "is_finished"}.isdisjoint(self.changed_data)

    def show_stale(self, refusal: Stale) -> None:
        """Say what stands there now; what was typed stays, and saved once more it replaces that."""
        send_again(self, "version", str(refusal.stored.version))
        self.add_error("notes", str(refusal))


class DecisionForm(forms.Form):
    """A new decision, or a recorded one put right: emptied, it is taken out."""

    text = forms.CharField(
        label=_("Decision"),
        max_length=2000,
        required=False,
        show_hidden_initial=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ActionForm(forms.Form):
    """A new action, or a recorded one put right: emptied, it is taken out."""

    text = forms.CharField(label=_("What is to be done"), max_length=1000, required=False, show_hidden_initial=True)
    owner = forms.ModelChoiceField(
        label=_("Who does it"),
        queryset=District.objects.none(),
        required=False,
        show_hidden_initial=True,
        empty_label=_("The host"),
    )
    due = day_field(_("Due"), required=False)

    def __init__(
        self, *args: Any, meeting: Meeting, districts: Sequence[District], kept: District | None = None, **kwargs: Any
    ) -> None:
        """`kept` has the recorded action now, whether or not it is one of the series' `districts`."""
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = meeting.series.choices(kept)
        left = [kept] if kept is not None and kept not in districts else []
        owner.choices = [("", _("The host")), *((d.pk, d.name) for d in (*left, *districts))]
        self.fields["due"].show_hidden_initial = True

    def clean_due(self) -> date | None:
        return near(self.cleaned_data["due"])

    def clean(self) -> dict[str, Any]:
        if self.has_changed() and not self.cleaned_data.get("text") and not self.initial:
            self.add_error("text", _("Say what is to be done."))
        return self.cleaned_data


class AttendanceForm(forms.Form):
    """One number a district: how many people were there."""

    def __init__(self, *args: Any, districts: Sequence[District], present: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.districts = districts
        for district in districts:
            self.fields[f"people_{district.pk}"] = forms.IntegerField(
                label=district.name,
                min_value=0,
                max_value=500,
                required=False,
                initial=present.get(district.pk, 0),
            )

    def people(self) -> dict[District, int]:
        return {district: self.cleaned_data.get(f"people_{district.pk}") or 0 for district in self.districts}
