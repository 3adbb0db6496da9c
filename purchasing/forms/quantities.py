"""What a district answers, by itself or through the host: quantities, who approves them, who said them, or a no."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from portal import boxes
from portal.ids import row_id
from purchasing.deeds.evidence import Approval, Report
from purchasing.forms.fields import CountField, InstantField, day_field
from purchasing.models.quantities import Authority
from purchasing.models.quantity_table import EMPTY, Cell, Line, Row


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
    authority = boxes.ChoiceField(
        label=_("Who approves this?"),
        choices=Authority.choices,
        widget=forms.RadioSelect,
        initial=Authority.BOARD,
        required=False,
    )
    board_date = day_field(
        label=_("Board date"),
        required=False,
        help_text=_("Needed where your board approves it: the day on which it did or will."),
    )
    evidence = boxes.CharField(
        label=_("Resolution, minutes item or policy"),
        max_length=200,
        required=False,
        help_text=_("Needed where you sign within your own authority."),
    )
    asked_on_condition = ("authority", "board_date", "evidence")
    seen = boxes.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
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

    @property
    def rises(self) -> bool:
        """Some quantity is more than the district has committed."""
        return any(quantity > self.bound(pk).committed for pk, quantity in self.quantities.items())

    def bound(self, line_id: int) -> Cell:
        return self.row.cell(line_id) if self.row else EMPTY

    def clean(self) -> dict[str, Any]:
        """Who approves it is asked of what rises; the cap is judged as it stands, and by the deed once more."""
        data = super().clean()
        if self.errors:
            return data
        if self.rises and (said := self.approval.missing()):
            asked = {Authority.BOARD: "board_date", Authority.DELEGATED: "evidence"}
            self.add_error(asked.get(data["authority"], "authority"), said)
        for line in self.lines:
            most = None if line.left is None else self.bound(line.id).committed + line.left
            if most is not None and self.quantities.get(line.id, 0) > most:
                said = _g("The cap leaves your district at most %(most)s.") % {"most": line.counted(most)}
                self.add_error(self.name_of(line), said)
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

    reported_by = boxes.CharField(label=_("Who said it"), max_length=150, help_text=_("Their role is enough."))
    how = boxes.ChoiceField(
        label=_("How"),
        choices=[("phone", _("by phone")), ("mail", _("by email")), ("person", _("in person"))],
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
    reason = boxes.CharField(
        label=_("Why not this time?"), max_length=300, required=False, help_text=_("The host reads it.")
    )
