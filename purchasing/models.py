from purchasing.agreements import Agreement
from purchasing.buying_rules import BuyingRule
from purchasing.lifecycle import TABLE, TRANSITIONS, IllegalTransition, Kind, State, Transition
from purchasing.lines import LineItem, PriceBreak
from purchasing.quantities import (
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
from purchasing.records import Award, StatusChange

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
