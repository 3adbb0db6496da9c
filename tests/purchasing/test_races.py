"""Real threads against one agreement, on whichever database the suite runs: the cap, the freeze, the repeated form."""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from portal.districts.models import District, User
from purchasing.deeds import answer, commit
from purchasing.deeds.close import close_agreement
from purchasing.deeds.for_district import CapReached, Closed
from purchasing.deeds.transition import close_if_due
from purchasing.models import Agreement, Commitment, CommitmentEntry, QuantitySnapshot
from tests.conftest import sign_in
from tests.people import Cast, make_cast, make_district
from tests.purchasing.makers import by_board, line_of, make_agreement, make_buyer, make_draft, make_line

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(7200)]

THREADS = 50
ROUNDS = int(os.environ.get("RACE_ROUNDS", "20"))


def at_once(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run them all from one starting gun; what each returned, or the exception it ended with."""
    gun = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            gun.wait(timeout=60)
            return deed()
        except Exception as error:  # noqa: BLE001 - the test judges each
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def make_buyers(cast: Cast, count: int) -> list[tuple[District, User]]:
    districts = [make_district(f"Race {n}", f"88{n:05d}", cast.kane, cast.roe31, 1000) for n in range(count)]
    buyers = [(district, make_buyer(district)) for district in districts]
    for _district, buyer in buyers:
        assert buyer.standing.is_member  # read here, not in the race
    return buyers


def committer(agreement: Agreement, district: District, buyer: User, quantity: int) -> Callable[[], Any]:
    line = line_of(agreement)
    mine = Agreement.objects.get(pk=agreement.pk)
    now = timezone.now()
    return lambda: commit.commit(mine, district, {line.pk: quantity}, by=buyer, at=now, approval=by_board())


def fresh_sum(agreement: Agreement) -> int:
    rows = Commitment.objects.counting().filter(participation__agreement=agreement)
    return rows.aggregate(all=Sum("committed"))["all"] or 0


def test_fifty_at_once_never_pass_the_cap() -> None:
    cast = make_cast()
    buyers = make_buyers(cast, THREADS)
    for round_ in range(ROUNDS):
        left = round_ % 3  # in every third round the last of those who fit take the last unit
        line = make_line(steps=[(1, "9.00")], cap=99 + left)
        agreement = make_agreement(cast, lines=[line], districts=[district for district, _b in buyers])
        ended = at_once([committer(agreement, district, buyer, 3) for district, buyer in buyers])
        refused = [end for end in ended if end is not None]
        assert all(isinstance(end, CapReached) for end in refused), refused
        assert {end.left for end in refused} == {left}
        assert fresh_sum(agreement) == line_of(agreement).committed == 99
        assert CommitmentEntry.objects.filter(participation__agreement=agreement).count() == 33


def test_a_commitment_racing_the_closing_is_wholly_before_or_refused() -> None:
    cast = make_cast()
    buyers = make_buyers(cast, 12)
    for _round in range(5):
        agreement = make_agreement(cast, districts=[district for district, _b in buyers])
        host = User.objects.get(pk=cast.host.pk)
        assert host.standing.is_member
        hosts = Agreement.objects.get(pk=agreement.pk)

        def close(hosts: Agreement = hosts, host: User = host) -> None:
            close_agreement(hosts, by=host, at=timezone.now(), reason="All in")

        deeds = [committer(agreement, district, buyer, 3) for district, buyer in buyers]
        ended = at_once([*deeds[:6], close, *deeds[6:]])
        assert all(end is None or isinstance(end, Closed) for end in ended), ended
        accepted = sum(end is None for end in ended) - 1
        snapshot = QuantitySnapshot.objects.get(agreement=agreement)
        assert sum(row.committed for row in snapshot.rows.all()) == fresh_sum(agreement) == 3 * accepted


def test_the_quantities_are_fixed_once_by_many() -> None:
    cast = make_cast()
    agreement = make_agreement(cast)
    assert agreement.closes_at is not None
    late = agreement.closes_at + timedelta(seconds=1)
    copies = [Agreement.objects.get(pk=agreement.pk) for _n in range(20)]
    ended = at_once([partial(close_if_due, copy, late) for copy in copies])
    assert sorted(ended) == [False] * 19 + [True]
    assert QuantitySnapshot.objects.count() == 1


def test_hosts_who_draft_at_once_get_a_number_each() -> None:
    cast = make_cast()
    host = User.objects.get(pk=cast.host.pk)
    assert host.standing.is_member
    ended = at_once([partial(make_draft, cast, host=host) for _n in range(8)])
    assert sorted(end.number for end in ended) == [f"31-2026-0{n}" for n in range(1, 9)]


def test_the_same_form_twenty_times_at_once_is_one_change() -> None:
    cast = make_cast()
    agreement = make_agreement(cast)
    url = f"{agreement.get_absolute_url()}commit/"
    day = str(timezone.localdate())
    form = {"quantity": "240", "authority": "board", "board_date": day, "form_key": str(uuid.uuid4())}
    clients = [sign_in(Client(), cast.buyer) for _n in range(20)]
    ended = at_once([partial(client.post, url, form) for client in clients])
    assert {getattr(end, "status_code", end) for end in ended} == {302}
    assert {end["Location"] for end in ended} == {agreement.get_absolute_url()}
    assert CommitmentEntry.objects.count() == 1
    assert line_of(agreement).committed == 240
    again = clients[0].post(url, form)
    assert again.status_code == 302
    other = clients[0].post(url, form | {"quantity": "241"})
    assert other.status_code == 409
    assert CommitmentEntry.objects.count() == 1


def test_two_forms_for_one_district_at_once_lose_nothing_unsaid() -> None:
    cast = make_cast()
    agreement = make_agreement(cast)
    line = line_of(agreement)
    buyer = User.objects.get(pk=cast.buyer.pk)
    assert buyer.standing.is_member
    commit.commit(agreement, cast.kaneland, {line.pk: 10}, by=buyer, at=timezone.now(), approval=by_board(), seen={})

    def change(quantity: int) -> Callable[[], Any]:
        mine = Agreement.objects.get(pk=agreement.pk)
        return lambda: commit.commit(
            mine,
            cast.kaneland,
            {line.pk: quantity},
            by=buyer,
            at=timezone.now(),
            approval=by_board(),
            seen={line.pk: 1},
        )

    ended = at_once([change(20), change(30)])
    assert sorted(type(end).__name__ for end in ended) == ["NoneType", "Stale"]
    refused = next(end for end in ended if end is not None)
    assert "while you were looking" in str(refused)
    assert fresh_sum(agreement) == line_of(agreement).committed


def test_interest_shown_while_a_buyer_commits_does_not_undo_the_answer() -> None:
    cast = make_cast()
    agreement = make_agreement(cast)
    line, mine = line_of(agreement), Agreement.objects.get(pk=agreement.pk)
    buyer, member = User.objects.get(pk=cast.buyer.pk), User.objects.get(pk=cast.member.pk)
    assert buyer.standing.is_member
    assert member.standing.is_member
    started, now = threading.Event(), timezone.now()

    def show_interest() -> None:
        try:
            started.set()
            answer.show_interest(mine, cast.kaneland, by=member, at=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            commit.commit(agreement, cast.kaneland, {line.pk: 240}, by=buyer, at=now, approval=by_board())
            interest = pool.submit(show_interest)
            started.wait(60)
            time.sleep(1)  # the other deed now waits for the agreement
        interest.result(60)
    assert agreement.participations.get(district=cast.kaneland).state == "joined"
    assert [entry.kind for entry in CommitmentEntry.objects.order_by("pk")] == ["committed"]
