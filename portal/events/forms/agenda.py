"""What hosts and members type about what a meeting will talk of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import boxes
from portal.districts.models import District
from portal.events.forms.edit import EditForm
from portal.events.models.agendas import ItemKind
from portal.events.models.meetings import Meeting
from portal.prose import MarkdownField


class ItemForm(forms.Form):
    title = boxes.CharField(label=_("Title"), max_length=160, error_messages={"required": _("Give the item a title.")})
    kind = boxes.ChoiceField(label=_("Kind"), choices=ItemKind.choices, initial=ItemKind.DISCUSSION)
    minutes_planned = boxes.IntegerField(label=_("Minutes"), min_value=0, max_value=480, initial=10)
    owner = boxes.ModelChoiceField(
        label=_("Who leads it"), queryset=District.objects.none(), required=False, empty_label=_("The host")
    )
    body = MarkdownField(
        label=_("What it is about"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Markdown: **bold**, lists with -, links."),
    )
    repeats = boxes.BooleanField(label=_("On every agenda"), required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = meeting.series.choices(self.initial.get("owner"))  # type: ignore[attr-defined]


class ItemEditForm(EditForm, ItemForm):
    """Of an item that is there. Its notes are not among it: they have a version of their own."""


class ProposalForm(forms.Form):
    title = boxes.CharField(
        label=_("What should we talk about?"),
        max_length=160,
        error_messages={"required": _("Say what we should talk about.")},
    )
    body = MarkdownField(label=_("Why"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    minutes = boxes.IntegerField(label=_("Minutes"), min_value=1, max_value=240, initial=10)
