"""What a row of the list of agreements shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from purchasing.models.agreements import Agreement
from purchasing.models.lifecycle import State
from purchasing.models.quantity_table import Line, lines_by_agreement
from purchasing.screens.sentences import nearest_gap, state_sentence

CLOSING_SOON_DAYS = 14
"""So long before its closing an agreement is pressing: its badge is warm, and it stands on the home page."""
NAMED = 3
"""Items that a row of the list names."""
TONES: dict[str, str] = {
    State.COMMITTING: "good",
    State.AWARDED: "good",
    State.ACTIVE: "good",
    State.SUSPENDED: "stop",
    State.UNSUCCESSFUL: "stop",
    State.CANCELED: "stop",
    State.DRAFT: "plain",
}


def tone(agreement: Agreement, now: datetime) -> str:
    """The badge's tone; the warm one in the last fourteen days before the closing."""
    if agreement.is_open_at(now) and agreement.closes_at is not None:
        return "closing" if agreement.closes_at <= now + timedelta(days=CLOSING_SOON_DAYS) else "good"
    return "plain" if agreement.is_past_term_at(now) else TONES.get(agreement.state_at(now), "wait")


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list."""

    agreement: Agreement
    state: str
    tone: str
    fact: str
    gap: str
    committed: str
    until: datetime | None
    """While it takes commitments."""


def listed(agreements: Sequence[Agreement], now: datetime) -> list[Listed]:
    """One query for any number of rows."""
    lines = lines_by_agreement([row.pk for row in agreements])
    return [
        Listed(
            agreement=row,
            state=row.words_at(now),
            tone=tone(row, now),
            fact=state_sentence(row, now),
            gap=nearest_gap(lines[row.pk]) if row.is_open_at(now) else "",
            committed=_committed(lines[row.pk]),
            until=row.open_until_at(now),
        )
        for row in agreements
    ]


def _committed(lines: Sequence[Line]) -> str:
    """ "913 devices committed."; by item where there are several; empty while nobody has committed."""
    counted = [(line.name, line.counted(line.committed)) for line in lines if line.committed]
    if not counted:
        return ""
    if len(lines) == 1:
        return _("%(what)s committed.") % {"what": counted[0][1]}
    what = "; ".join(f"{name}: {what}" for name, what in counted[:NAMED])
    more = len(counted) - NAMED
    if more <= 0:
        return _("Committed: %(what)s.") % {"what": what}
    said = ngettext(
        "Committed: %(what)s; and %(count)d more item.", "Committed: %(what)s; and %(count)d more items.", more
    )
    return said % {"what": what, "count": more}
