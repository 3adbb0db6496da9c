"""What a list is narrowed by, as it stands in the URL."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge.models import Kind, Status
from portal import boxes


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the list of practices is narrowed by; "" where it is not."""

    kind: str
    status: str
    county: str
    tag: str
    product: str

    @property
    def is_any(self) -> bool:
        return self != Chosen("", "", "", "", "")


class PracticeFilter(forms.Form):
    """The list's filters as they stand in the URL. What cannot be read does not filter."""

    kind = boxes.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Kind.choices])
    status = boxes.ChoiceField(
        label=_("Where others are with it"), required=False, choices=[("", _("Any")), *Status.choices]
    )
    county = boxes.SlugField(label=_("County"), required=False, max_length=60)
    tag = boxes.SlugField(label=_("Tag"), required=False, max_length=100, allow_unicode=True)
    product = boxes.SlugField(label=_("Product"), required=False, max_length=90)

    def values(self) -> Chosen:
        self.is_valid()
        return Chosen(**{name: self.cleaned_data.get(name, "") for name in self.fields})
