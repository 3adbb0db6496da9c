from purchasing.models.agreements import Agreement
from purchasing.models.buying_rules import BuyingRule
from purchasing.models.lifecycle import TABLE, TRANSITIONS, Kind, State, Transition
from purchasing.models.lines import LineItem, PriceBreak
from purchasing.models.quantities import (
    ANSWERED,
    Authority,
    Commitment,
    CommitmentEntry,
    EntryKind,
    Participation,
    ParticipationState,
    QuantitySnapshot,
    SnapshotRow,
)
from purchasing.models.records import Award, StatusChange

__all__ = [
    "ANSWERED",
    "TABLE",
    "TRANSITIONS",
    "Agreement",
    "Authority",
    "Award",
    "BuyingRule",
    "Commitment",
    "CommitmentEntry",
    "EntryKind",
    "Kind",
    "LineItem",
    "Participation",
    "ParticipationState",
    "PriceBreak",
    "QuantitySnapshot",
    "SnapshotRow",
    "State",
    "StatusChange",
    "Transition",
]
