"""What stands behind a quantity: who approves it, or who in the district said it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from purchasing.models.quantities import Authority


@dataclass(frozen=True, slots=True)
class Approval:
    """What makes a commitment binding: a board date, or a policy that delegates."""

    authority: str
    board_date: date | None = None
    evidence: str = ""

    def missing(self) -> str:
        """The sentence that says what is missing; empty when it binds."""
        if self.authority == Authority.BOARD and self.board_date is None:
            return _("Give the date of the board meeting that approves this.")
        if self.authority == Authority.DELEGATED and not self.evidence.strip():
            return _("Name the policy that lets you sign for your district, and its limit.")
        if self.authority not in Authority.values:
            return _("Say who approves this: your board, or you within your delegated authority.")
        return ""


@dataclass(frozen=True, slots=True)
class Report:
    """Who in the district said the quantity, how (phone, mail, person) and when."""

    by: str
    how: str
    at: datetime
