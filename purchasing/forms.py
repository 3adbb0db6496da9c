"""What people type about agreements: parsed here, judged by the models and deeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from portal.districts.chapter import Chapter
from portal.districts.models import District
from portal.ids import row_id
from purchasing.agreements import Agreement
from purchasing.committing import MOST_UNITS, Approval, Report
from purchasing.drafting import MOST_ITEMS, LineSpec, parse_count, parse_lines, parse_price, parse_steps
from purchasing.lifecycle import Kind, State
from purchasing.quantities import Authority, Participation
from purchasing.sheet import Line, Row


class _TypedField(forms.Field):
    """A figure typed as text. Empty is None; what `parse` refuses with a sentence is an error."""

    inputmode = "numeric"

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": self.inputmode, "autocomplete": "off"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**kwargs)

    def parse(self, text: str) -> Any:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return self.parse(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class CountField(_TypedField):
    """A whole number up to a million; "1,150" is one."""

    def parse(self, text: str) -> int:
        count = parse_count(text)
        if count > MOST_UNITS:
            raise ValueError(_g("A quantity is a whole number from 0 to 1,000,000."))
        return count


class PriceField(_TypedField):
    """US dollars, up to four places."""

    inputmode = "decimal"

    def parse(self, text: str) -> Any:
        return parse_price(text)


class InstantField(forms.DateTimeField):
    """An instant typed as wall time of one zone. Times that the clock change skips or repeats are refused."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)
        self.tz: ZoneInfo = ZoneInfo("America/Chicago")

    def in_zone(self, name: str) -> None:
        self.tz = ZoneInfo(name)
        self.help_text = _g("Time zone: %(zone)s.") % {"zone": name.replace("_", " ")}

    def to_python(self, value: Any) -> Any:
        with timezone.override(self.tz):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.tz):
            return super().prepare_value(value)


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def _text(rows: int = 4, **kwargs: Any) -> forms.CharField:
    kwargs.setdefault("max_length", 2000)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


