"""What a host or an officer types for each verb of the lifecycle's table."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import boxes
from purchasing.forms.fields import InstantField, day_field, long_text
from purchasing.models.lifecycle import Kind


class MoveForm(forms.Form):
    """A verb that needs nothing else. Subclasses' fields are the verb's keyword arguments."""

    def __init__(self, *args: Any, zone: str, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for field in self.fields.values():
            if isinstance(field, InstantField):
                field.in_zone(zone)


class ReasonForm(MoveForm):
    reason = long_text(
        label=_("Reason"),
        help_text=_("Everybody who takes part reads it."),
        error_messages={"required": _("Give a reason.")},
    )


class OpenForm(MoveForm):
    closes_at = InstantField(label=_("Closes"), error_messages={"required": _("Say when the agreement closes.")})


class LaterForm(ReasonForm):
    closes_at = InstantField(label=_("New closing"))
    field_order = ["closes_at", "reason"]


class SolicitForm(MoveForm):
    notice = long_text(label=_("Public notice"), help_text=_("Where and when it was printed."))
    bids_close_at = InstantField(label=_("Bids close"))


class EvaluateForm(MoveForm):
    opener = boxes.CharField(label=_("Who opened the offers"), max_length=150)
    witness = boxes.CharField(label=_("Who saw it"), max_length=150)


class AwardForm(MoveForm):
    vendor = boxes.CharField(label=_("Vendor"), max_length=150, error_messages={"required": _("Name the vendor.")})
    price_source = boxes.CharField(
        label=_("Where the price comes from"), max_length=300, help_text=_("The quote, bid or contract.")
    )
    price_expires = day_field(label=_("Price held until"))
    rationale = long_text(label=_("Why this vendor"))
    board_date = day_field(label=_("Board approval of the lead agency"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Our own bid needs the lead agency's board; other prices are held until a day."""
        super().__init__(*args, **kwargs)
        if self.kind == Kind.OWN_BID:
            self.fields["price_expires"].required = False
        else:
            del self.fields["board_date"]


class ActivateForm(MoveForm):
    effective_on = day_field(label=_("In effect from"))
    term_ends_on = day_field(label=_("Term ends"), required=False)


MOVE_FORMS: dict[str, type[MoveForm]] = {
    "ask": MoveForm,
    "revise": ReasonForm,
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
