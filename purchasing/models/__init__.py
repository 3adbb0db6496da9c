from purchasing.models.agreements import Agreement
from purchasing.models.buying_rules import BuyingRule
from purchasing.models.lifecycle import TABLE, TRANSITIONS, IllegalTransition, Kind, State, Transition
from purchasing.models.lines import LineItem, PriceBreak
from purchasing.models.quantities import (
    ANSWERED,
    Answer,
    Authority,
    Commitment,
    CommitmentEntry,
    EntryKind,
    Participation,
    QuantitySnapshot,
    SnapshotRow,
)
from purchasing.models.records import Award, StatusChange

__all__ = [
    "ANSWERED",
    "TABLE",
    "TRANSITIONS",
    "Agreement",
    "Answer",
    "Authority",
    "Award",
    "BuyingRule",
    "Commitment",
    "CommitmentEntry",
    "EntryKind",
    "IllegalTransition",
    "Kind",
    "LineItem",
    "Participation",
    "PriceBreak",
    "QuantitySnapshot",
    "SnapshotRow",
    "State",
    "StatusChange",
    "Transition",
]
