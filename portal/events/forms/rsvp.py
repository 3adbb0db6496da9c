"""Who comes, as people say it, or a district by phone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import boxes
from portal.districts.models import District
from portal.events.models.meetings import Meeting
from portal.events.models.rsvps import Reply


class DatedForm(forms.Form):
    asked_for = boxes.DateTimeField(required=False, widget=forms.HiddenInput)
    """The start that was read beside the question."""


class RsvpForm(DatedForm):
    answer = boxes.ChoiceField(label=_("Are you coming?"), choices=Reply.choices)
    note = boxes.CharField(label=_("Note"), max_length=300, required=False)


class DistrictRsvpForm(DatedForm):
    district = boxes.ModelChoiceField(label=_("District"), queryset=District.objects.none())
    answer = boxes.ChoiceField(label=_("Answer"), choices=Reply.choices)
    note = boxes.CharField(label=_("Who said it"), max_length=300, required=False, help_text=_("By phone, secretary"))

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = meeting.series.districts()  # type: ignore[attr-defined]
