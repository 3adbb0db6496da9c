"""A practice as it is typed: new, or over what is there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge.deeds.post import PLAIN_FIELDS, PracticeText
from knowledge.forms.fields import MARKDOWN, ProductsField, TagsField, long_text
from knowledge.models import Audience, CostPer, Kind, Practice
from portal import boxes
from portal.districts.models import District

MAX_DEVICES = 1_000_000


class PracticeForm(forms.Form):
    kind = boxes.ChoiceField(
        label=_("What kind of practice is it?"), choices=Kind.choices, initial=Kind.HOW, widget=forms.RadioSelect
    )
    title = boxes.CharField(
        label=_("Title"),
        max_length=120,
        help_text=_("As you would say it: Students repair Chromebooks for credit"),
        error_messages={"required": _("Give the practice a title.")},
    )
    summary = boxes.CharField(
        label=_("In one or two sentences"),
        max_length=240,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Shown in lists and in search."),
    )
    problem = long_text(_("The problem"), _("What was wrong before? %(markdown)s") % {"markdown": MARKDOWN}, rows=4)
    what_we_do = long_text(
        _("What we do"),
        _("Steps, numbers, who, when, settings. For hardware support: parts, minutes, who may do it."),
        required=True,
        rows=12,
        missing=_("Say what you do."),
    )
    replaced = long_text(_("What it replaced"), _("If you switched: from what, why, and what the move took."), rows=3)
    do_differently = long_text(
        _("What we would do differently"), _("The most useful part for the next district."), rows=3
    )
    tags = TagsField()
    products = ProductsField()
    cost = boxes.DecimalField(
        label=_("Cost, in US dollars"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=4,
        help_text=_("0 if it costs nothing; leave it empty if you do not know."),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )
    cost_per = boxes.ChoiceField(label=_("The cost is"), required=False, choices=[("", _("choose")), *CostPer.choices])
    cost_note = boxes.CharField(
        label=_("What the cost covers"), max_length=160, required=False, help_text=_("Parts only; school year 2025-26")
    )
    devices = boxes.IntegerField(label=_("Devices it covers"), required=False, min_value=0, max_value=MAX_DEVICES)
    staff_hours = boxes.DecimalField(
        label=_("Staff hours a month"), required=False, min_value=0, max_digits=7, decimal_places=1
    )
    audience = boxes.ChoiceField(
        label=_("Who can see this"), choices=Audience.choices, initial=Audience.MEMBERS, widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("cost") and not cleaned.get("cost_per") and "cost" not in self.errors:
            self.add_error("cost_per", _("Say whether the cost is per device, per student or per year."))
        return cleaned

    def text(self) -> PracticeText:
        """What was typed, once the form is valid."""
        names = (*PLAIN_FIELDS, "tags", "products")
        return PracticeText(**{name: self.cleaned_data[name] for name in names})


def practice_values(practice: Practice) -> dict[str, Any]:
    """A practice as the form's initial values. Two queries."""
    return {name: getattr(practice, name) for name in PLAIN_FIELDS} | {
        "tags": ", ".join(sorted(tag.slug for tag in practice.tags.all())),
        "products": ", ".join(sorted(product.name for product in practice.products.all())),
    }


class PostForm(PracticeForm):
    """A new practice; asks for the district only of a person with several."""

    def __init__(self, *args: Any, districts: list[District], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.districts = {district.pk: district for district in districts}
        if len(districts) > 1:
            self.fields["district"] = boxes.TypedChoiceField(
                label=_("For which district?"), coerce=int, choices=[(d.pk, d.name) for d in districts]
            )

    def district(self) -> District:
        return self.districts[self.cleaned_data.get("district") or next(iter(self.districts))]


class EditForm(PracticeForm):
    version = boxes.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def differences(self, stored: Practice) -> list[tuple[str, str, str]]:
        """(label, as it is kept, as it was typed) of each field in which this valid edit differs. Two queries."""
        rows = []
        for name, kept in practice_values(stored).items():
            value = self.cleaned_data.get(name)
            mine = ", ".join(value) if isinstance(value, tuple) else value
            if (kept or "") != (mine or ""):
                rows.append((str(self.fields[name].label), str(kept or ""), str(mine or "")))
        return rows
