"""What people type about agreements: parsed here, judged by the models and deeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from portal.ids import row_id
from purchasing.deeds.commit import MOST_UNITS, Approval, Report
from purchasing.deeds.draft import parse_count, parse_price
from purchasing.models.lifecycle import Kind, State
from purchasing.models.quantities import Authority
from purchasing.models.quantity_table import EMPTY, Line, Row


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
        self.help_text = _g("%(city)s time.") % {"city": name.rpartition("/")[2].replace("_", " ")}

    def to_python(self, value: Any) -> Any:
        with timezone.override(self.tz):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.tz):
            return super().prepare_value(value)


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def long_text(rows: int = 4, **kwargs: Any) -> forms.CharField:
    kwargs.setdefault("max_length", 2000)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


# --- a district's quantities ------------------------------------------------------------------------------------------
class QuantityForm(forms.Form):
    """One quantity for each line: `quantity` where there is one line, else `quantity_<line id>`."""

    def __init__(self, *args: Any, lines: Sequence[Line], row: Row | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines, self.row = lines, row
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
        label=_("Board date"),
        required=False,
        help_text=_("Needed where your board approves it: the day on which it did or will."),
    )
    evidence = forms.CharField(
        label=_("Resolution, minutes item or policy"),
        max_length=200,
        required=False,
        help_text=_("Needed where you sign within your own authority."),
    )
    asked_on_condition = ("board_date", "evidence")
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


def stands(line: Line, row: Row | None) -> str:
    """ "Now: 240 devices committed, 260 planned in all." """
    cell = row.cell(line.id) if row else EMPTY
    if cell.committed and cell.planned:
        said = _g("Now: %(committed)s committed, %(planned)s planned in all.")
    elif cell.committed:
        said = _g("Now: %(committed)s committed.")
    elif cell.planned:
        said = _g("Now: %(planned)s planned.")
    else:
        said = _g("Now: none.")
    return said % {"committed": line.counted(cell.committed), "planned": line.counted(cell.planned)}


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
        for line in self.lines:
            quantity = self.fields[self.name_of(line)]
            # What was not spoken of stays blank, and so as it is.
            quantity.initial, quantity.help_text = None, stands(line, self.row)
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
    reason = long_text(label=_("Reason"), help_text=_("Everybody who takes part reads it."))


class OpenForm(MoveForm):
    closes_at = InstantField(label=_("Closes"))


class LaterForm(ReasonForm):
    closes_at = InstantField(label=_("New closing"))
    field_order = ["closes_at", "reason"]


class SolicitForm(MoveForm):
    notice = long_text(label=_("Public notice"), help_text=_("Where and when it was printed."))
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
    rationale = long_text(label=_("Why this vendor"))
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
