"""The lifecycle of an agreement as one table: what may follow what, who may do it, what it needs.

Nothing but the deeds of its verbs, which read this table in `deeds/transition.py`, writes an agreement's state.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Kind(TextChoices):
    OWN_BID = "own_bid", _("Our own bid")
    QUOTES = "quotes", _("Quotes")
    PIGGYBACK = "piggyback", _("Joining an awarded contract")


class State(TextChoices):
    DRAFT = "draft", _("Draft")
    INTEREST = "interest", _("Asking who is interested")
    COMMITTING = "committing", _("Open for commitments")
    FROZEN = "frozen", _("Closed, quantities fixed")
    SOLICITING = "soliciting", _("Out for bids")
    EVALUATING = "evaluating", _("Comparing offers")
    AWARDED = "awarded", _("Awarded")
    ACTIVE = "active", _("Ready to order")
    SUSPENDED = "suspended", _("Suspended")
    UNSUCCESSFUL = "unsuccessful", _("Ended without an award")
    CANCELED = "canceled", _("Canceled")


TERM_ENDED = "term-ended"
"""No state, for nobody moves an agreement there: where lists, filters and search put one past its term."""
PLACES: dict[str, str | _StrPromise] = {**dict(State.choices), TERM_ENDED: _("Term ended")}

BEFORE_AWARD = frozenset(
    {State.DRAFT, State.INTEREST, State.COMMITTING, State.FROZEN, State.SOLICITING, State.EVALUATING}
)
ENDED = frozenset({State.UNSUCCESSFUL, State.CANCELED})

RANK: dict[str, int] = {
    State.COMMITTING: 0,
    State.INTEREST: 1,
    State.FROZEN: 2,
    State.SOLICITING: 2,
    State.EVALUATING: 2,
    State.AWARDED: 3,
    State.ACTIVE: 3,
    State.SUSPENDED: 4,
    State.DRAFT: 5,
    State.UNSUCCESSFUL: 6,
    State.CANCELED: 6,
}
"""Where lists put an agreement: what can still be joined first, what has ended last."""

HOST = "host"
"""A host of the lead regional office."""
OFFICER = "officer"
SYSTEM = "system"
"""The timed job, or the first write after the closing instant."""


@dataclass(frozen=True, slots=True)
class Transition:
    verb: str
    sources: frozenset[str]
    target: str
    who: frozenset[str]
    label: str | _StrPromise
    """The button."""
    needs_reason: bool = False
    tells: bool = False
    """All districts that are asked hear of it by mail."""
    not_for: frozenset[tuple[str, str]] = frozenset()
    """(state, kind): there an agreement bought in this way does not take the verb."""
    refusal: str | _StrPromise = ""
    """What is said of `not_for`."""

    def is_for(self, state: str, kind: str) -> bool:
        return state in self.sources and (state, kind) not in self.not_for


def _row(
    verb: str,
    sources: set[str] | frozenset[str],
    target: str,
    who: str,
    label: _StrPromise,
    *,
    reason: bool = False,
    tells: bool = False,
    not_for: Iterable[tuple[str, str]] = (),
    refusal: str | _StrPromise = "",
) -> Transition:
    people = frozenset(who.split())
    return Transition(verb, frozenset(sources), target, people, label, reason, tells, frozenset(not_for), refusal)


TRANSITIONS = (
    _row("ask", {State.DRAFT}, State.INTEREST, HOST, _("Ask who is interested"), tells=True),
    _row("revise", {State.INTEREST}, State.DRAFT, HOST, _("Go back to the draft"), reason=True, tells=True),
    _row("open", {State.DRAFT, State.INTEREST}, State.COMMITTING, HOST, _("Open for commitments"), tells=True),
    _row("extend", {State.COMMITTING}, State.COMMITTING, HOST, _("Extend"), reason=True, tells=True),
    _row("close_on_time", {State.COMMITTING}, State.FROZEN, SYSTEM, _("Close on time")),
    _row("close", {State.COMMITTING}, State.FROZEN, HOST, _("Close early"), reason=True, tells=True),
    _row("reopen", {State.FROZEN}, State.COMMITTING, HOST, _("Reopen"), reason=True, tells=True),
    _row(
        "solicit",
        {State.DRAFT, State.FROZEN},
        State.SOLICITING,
        HOST,
        _("Put out for bids"),
        not_for=product({State.DRAFT, State.FROZEN}, {Kind.QUOTES, Kind.PIGGYBACK}),
        refusal=_("Only our own bid goes out for bids; award this one directly."),
    ),
    _row("evaluate", {State.SOLICITING}, State.EVALUATING, HOST, _("Open the offers")),
    _row(
        "award",
        {State.FROZEN, State.EVALUATING},
        State.AWARDED,
        HOST,
        _("Award"),
        tells=True,
        not_for={(State.FROZEN, Kind.OWN_BID)},
        refusal=_("Our own bid is awarded after its offers were opened and compared."),
    ),
    _row("activate", {State.AWARDED}, State.ACTIVE, HOST, _("Make ready to order")),
    _row("suspend", {State.ACTIVE}, State.SUSPENDED, f"{HOST} {OFFICER}", _("Suspend"), reason=True, tells=True),
    _row("resume", {State.SUSPENDED}, State.ACTIVE, f"{HOST} {OFFICER}", _("Resume"), reason=True, tells=True),
    _row(
        "fail",
        BEFORE_AWARD - {State.DRAFT},
        State.UNSUCCESSFUL,
        HOST,
        _("End without an award"),
        reason=True,
        tells=True,
    ),
    _row("cancel", BEFORE_AWARD, State.CANCELED, HOST, _("Cancel the agreement"), reason=True, tells=True),
)
TABLE: dict[str, Transition] = {row.verb: row for row in TRANSITIONS}
