"""The deed of each verb of the lifecycle's table that a person may try."""

from __future__ import annotations

from collections.abc import Callable

from purchasing.deeds.award import activate_agreement, award_agreement, open_offers, solicit_bids
from purchasing.deeds.close import close_agreement, reopen_agreement
from purchasing.deeds.end import cancel_agreement, end_without_award
from purchasing.deeds.open import ask_districts, extend_agreement, open_agreement, revise_agreement
from purchasing.deeds.suspend import resume_agreement, suspend_agreement

VERBS: dict[str, Callable[..., object]] = {
    "ask": ask_districts,
    "revise": revise_agreement,
    "open": open_agreement,
    "extend": extend_agreement,
    "close": close_agreement,
    "reopen": reopen_agreement,
    "solicit": solicit_bids,
    "evaluate": open_offers,
    "award": award_agreement,
    "activate": activate_agreement,
    "suspend": suspend_agreement,
    "resume": resume_agreement,
    "fail": end_without_award,
    "cancel": cancel_agreement,
}
"""Each takes the agreement, `by`, `at`, and what the verb's form in `forms/moves.py` asks for."""
