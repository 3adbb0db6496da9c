"""A commitment at the edges of what an agreement takes: its cap, its closing day, the largest quantity."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from portal.refusals import Refused
from purchasing.deeds.commit import commit, withdraw
from purchasing.deeds.evidence import Report
from purchasing.deeds.for_district import MOST_UNITS, Closed
from purchasing.deeds.open import ask_districts
from purchasing.deeds.plan import report
from purchasing.models import Agreement
from purchasing.models.lifecycle import State
from tests.people import Cast
from tests.purchasing.makers import by_board, line_of, make_agreement, make_commitment, make_draft, make_line


def commits(agreement: Agreement, cast: Cast, quantity: int, **more: Any) -> None:
    said: dict[str, Any] = {"by": cast.buyer, "at": timezone.now(), "approval": by_board()} | more
    commit(agreement, cast.kaneland, {line_of(agreement).pk: quantity}, **said)


def refused_where(refused: bool, match: str) -> AbstractContextManager[Any]:
    return pytest.raises(Refused, match=match) if refused else nullcontext()


@pytest.mark.parametrize(("quantity", "total", "refused"), [(39, 99, False), (40, 100, False), (41, 60, True)])
def test_the_last_unit_under_the_cap_is_taken_and_none_above(
    cast: Cast, quantity: int, total: int, refused: bool
) -> None:
    agreement = make_agreement(cast, lines=[make_line(steps=[(1, "9.00")], cap=100)])
    make_commitment(agreement, cast.geneva, 60, buyer=cast.neighbor)
    with refused_where(refused, "40 devices left"):
        commits(agreement, cast, quantity)
    assert line_of(agreement).committed == total


@pytest.mark.parametrize(("quantity", "total", "refused"), [(99, 99, False), (100, 100, False), (101, 60, True)])
def test_more_of_ones_own_is_taken_up_to_the_cap(cast: Cast, quantity: int, total: int, refused: bool) -> None:
    agreement = make_agreement(cast, lines=[make_line(steps=[(1, "9.00")], cap=100)])
    commits(agreement, cast, 60)
    with refused_where(refused, "40 devices left"):
        commits(agreement, cast, quantity)
    assert line_of(agreement).committed == total


@pytest.mark.parametrize(("days", "refused"), [(-1, False), (0, False), (1, True)])
def test_a_board_may_meet_on_the_day_of_the_closing(cast: Cast, days: int, refused: bool) -> None:
    agreement = make_agreement(cast)
    assert agreement.closes_at is not None
    board = agreement.closes_at.astimezone(agreement.tz).date() + timedelta(days=days)
    with refused_where(refused, "after the closing"):
        commits(agreement, cast, 5, approval=by_board(board))


@pytest.mark.parametrize(("days", "refused"), [(-366, True), (-365, False), (-364, False)])
def test_a_board_met_at_most_a_year_before_the_opening(cast: Cast, days: int, refused: bool) -> None:
    agreement = make_agreement(cast)
    assert agreement.opened_at is not None
    assert agreement.closes_at is not None
    opened, closes = (instant.astimezone(agreement.tz).date() for instant in (agreement.opened_at, agreement.closes_at))
    first = opened - timedelta(days=365)
    fitting = f"from {first:%b} {first.day}, {first.year} to {closes:%b} {closes.day}, {closes.year}"
    with refused_where(refused, rf"more than a year before this agreement opened\. Choose a date {fitting}"):
        commits(agreement, cast, 5, approval=by_board(opened + timedelta(days=days)))


@pytest.mark.parametrize(
    ("quantity", "refused"),
    [(-1, True), (1, False), (MOST_UNITS - 1, False), (MOST_UNITS, False), (MOST_UNITS + 1, True)],
)
def test_up_to_a_million_units_are_taken(cast: Cast, quantity: int, refused: bool) -> None:
    with refused_where(refused, "from 0 to 1,000,000"):
        commits(make_agreement(cast), cast, quantity)


def test_a_commitment_is_withdrawn_only_while_the_agreement_is_open(cast: Cast) -> None:
    """In the survey there is nothing to withdraw from: a no is said there by declining."""
    asking, now = make_draft(cast), timezone.now()
    ask_districts(asking, by=cast.host, at=now)
    with pytest.raises(Closed):
        withdraw(asking, cast.kaneland, by=cast.buyer, at=now)
    agreement = make_agreement(cast)
    assert agreement.closes_at is not None
    commits(agreement, cast, 5)
    last = agreement.closes_at - timedelta(microseconds=1)
    with pytest.raises(Closed), transaction.atomic():
        withdraw(Agreement.objects.get(pk=agreement.pk), cast.kaneland, by=cast.buyer, at=agreement.closes_at)
    Agreement.objects.filter(pk=agreement.pk).update(state=State.COMMITTING)
    withdraw(Agreement.objects.get(pk=agreement.pk), cast.kaneland, by=cast.buyer, at=last)
    assert line_of(agreement).committed == 0


@pytest.mark.parametrize(("microseconds", "refused"), [(-1, False), (0, False), (1, True)])
def test_what_a_district_said_was_said_before_it_is_written_down(cast: Cast, microseconds: int, refused: bool) -> None:
    agreement, now = make_agreement(cast), timezone.now()
    said = Report(by="secretary", how="phone", at=now + timedelta(microseconds=microseconds))
    with refused_where(refused, "from the future"):
        report(agreement, cast.kaneland, {line_of(agreement).pk: 5}, by=cast.host, at=now, said=said)
