"""What people type into the knowledge pages, parsed and cross-checked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from knowledge.deeds.adopt import Saying
from knowledge.deeds.post import PLAIN_FIELDS, PracticeText
from knowledge.models import Adoption, Answer, Audience, CostPer, Kind, Practice, Question, Status
from knowledge.models.products import MAX_PRODUCTS, product_names
from knowledge.models.tags import MAX_TAGS, tag_names
from portal.districts.models import District

MARKDOWN = _("Markdown works: **bold**, lists with -, tables, links.")
MAX_DEVICES = 1_000_000


class TagsField(forms.CharField):
    """Tags as a comma-separated list; cleans to their slugs."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "required": False,
            "max_length": 400,
            "label": _("Tags"),
            "help_text": _("Up to eight words, with commas: chromebooks, repair, student-help-desk"),
        }
        super().__init__(**defaults | kwargs)

    def clean(self, value: Any) -> Any:
        names = tag_names(super().clean(value))
        if len(names) > MAX_TAGS:
            raise ValidationError(_("Keep the %(n)d most telling tags."), params={"n": MAX_TAGS})
        return tuple(names)


class ProductsField(forms.CharField):
    """Products by name, as a comma-separated list; cleans to distinct names."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "required": False,
            "max_length": 800,
            "label": _("Products"),
            "help_text": _("Applications, devices or services by name, with commas: Google Admin console, GoGuardian"),
        }
        super().__init__(**defaults | kwargs)

    def clean(self, value: Any) -> Any:
        names = product_names(super().clean(value))
        if len(names) > MAX_PRODUCTS:
            raise ValidationError(_("Keep the %(n)d products that matter most here."), params={"n": MAX_PRODUCTS})
        return tuple(names)


def long_text(label: Any, help_text: Any = "", *, required: bool = False, rows: int = 6) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class PracticeForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What kind of practice is it?"), choices=Kind.choices, initial=Kind.HOW, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("As you would say it: Students repair Chromebooks for credit")
    )
    summary = forms.CharField(
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
    )
    replaced = long_text(_("What it replaced"), _("If you switched: from what, why, and what the move took."), rows=3)
    do_differently = long_text(
        _("What we would do differently"), _("The most useful part for the next district."), rows=3
    )
    tags = TagsField()
    products = ProductsField()
    cost = forms.DecimalField(
        label=_("Cost, in US dollars"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=4,
        help_text=_("0 if it costs nothing; leave it empty if you do not know."),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )
    cost_per = forms.ChoiceField(label=_("The cost is"), required=False, choices=[("", _("choose")), *CostPer.choices])
    cost_note = forms.CharField(
        label=_("What the cost covers"), max_length=160, required=False, help_text=_("Parts only; school year 2025-26")
    )
    devices = forms.IntegerField(label=_("Devices it covers"), required=False, min_value=0, max_value=MAX_DEVICES)
    staff_hours = forms.DecimalField(
        label=_("Staff hours a month"), required=False, min_value=0, max_digits=7, decimal_places=1
    )
    audience = forms.ChoiceField(
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
            self.fields["district"] = forms.TypedChoiceField(
                label=_("For which district?"), coerce=int, choices=[(d.pk, d.name) for d in districts]
            )

    def district(self) -> District:
        return self.districts[self.cleaned_data.get("district") or next(iter(self.districts))]


class EditForm(PracticeForm):
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class SayingForm(forms.ModelForm[Adoption]):
    """ "We do this too", with all that may be said about it."""

    class Meta:
        model = Adoption
        fields = ["status", "since", "scale", "again", "note", "contact"]
        labels = {
            "status": _("Where are you with it?"),
            "since": _("Since when?"),
            "scale": _("At what scale?"),
            "again": _("Would you do it again?"),
            "note": _("Note"),
            "contact": _("Whom to ask"),
        }
        help_texts = {
            "since": _("The day, or near it."),
            "scale": _("Both middle schools, 900 devices"),
            "note": _("What worked, what did not. If you stopped: why. Other districts read this."),
            "contact": _("A role or an address: network admin, help desk"),
        }
        widgets = {
            "status": forms.RadioSelect,
            "again": forms.RadioSelect,
            "since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["again"].choices = [*(c for c in self.fields["again"].choices if c[0]), ("", _("Not said"))]  # type: ignore[attr-defined]

    def clean_since(self) -> Any:
        since = self.cleaned_data.get("since")
        if since is not None and since > timezone.localdate():
            raise ValidationError(_("This day is still to come. Choose “Considering” until then."))
        return since

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("status") == Status.STOPPED and not cleaned.get("note"):
            self.add_error("note", _("Say why you stopped: it helps others as much as a start."))
        return cleaned

    def saying(self) -> Saying:
        return Saying(**{name: self.cleaned_data[name] for name in Saying.__slots__})


class QuestionForm(forms.ModelForm[Question]):
    tags = TagsField(help_text=_("Up to eight words, with commas: wifi, e-rate"))

    class Meta:
        model = Question
        fields = ["title", "body"]
        labels = {"title": _("Your question"), "body": _("Details")}
        help_texts = {"title": _("One sentence, as you would ask it at the table."), "body": MARKDOWN}


class AnswerForm(forms.ModelForm[Answer]):
    class Meta:
        model = Answer
        fields = ["body"]
        labels = {"body": _("Your answer")}
        help_texts = {"body": MARKDOWN}
        widgets = {"body": forms.Textarea(attrs={"rows": 6})}


class PracticeFilter(forms.Form):
    """The list's filters as they stand in the URL. What cannot be read does not filter."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Kind.choices])
    status = forms.ChoiceField(
        label=_("Where others are with it"), required=False, choices=[("", _("Any")), *Status.choices]
    )
    county = forms.SlugField(label=_("County"), required=False, max_length=60)
    tag = forms.SlugField(label=_("Tag"), required=False, max_length=100)
    product = forms.SlugField(label=_("Product"), required=False, max_length=90)

    def values(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
