"""Every state crossed with every verb, against a literal; and who may do what."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from portal.refusals import Refused
from purchasing import rules
from purchasing.deeds.award import award_agreement, solicit_bids
from purchasing.deeds.close import close_agreement, close_due, reopen_agreement
from purchasing.deeds.end import cancel_agreement
from purchasing.deeds.open import extend_agreement, open_agreement
from purchasing.deeds.transition import close_if_due
from purchasing.deeds.verbs import VERBS as DEEDS
from purchasing.forms.moves import MOVE_FORMS
from purchasing.models import Agreement, Award, BuyingRule, CommitmentEntry, QuantitySnapshot, StatusChange
from purchasing.models.lifecycle import ENDED, RANK, TRANSITIONS, Kind, State
from tests.people import Cast
from tests.purchasing.makers import make_agreement, make_commitment, make_draft, make_show

VERBS = [row.verb for row in TRANSITIONS if row.verb != "close_on_time"]
GRID = {
    "draft": {"ask": "interest", "open": "committing", "solicit": "soliciting", "cancel": "canceled"},
    "interest": {"revise": "draft", "open": "committing", "fail": "unsuccessful", "cancel": "canceled"},
    "committing": {
        "extend": "committing",
        "close": "frozen",
        "fail": "unsuccessful",
        "cancel": "canceled",
    },
    "frozen": {
        "reopen": "committing",
        "solicit": "soliciting",
        "fail": "unsuccessful",
        "cancel": "canceled",
    },
    "soliciting": {"evaluate": "evaluating", "fail": "unsuccessful", "cancel": "canceled"},
    "evaluating": {"award": "awarded", "fail": "unsuccessful", "cancel": "canceled"},
    "awarded": {"activate": "active"},
    "active": {"suspend": "suspended"},
    "suspended": {"resume": "active"},
    "unsuccessful": {},
    "canceled": {},
}
"""For our own bid. Quotes and contracts joined are awarded from "frozen" and never go out for bids."""


def arguments(verb: str, now: Any) -> dict[str, Any]:
    today = timezone.localdate(now)
    later = now + timedelta(days=60)
    return {
        "open": {"closes_at": later},
        "extend": {"closes_at": later, "reason": "Boards meet late"},
        "reopen": {"closes_at": later, "reason": "A district was forgotten"},
        "solicit": {"notice": "Daily Herald", "bids_close_at": later},
        "evaluate": {"opener": "Host", "witness": "Business office"},
        "award": {
            "vendor": "Prairie",
            "price_source": "Quote",
            "price_expires": today,
            "rationale": "Lowest",
            "board_date": today,
        },
        "activate": {"effective_on": today},
        "ask": {},
    }.get(verb, {"reason": "Because"})


def put(agreement: Agreement, state: str) -> None:
    now = timezone.now()
    Agreement.objects.filter(pk=agreement.pk).update(
        state=state,
        rank=RANK[state],
        opened_at=now,
        closes_at=now + timedelta(days=20),
        bids_close_at=now - timedelta(days=1),
        released_at=now if state in ENDED else None,
    )
    agreement.refresh_from_db()


def test_the_table_names_every_state_and_rank() -> None:
    assert set(RANK) == set(State.values) == set(GRID)


@pytest.mark.parametrize("state", State.values)
def test_every_verb_in_every_state(cast: Cast, state: str) -> None:
    agreement = make_draft(cast, kind="own_bid")
    for verb in VERBS:
        put(agreement, state)
        before = StatusChange.objects.count()
        try:
            with transaction.atomic():
                DEEDS[verb](agreement, by=cast.host, at=timezone.now(), **arguments(verb, timezone.now()))
                reached = agreement.state
                assert StatusChange.objects.count() == before + 1
                transaction.set_rollback(True)
        except Refused:
            reached = None
        assert reached == GRID[state].get(verb), f"{state} {verb}"


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("state", State.values)
def test_a_button_is_offered_exactly_where_the_verb_can_succeed(cast: Cast, state: str, kind: str) -> None:
    agreement, taken = make_draft(cast, kind=kind), set()
    put(agreement, state)
    for verb in VERBS:
        now = timezone.now()
        try:
            with transaction.atomic():
                DEEDS[verb](agreement, by=cast.host, at=now, **arguments(verb, now))
                taken.add(verb)
                transaction.set_rollback(True)
        except Refused:
            pass
        agreement.refresh_from_db()
    assert {row.verb for row in rules.verbs_at(cast.host, agreement, timezone.now())} == taken


@pytest.mark.parametrize("kind", ["quotes", "piggyback"])
def test_quotes_are_awarded_from_fixed_quantities(cast: Cast, kind: str) -> None:
    agreement = make_agreement(cast, kind=kind)
    now = timezone.now()
    close_agreement(agreement, by=cast.host, at=now, reason="All in")
    with pytest.raises(Refused, match="Only our own bid"):
        solicit_bids(agreement, by=cast.host, at=now, **arguments("solicit", now))
    award_agreement(agreement, by=cast.host, at=now, **arguments("award", now))
    assert agreement.state == State.AWARDED


def test_every_verb_has_its_deed_and_its_form() -> None:
    assert set(DEEDS) == set(MOVE_FORMS) == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_only_hosts_of_the_lead_office_move_it_and_officers_suspend(cast: Cast, verb: str) -> None:
    agreement = make_draft(cast, kind="own_bid")
    state = next(state for state, verbs in GRID.items() if verb in verbs)
    for name, person in cast.everyone().items():
        if name in {"visitor", "host"} or (name == "officer" and verb in {"suspend", "resume"}):
            continue
        put(agreement, state)
        with pytest.raises(PermissionDenied):
            DEEDS[verb](agreement, by=person, at=timezone.now(), **arguments(verb, timezone.now()))


@pytest.mark.parametrize("verb", ["revise", "extend", "close", "reopen", "suspend", "resume", "fail", "cancel"])
def test_a_reason_is_required(cast: Cast, verb: str) -> None:
    agreement = make_draft(cast)
    put(agreement, next(iter(next(row for row in TRANSITIONS if row.verb == verb).sources)))
    with pytest.raises(Refused, match="reason"):
        DEEDS[verb](agreement, by=cast.host, at=timezone.now(), **arguments(verb, timezone.now()) | {"reason": "  "})


def test_closing_is_half_open(cast: Cast) -> None:
    agreement = make_agreement(cast)
    assert agreement.closes_at is not None
    closing = agreement.closes_at
    just_before = closing - timedelta(microseconds=1)
    assert agreement.state_at(just_before) == State.COMMITTING
    assert agreement.state_at(closing) == State.FROZEN
    assert list(Agreement.objects.open_at(just_before)) == [agreement]
    assert not Agreement.objects.open_at(closing).exists()
    assert list(Agreement.objects.in_state_at(State.FROZEN, closing)) == [agreement]


def test_the_quantities_are_fixed_once_and_dated_to_the_closing(cast: Cast) -> None:
    agreement = make_show(cast)
    assert agreement.closes_at is not None
    late = agreement.closes_at + timedelta(hours=5)
    twin = Agreement.objects.get(pk=agreement.pk)
    assert close_if_due(agreement, late)
    assert not close_if_due(twin, late)
    assert not close_if_due(agreement, late)
    change = agreement.changes.last()
    assert change is not None
    assert (change.at, change.by, change.to_state) == (agreement.closes_at, None, State.FROZEN)
    assert QuantitySnapshot.objects.count() == 1
    assert sum(row.committed for row in QuantitySnapshot.objects.get().rows.all()) == 913


def test_the_due_job_fixes_what_is_due_and_runs_twice_alike(cast: Cast) -> None:
    agreement = make_show(cast)
    assert agreement.closes_at is not None
    assert close_due(agreement.closes_at - timedelta(seconds=1)) == 0
    assert close_due(agreement.closes_at) == 1
    assert close_due(agreement.closes_at) == 0


def test_reopening_is_for_once_and_keeps_what_was_fixed(cast: Cast) -> None:
    agreement = make_show(cast)
    now = timezone.now()
    close_agreement(agreement, by=cast.host, at=now, reason="All in")
    reopen_agreement(agreement, by=cast.host, at=now, closes_at=now + timedelta(days=3), reason="One was forgotten")
    close_agreement(agreement, by=cast.host, at=now, reason="Now all in")
    assert [s.superseded_at is None for s in agreement.snapshots.all()] == [False, True]
    with pytest.raises(Refused, match="reopened once"):
        reopen_agreement(agreement, by=cast.host, at=now, closes_at=now + timedelta(days=3), reason="Again")
    assert "reopen" not in {row.verb for row in rules.verbs_at(cast.host, agreement, now)}


def test_an_extension_only_moves_later(cast: Cast) -> None:
    agreement = make_agreement(cast)
    assert agreement.closes_at is not None
    with pytest.raises(Refused, match="later"):
        extend_agreement(agreement, by=cast.host, at=timezone.now(), closes_at=agreement.closes_at, reason="No")


@pytest.mark.parametrize(
    ("verb", "taken"),
    [
        ("open", [False, True, True]),
        ("extend", [False, False, True]),
        ("reopen", [False, False, True]),
        ("evaluate", [False, True, True]),
    ],
)
def test_an_instant_is_judged_at_its_edge_and_right_beside_it(cast: Cast, verb: str, taken: list[bool]) -> None:
    """The closing that is given, or for `evaluate` the instant at which the offers are opened."""
    agreement, now = make_draft(cast, kind="own_bid"), timezone.now()
    BuyingRule.objects.create(in_force_from=timezone.localdate(now), open_days=10)
    put(agreement, next(state for state, verbs in GRID.items() if verb in verbs))
    edge = {
        "open": now.astimezone(agreement.tz) + timedelta(days=10),
        "extend": agreement.closes_at,
        "reopen": now,
        "evaluate": agreement.bids_close_at,
    }[verb]
    assert edge is not None
    for microseconds, is_taken in zip((-1, 0, 1), taken, strict=True):
        instant = edge + timedelta(microseconds=microseconds)
        given = {"at": instant} if verb == "evaluate" else {"at": now, "closes_at": instant}
        refused = nullcontext() if is_taken else pytest.raises(Refused)
        with refused, transaction.atomic():
            DEEDS[verb](agreement, by=cast.host, **arguments(verb, now) | given)
            transaction.set_rollback(True)
        agreement.refresh_from_db()


@pytest.mark.parametrize(("days", "is_taken"), [(-1, True), (0, True), (1, False)])
def test_it_is_ready_to_order_on_its_effective_day(cast: Cast, days: int, is_taken: bool) -> None:
    agreement, now = make_draft(cast), timezone.now()
    put(agreement, State.AWARDED)
    with nullcontext() if is_taken else pytest.raises(Refused, match="on the effective date"):
        DEEDS["activate"](agreement, by=cast.host, at=now, effective_on=timezone.localdate(now) + timedelta(days=days))


@pytest.mark.parametrize("witness", ["", "  ", "Host", " Host "])
def test_offers_are_opened_before_somebody_else(cast: Cast, witness: str) -> None:
    agreement, now = make_draft(cast, kind="own_bid"), timezone.now()
    put(agreement, State.SOLICITING)
    with pytest.raises(Refused, match="somebody else who saw it"):
        DEEDS["evaluate"](agreement, by=cast.host, at=now, opener="Host", witness=witness)


def test_opening_keeps_the_days_of_the_rule_in_force(cast: Cast) -> None:
    BuyingRule.objects.create(in_force_from=timezone.localdate() - timedelta(days=1), open_days=10)
    agreement = make_draft(cast)
    now = timezone.now()
    with pytest.raises(Refused, match="at least 10 days"):
        open_agreement(agreement, by=cast.host, at=now, closes_at=now + timedelta(days=9))


@pytest.mark.parametrize(("hours", "is_taken"), [(25, False), (14 * 24 - 1, False), (14 * 24, True)])
def test_without_a_rule_two_weeks_are_left_to_commit(cast: Cast, hours: int, is_taken: bool) -> None:
    agreement = make_draft(cast)
    now = datetime(2026, 11, 9, 12, tzinfo=UTC)
    with nullcontext() if is_taken else pytest.raises(Refused, match="at least 14 days"):
        open_agreement(agreement, by=cast.host, at=now, closes_at=now + timedelta(hours=hours))


def test_canceling_releases_everybody_and_says_so_in_the_record(cast: Cast) -> None:
    agreement = make_show(cast)
    cancel_agreement(agreement, by=cast.host, at=timezone.now(), reason="The state contract is cheaper")
    assert agreement.lines.get().committed == 0
    released = CommitmentEntry.objects.filter(kind="released")
    assert sorted(released.values_list("committed_before", "committed_after")) == [(413, 0), (500, 0)]


def test_every_step_is_in_the_site_log_too(cast: Cast) -> None:
    agreement = make_show(cast)
    close_agreement(agreement, by=cast.host, at=timezone.now(), reason="All in")
    entry = ModelLogEntry.objects.get(action="purchasing.close")
    assert (entry.user, entry.data["reason"]) == (cast.host, "All in")


@pytest.mark.parametrize("deed", ["update", "delete"])
@pytest.mark.parametrize("kind", ["statuschange", "award", "commitmententry", "snapshotrow"])
def test_records_are_only_ever_added(cast: Cast, kind: str, deed: str) -> None:
    from django.apps import apps

    agreement = make_show(cast)
    now = timezone.now()
    close_agreement(agreement, by=cast.host, at=now, reason="All in")
    award_agreement(agreement, by=cast.host, at=now, **arguments("award", now) | {"board_date": None})
    rows = apps.get_model("purchasing", kind).objects.all()
    assert rows.exists()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(id=rows.first().pk) if deed == "update" else rows._raw_delete(rows.db)


def test_nothing_with_commitments_is_deleted(cast: Cast) -> None:
    agreement = make_show(cast)
    with pytest.raises(DatabaseError):
        agreement.delete()
    with pytest.raises(DatabaseError):
        agreement.lines.get().delete()


def test_an_award_is_one(cast: Cast) -> None:
    agreement = make_agreement(cast)
    make_commitment(agreement, cast.geneva, 5, buyer=cast.neighbor)
    now = timezone.now()
    close_agreement(agreement, by=cast.host, at=now, reason="All in")
    award_agreement(agreement, by=cast.host, at=now, **arguments("award", now))
    with pytest.raises(Refused):
        award_agreement(agreement, by=cast.host, at=now, **arguments("award", now))
    assert Award.objects.count() == 1


@pytest.mark.parametrize(
    ("noticed", "bids_close", "is_taken"),
    [
        ("2027-03-12T10:00", "2027-03-22T10:00", True),  # the clocks go forward in between: 239 hours
        ("2026-11-30T14:15", "2026-12-10T10:00", True),
        ("2026-11-30T00:05", "2026-12-09T23:55", False),
    ],
)
def test_legal_days_are_counted_by_the_calendar(cast: Cast, noticed: str, bids_close: str, is_taken: bool) -> None:
    agreement = make_draft(cast, kind=Kind.OWN_BID, at=datetime(2026, 11, 1, 12, tzinfo=UTC))
    at, bids_close_at = (datetime.fromisoformat(text).replace(tzinfo=agreement.tz) for text in (noticed, bids_close))
    refused = nullcontext() if is_taken else pytest.raises(Refused, match="at least 10 days")
    with refused:
        solicit_bids(agreement, by=cast.host, at=at, notice="Daily Herald", bids_close_at=bids_close_at)
