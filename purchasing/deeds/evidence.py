"""What stands behind a quantity: who approves it, or who in the district said it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from portal.formats import day
from portal.refusals import Refused
from purchasing.models.agreements import Agreement
from purchasing.models.quantities import Authority

BEFORE_OPENING = timedelta(days=365)
"""A board that met longer before an agreement opened did not decide on it."""


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

    def replaces(self, before: int, after: int, *, rises: bool) -> bool:
        """Whether it takes the place of what approves a quantity; `rises`: some quantity sent with it does.

        More needs a new approval. What stays or falls keeps its own, unless nothing rises and a new one is given.
        """
        return not self.missing() and (after > before or not rises)


@dataclass(frozen=True, slots=True)
class Report:
    """Who in the district said the quantity, how (phone, mail, person) and when."""

    by: str
    how: str
    at: datetime


def require_board_date(agreement: Agreement, met: date, last: date, too_late: str) -> None:
    """Raises `Refused`, naming the dates that fit, where a board that met on the day cannot have decided on this.

    `last` is the last day that fits, `too_late` the sentence for a later one.
    """
    first = (agreement.opened_at or agreement.created_at).astimezone(agreement.tz).date() - BEFORE_OPENING
    if first <= met <= last:
        return
    said = too_late if met > last else _("That board meeting was more than a year before this agreement opened.")
    dates = _("Choose a date from %(first)s to %(last)s.") % {"first": day(first), "last": day(last)}
    raise Refused(f"{said} {dates}")