# --- a district's quantities ------------------------------------------------------------------------------------------
class QuantityForm(forms.Form):
    """One quantity for each line: `quantity` where there is one line, else `quantity_<line id>`."""

    def __init__(self, *args: Any, lines: Sequence[Line], row: Row | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            total = row.cell(line.id).total if row else 0
            self.fields[self.name_of(line)] = CountField(
                label=_g("How many %(units)s?") % {"units": line.units}
                if len(lines) == 1
                else _g("%(item)s: how many %(units)s?") % {"item": line.name, "units": line.units},
                required=len(lines) == 1,
                initial=total or None,
            )
        self.order_fields([self.name_of(line) for line in lines])

    def name_of(self, line: Line) -> str:
        return "quantity" if len(self.lines) == 1 else f"quantity_{line.id}"

    @property
    def quantities(self) -> dict[int, int]:
        """By line id, those that were typed."""
        typed = {line.id: self.cleaned_data.get(self.name_of(line)) for line in self.lines}
        return {pk: quantity for pk, quantity in typed.items() if quantity is not None}

    def clean(self) -> dict[str, Any]:
        if not self.errors and self.lines and not self.quantities:
            self.add_error(self.name_of(self.lines[0]), _g("Enter a quantity."))
        return self.cleaned_data


class CommitForm(QuantityForm):
    authority = forms.ChoiceField(
        label=_("Who approves this?"), choices=Authority.choices, widget=forms.RadioSelect, initial=Authority.BOARD
    )
    board_date = _day(
        label=_("Board date"), required=False, help_text=_("The date on which your board approved it or will.")
    )
    evidence = forms.CharField(
        label=_("Resolution, minutes item or policy"),
        max_length=200,
        required=False,
        help_text=_("Needed where you sign within your own authority."),
    )
    seen = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
    """The versions looked at, "line:version" by comma; see `seen_of`."""

    @staticmethod
    def seen_of(lines: Sequence[Line], row: Row) -> str:
        return ",".join(f"{line.id}:{row.cell(line.id).version}" for line in lines)

    @property
    def approval(self) -> Approval:
        data = self.cleaned_data
        board = data["board_date"] if data["authority"] == Authority.BOARD else None
        return Approval(data["authority"], board, data["evidence"])

    @property
    def versions(self) -> dict[int, int]:
        pairs = (pair.partition(":") for pair in self.cleaned_data["seen"].split(","))
        read = ((row_id(line), row_id(version)) for line, _sign, version in pairs)
        return {line: version for line, version in read if line is not None and version is not None}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "authority" in data and "board_date" in data and "evidence" in data and (said := self.approval.missing()):
            self.add_error("board_date" if data["authority"] == Authority.BOARD else "evidence", said)
        return data


class ReportForm(QuantityForm):
    """What a district said by phone or mail."""

    reported_by = forms.CharField(label=_("Who said it"), max_length=150, help_text=_("Their role is enough."))
    how = forms.ChoiceField(
        label=_("How"),
        choices=[("phone", _("by phone")), ("mail", _("by mail")), ("person", _("in person"))],
        widget=forms.RadioSelect,
        initial="phone",
    )
    reported_at = InstantField(label=_("When"))

    def __init__(self, *args: Any, zone: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reported_at"]
        assert isinstance(field, InstantField)  # noqa: S101
        field.in_zone(zone)
        field.initial = now.replace(second=0, microsecond=0)

    @property
    def report(self) -> Report:
        data = self.cleaned_data
        return Report(by=data["reported_by"], how=data["how"], at=data["reported_at"])


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not this time?"), max_length=300, required=False, help_text=_("The host reads it.")
    )


class ListForm(forms.Form):
    """The filters of the list; what cannot be understood filters nothing."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any state")), *State.choices])
    county = forms.ChoiceField(label=_("County"), required=False)

    def __init__(self, *args: Any, counties: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["county"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _g("Any county")), *((str(pk), name) for pk, name in counties)]


# --- drafting ---------------------------------------------------------------------------------------------------------
class AgreementForm(forms.ModelForm[Agreement]):
    fiscal_year = forms.IntegerField(
        label=_("Fiscal year"),
        min_value=2000,
        max_value=2100,
        help_text=_("The year it starts in: 2026 is July 2026 to June 2027."),
    )
    districts = forms.ModelMultipleChoiceField(
        label=_("Districts to ask"), queryset=District.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    pasted = _text(
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
        widgets = {
            "body": forms.Textarea(attrs={"rows": 10}),
            "summary": forms.Textarea(attrs={"rows": 2}),
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
        if self.instance.pk:
            self.fields["lead_office"].disabled = True
            districts.initial = list(self.instance.participations.values_list("district", flat=True))
            self.fields["version"] = forms.IntegerField(
                min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput, initial=self.instance.version
            )
        else:
            today = timezone.localdate()
            self.initial.setdefault("fiscal_year", today.year if today.month >= 7 else today.year - 1)
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
            raise ValidationError(faults[:20])
        return specs

    @property
    def terms(self) -> dict[str, Any]:
        """The further fields of `Agreement`, as `drafting.draft` takes them."""
        names = ("summary", "kind", "category", "statutory_basis", "zone", "body", "quantities_shared")
        return {name: self.cleaned_data[name] for name in names}


class LineForm(forms.Form):
    name = forms.CharField(label=_("Item"), max_length=150, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False, help_text=_("One of it: device, panel."))
    steps = _text(
        rows=3,
        label=_("Prices"),
        required=False,
        max_length=500,
        help_text=_("One to a line, quantity over all districts and price of each: 500: 318.00"),
    )
    minimum_order = CountField(label=_("Minimum order"), required=False)
    case_size = CountField(label=_("Case size"), required=False)
    baseline_price = PriceField(label=_("Price without us"), required=False)
    baseline_source = forms.CharField(label=_("Source of that price"), max_length=200, required=False)
    cap = CountField(label=_("Cap"), required=False, help_text=_("Most units over all districts. Empty: no cap."))
    description = forms.CharField(label=_("Description"), max_length=500, required=False)

    def clean_steps(self) -> Any:
        try:
            return parse_steps(self.cleaned_data["steps"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("name") and not data.get("unit"):
            self.add_error("unit", _g("Say what one of it is called."))
        if not data.get("name") and any(value for key, value in data.items() if key != "name"):
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
        )


LineFormSet = forms.formset_factory(LineForm, extra=3, max_num=MOST_ITEMS)


def line_initial(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What the item forms of a draft start from."""
    return [
        {
            "name": line.name,
            "unit": line.unit,
            "steps": "\n".join(f"{step.minimum}: {step.price.normalize():f}" for step in line.ladder.steps),
            "minimum_order": line.minimum_order,
            "case_size": line.case_size or None,
            "baseline_price": None if line.baseline_price is None else f"{line.baseline_price.normalize():f}",
            "baseline_source": line.baseline_source,
            "cap": line.cap,
            "description": line.description,
        }
        for line in lines
    ]


# --- the verbs --------------------------------------------------------------------------------------------------------
class MoveForm(forms.Form):
    """A verb that needs nothing else. Subclasses' fields are the verb's keyword arguments."""

    def __init__(self, *args: Any, zone: str, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for field in self.fields.values():
            if isinstance(field, InstantField):
                field.in_zone(zone)


class ReasonForm(MoveForm):
    reason = _text(label=_("Reason"), help_text=_("Everybody who takes part reads it."))


class OpenForm(MoveForm):
    closes_at = InstantField(label=_("Closes"))


class LaterForm(ReasonForm):
    closes_at = InstantField(label=_("New closing"))
    field_order = ["closes_at", "reason"]


class SolicitForm(MoveForm):
    notice = _text(label=_("Public notice"), help_text=_("Where and when it was printed."))
    bids_close_at = InstantField(label=_("Bids close"))


class EvaluateForm(MoveForm):
    opener = forms.CharField(label=_("Who opened the offers"), max_length=150)
    witness = forms.CharField(label=_("Who saw it"), max_length=150)


class AwardForm(MoveForm):
    vendor = forms.CharField(label=_("Vendor"), max_length=150)
    price_source = forms.CharField(
        label=_("Where the price comes from"), max_length=300, help_text=_("The quote, bid or contract.")
    )
    price_expires = _day(label=_("Price held until"))
    rationale = _text(label=_("Why this vendor"))
    board_date = _day(label=_("Board approval of the lead agency"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Our own bid needs the lead agency's board; other prices are held until a day."""
        super().__init__(*args, **kwargs)
        if self.kind == Kind.OWN_BID:
            self.fields["price_expires"].required = False
        else:
            del self.fields["board_date"]


class ActivateForm(MoveForm):
    effective_on = _day(label=_("In effect from"))
    term_ends_on = _day(label=_("Term ends"), required=False)


MOVE_FORMS: dict[str, type[MoveForm]] = {
    "ask": MoveForm,
    "open": OpenForm,
    "extend": LaterForm,
    "close": ReasonForm,
    "reopen": LaterForm,
    "solicit": SolicitForm,
    "evaluate": EvaluateForm,
    "award": AwardForm,
    "activate": ActivateForm,
    "suspend": ReasonForm,
    "resume": ReasonForm,
    "fail": ReasonForm,
    "cancel": ReasonForm,
}
"""Every verb of the table that a person may try, with what it needs."""
