"""Who may do what with an agreement. Pure questions about a person's standing and a row already read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.districts.models.standing import standing_of
from purchasing.models.agreements import Agreement
from purchasing.models.lifecycle import HOST, OFFICER, TABLE, Transition


def may_draft(user: Any) -> bool:
    """A host of some regional office."""
    return bool(standing_of(user).office_ids)


def may_lead(user: Any, office_id: int) -> bool:
    """A host of this regional office: drafts agreements that it leads."""
    return office_id in standing_of(user).office_ids


def may_run(user: Any, agreement: Agreement) -> bool:
    """A host of the lead office: edits, moves, sees the grid, enters for a district."""
    return may_lead(user, agreement.lead_office_id)


def may_see_grid(user: Any, agreement: Agreement) -> bool:
    return may_run(user, agreement) or standing_of(user).is_officer


def may_see_quantities(user: Any, agreement: Agreement) -> bool:
    """Every district's own quantity; totals are open to all who see the agreement."""
    return agreement.quantities_shared or may_see_grid(user, agreement)


def may_move(user: Any, agreement: Agreement, verb: str) -> bool:
    """Whether the table names this person for the verb; whether it fits the state is the deed's to judge."""
    who = TABLE[verb].who
    return (HOST in who and may_run(user, agreement)) or (OFFICER in who and standing_of(user).is_officer)


def verbs_at(user: Any, agreement: Agreement, now: datetime) -> list[Transition]:
    """The rows of the table that this person may try now, in the table's order."""
    state = agreement.state_at(now)
    rows = [row for row in TABLE.values() if row.is_for(state, agreement.kind) and may_move(user, agreement, row.verb)]
    over = {"reopen": agreement.reopened_at is not None, "resume": agreement.has_term_ended_at(now)}
    return [row for row in rows if not over.get(row.verb)]


def may_announce(user: Any, agreement: Agreement) -> bool:
    """Only an officer decides what anybody may read."""
    return standing_of(user).is_officer


def may_plan(user: Any, district_id: int) -> bool:
    """Any member of the district; it binds nobody."""
    return district_id in standing_of(user).district_ids


def may_commit(user: Any, agreement: Agreement, district_id: int) -> bool:
    """A buyer of the district, and nobody else: not the host, not an officer.

    A host of the lead office who is a buyer as well is none here, unless an officer recorded why.
    """
    standing = standing_of(user)
    buys = standing.buys_though_host_ids if may_run(user, agreement) else standing.buyer_district_ids
    return district_id in buys


def is_buyer_kept_out(user: Any, agreement: Agreement, district_id: int) -> bool:
    """A buyer of the district who may not commit it here, because they host the lead office."""
    is_buyer = district_id in standing_of(user).buyer_district_ids
    return is_buyer and not may_commit(user, agreement, district_id)
