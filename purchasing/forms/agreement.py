"""What a host types to put an agreement together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext as _n

from portal import boxes
from portal.districts.models import District
from portal.districts.models.chapter import Chapter
from portal.prose import MarkdownField
from purchasing.deeds.draft import MOST_ITEMS, LineSpec
from purchasing.forms.fields import CountField, PriceField, long_text
from purchasing.forms.pasting import parse_lines, parse_steps
from purchasing.models.agreements import Agreement
from purchasing.models.buying_rules import BuyingRule
from purchasing.models.quantities import Participation
from purchasing.models.quantity_table import Line

MOST_FAULTS = 20
"""Of a pasted table, that are told at once."""


class AgreementForm(forms.ModelForm[Agreement]):
    fiscal_year = boxes.IntegerField(label=_("Fiscal year"), min_value=2000, max_value=2100)
    districts = boxes.ModelMultipleChoiceField(
        label=_("Districts to ask"),
        queryset=District.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the districts to ask.")},
    )
    pasted = long_text(
        rows=6,
        label=_("Items pasted from a spreadsheet"),
        required=False,
        max_length=100_000,
        help_text=_(
            "One row for each price. First row: item, unit, from, price; also minimum order, case size, baseline"
            " price, baseline source, cap, description. What you paste here is added to the items below."
        ),
    )

    class Meta:
        model = Agreement
        fields = (
            *("title", "lead_office", "summary", "kind", "category", "statutory_basis", "fiscal_year", "zone"),
            *("body", "quantities_shared"),
        )
        formfield_callback = boxes.of_column
        field_classes = {"body": MarkdownField}
        widgets = {
            "body": forms.Textarea(attrs={"rows": 10}),
            "summary": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = {
            "title": {"required": _("Give the agreement a title.")},
            "body": {"required": _("Say what is bought, and on what terms.")},
        }
        help_texts = {
            "body": _("What, delivery, warranty, who bills, how to withdraw. Markdown works."),
            "statutory_basis": _("The law or policy that lets you buy this way."),
        }

    def __init__(self, *args: Any, offices: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counties = sorted({pk for office in offices for pk in office.county_ids})
        districts = self.fields["districts"]
        office = self.fields["lead_office"]
        assert isinstance(districts, forms.ModelMultipleChoiceField)  # noqa: S101
        assert isinstance(office, forms.ModelChoiceField)  # noqa: S101
        districts.queryset = self._districts({office.pk for office in offices})
        office.queryset = (
            office.queryset.filter(pk__in=[o.pk for o in offices]) if office.queryset is not None else None
        )
        office.empty_label = None
        year = self.instance.fiscal_year or BuyingRule.fiscal_year_on(timezone.localdate())
        self.fields["fiscal_year"].help_text = _g("The year it starts in: %(year)d is %(months)s.") % {
            "year": year,
            "months": BuyingRule.fiscal_year_words(year),
        }
        if self.instance.pk:
            self.fields["lead_office"].disabled = True
            districts.initial = list(self.instance.participations.values_list("district", flat=True))
            self.fields["version"] = boxes.IntegerField(
                min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput, initial=self.instance.version
            )
        else:
            self.initial.setdefault("fiscal_year", year)
            self.initial.setdefault("zone", Chapter.current().zone)
            districts.initial = list(districts.queryset.values_list("pk", flat=True)) if len(counties) == 1 else []

    def _districts(self, office_ids: set[int]) -> QuerySet[District]:
        """Those of the person's offices and of the lead office, and whoever is asked already.

        A colleague with other offices asked the last ones, and saving must not drop them.
        """
        offices = office_ids | {self.instance.lead_office_id}
        ours = District.objects.in_directory().filter(regional_office__in=offices).order_by()
        asked = Participation.objects.filter(agreement=self.instance.pk).order_by()
        return District.objects.filter(Q(pk__in=ours.values("pk")) | Q(pk__in=asked.values("district")))

    def clean(self) -> dict[str, Any]:
        """A draft is only changed by who says which version they read."""
        data = super().clean() or {}
        if self.errors.pop("version", None):
            self.add_error(None, _g("Open the draft again: this page does not say which version you read."))
        return data

    def clean_pasted(self) -> list[LineSpec]:
        text = self.cleaned_data["pasted"]
        if not text.strip():
            return []
        specs, faults = parse_lines(text)
        if faults:
            raise ValidationError(_first(faults))
        return specs

    @property
    def terms(self) -> dict[str, Any]:
        """The further fields of `Agreement`, as the deed `draft` takes them."""
        names = ("summary", "kind", "category", "statutory_basis", "zone", "body", "quantities_shared")
        return {name: self.cleaned_data[name] for name in names}


class LineForm(forms.Form):
    was = boxes.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    """The id of the item that a draft's form changes."""
    name = boxes.CharField(label=_("Item"), max_length=150, required=False)
    unit = boxes.CharField(label=_("Unit"), max_length=40, required=False, help_text=_("One of it: device, panel."))
    steps = long_text(
        rows=3,
        label=_("Prices"),
        required=False,
        max_length=500,
        help_text=_("One to a line, quantity over all districts and price of each: 500: 318.00"),
    )
    minimum_order = CountField(label=_("Minimum order"), required=False)
    case_size = CountField(label=_("Case size"), required=False)
    baseline_price = PriceField(label=_("Price without us"), required=False)
    baseline_source = boxes.CharField(label=_("Source of that price"), max_length=200, required=False)
    cap = CountField(label=_("Cap"), required=False, help_text=_("Most units over all districts. Empty: no cap."))
    estimate = CountField(label=_("Estimate"), required=False, help_text=_("Units you expect over all districts."))
    description = boxes.CharField(label=_("Description"), max_length=500, required=False)

    def clean_steps(self) -> Any:
        try:
            return parse_steps(self.cleaned_data["steps"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("name") and not data.get("unit"):
            self.add_error("unit", _g("Say what one of it is called."))
        if not data.get("name") and any(value for key, value in data.items() if key not in {"name", "was"}):
            self.add_error("name", _g("Name the item, or empty its other fields."))
        if data.get("name") and not self.errors:
            for fault in self.spec.faults():
                self.add_error("steps", fault)
        return data

    @property
    def spec(self) -> LineSpec:
        data = self.cleaned_data
        return LineSpec(
            name=data["name"],
            unit=data["unit"],
            steps=data["steps"],
            description=data["description"],
            minimum_order=1 if data["minimum_order"] is None else data["minimum_order"],
            case_size=data["case_size"] or 0,
            baseline_price=data["baseline_price"],
            baseline_source=data["baseline_source"],
            cap=data["cap"],
            estimate=data["estimate"],
            was=data["was"],
        )


def _first(faults: list[str]) -> list[str]:
    left = len(faults) - MOST_FAULTS
    more = _n("And %(n)d more line cannot be read.", "And %(n)d more lines cannot be read.", left)
    return [*faults[:MOST_FAULTS], *([more % {"n": left}] if left > 0 else [])]


LineFormSet = forms.formset_factory(LineForm, extra=3, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS)


def line_initial(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What the item forms of a draft start from."""
    return [
        {
            "was": line.id,
            "name": line.name,
            "unit": line.unit,
            "steps": "\n".join(f"{step.minimum}: {step.price.normalize():f}" for step in line.ladder.steps),
            "minimum_order": line.minimum_order,
            "case_size": line.case_size or None,
            "baseline_price": None if line.baseline_price is None else f"{line.baseline_price.normalize():f}",
            "baseline_source": line.baseline_source,
            "cap": line.cap,
            "estimate": line.estimate,
            "description": line.description,
        }
        for line in lines
    ]
