"""Withdrawing, or taking less: what it costs everybody is read before, and it is taken back until the closing."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from portal.notices.models import Notice
from portal.refusals import Refused, Stale
from purchasing.deeds.commit import commit, withdraw
from purchasing.deeds.evidence import Approval, Report
from purchasing.deeds.for_district import CapReached, Closed
from purchasing.deeds.plan import report
from purchasing.deeds.restore import restore, restore_token
from purchasing.models import Agreement, Commitment, CommitmentEntry
from tests.conftest import sign_in
from tests.html import packed
from tests.people import Cast
from tests.purchasing.makers import by_board, line_of, make_agreement, make_commitment, make_line, make_show

BOARD = timezone.localdate() - timedelta(days=12)


@pytest.fixture
def show(cast: Cast) -> Agreement:
    """Kaneland's 240 took everybody to $306.00."""
    agreement = make_show(cast)
    make_commitment(agreement, cast.kaneland, 240, buyer=cast.buyer)
    return agreement


def token_of(agreement: Agreement, cast: Cast) -> str:
    return restore_token(agreement.participations.get(district=cast.kaneland).pk)


def take_back(agreement: Agreement, cast: Cast) -> str:
    """Kaneland withdraws; what undoes it."""
    token = token_of(agreement, cast)
    withdraw(agreement, cast.kaneland, by=cast.buyer, at=timezone.now())
    return token


def stands(agreement: Agreement, cast: Cast) -> tuple[int, date | None, str]:
    row = Commitment.objects.get(participation__agreement=agreement, participation__district=cast.kaneland)
    return row.committed, row.board_date, row.participation.state


def test_withdrawing_says_first_what_it_costs_everybody(client: Client, cast: Cast, show: Agreement) -> None:
    sign_in(client, cast.buyer)
    page = client.get(show.get_absolute_url()).content.decode()
    assert f'href="{show.get_absolute_url()}withdraw/?district={cast.kaneland.pk}"' in page
    asked = packed(client.get(f"{show.get_absolute_url()}withdraw/"))
    assert "your 240 devices no longer count" in asked
    assert "913 devices are committed in all; $306.00 becomes $318.00 each for everyone." in asked
    assert "The 2 other districts pay $10,956.00 more together." in asked
    assert "Withdraw 240 devices" in asked
    assert "Keep our commitment" in asked
    assert stands(show, cast)[0] == 240


def test_who_has_nothing_to_withdraw_is_led_back(client: Client, cast: Cast) -> None:
    response = sign_in(client, cast.buyer).get(f"{make_show(cast).get_absolute_url()}withdraw/", follow=True)
    assert "There is nothing to withdraw here now." in response.content.decode()


def test_a_lower_quantity_says_first_what_it_costs_everybody(client: Client, cast: Cast, show: Agreement) -> None:
    sign_in(client, cast.buyer)
    check = packed(client.get(f"{show.get_absolute_url()}commit/", {"quantity": "30", "check": "1"}))
    assert "$306.00 becomes $318.00 each for everyone. The 2 other districts pay $10,956.00 more together." in check
    assert "Commit 30 devices" in check


@pytest.mark.parametrize(
    ("verb", "sent"), [("withdraw", {}), ("commit", {"quantity": "30"})], ids=["withdrawn", "lowered"]
)
def test_it_is_undone_from_the_message(
    client: Client, cast: Cast, show: Agreement, verb: str, sent: dict[str, Any]
) -> None:
    sign_in(client, cast.buyer)
    done = client.post(f"{show.get_absolute_url()}{verb}/", sent, follow=True).content.decode()
    (path,) = re.findall(r'action="(/agreements/\d+/restore/[^"]+)"', done)
    assert stands(show, cast)[0] == int(sent.get("quantity", 0))
    key = str(uuid.uuid4())
    for _time in range(2):
        back = client.post(path, {"form_key": key}, follow=True)
        assert "Your district&#x27;s quantity is as it was before." in back.content.decode() or _time
    assert stands(show, cast) == (240, BOARD, "joined")
    assert line_of(show).committed == 1153
    restored = CommitmentEntry.objects.get(kind="restored")
    assert (restored.committed_before, restored.committed_after) == (int(sent.get("quantity", 0)), 240)
    assert restored.board_date == BOARD
    assert "Restored" in client.get(f"{show.get_absolute_url()}history/").content.decode()


def test_a_plan_that_the_host_entered_comes_back_as_the_host_s(cast: Cast, show: Agreement) -> None:
    """Not as if the district had typed it."""
    called = timezone.now() - timedelta(days=2)
    said = Report("Ann Lee", "phone", called)
    report(show, cast.kaneland, {line_of(show).pk: 300}, by=cast.host, at=timezone.now(), said=said)
    token = take_back(show, cast)
    taken = Commitment.objects.get(participation__district=cast.kaneland)
    assert (taken.planned, taken.reported_by) == (0, "")
    restore(show, token, by=cast.buyer, at=timezone.now())
    row = Commitment.objects.get(participation__district=cast.kaneland)
    assert (row.planned, row.committed, row.board_date) == (300, 240, BOARD)
    restored = CommitmentEntry.objects.get(kind="restored")
    for kept in (row, restored):
        assert (kept.reported_by, kept.reported_how, kept.reported_at) == ("Ann Lee", "phone", called)


def test_a_raise_offers_no_undo(client: Client, cast: Cast, show: Agreement) -> None:
    sent = {"quantity": "241", "authority": "delegated", "evidence": "Policy 4:60"}
    page = sign_in(client, cast.buyer).post(f"{show.get_absolute_url()}commit/", sent, follow=True)
    assert "/restore/" not in page.content.decode()


def test_who_heard_that_the_price_rose_hears_that_it_fell_again(cast: Cast, show: Agreement) -> None:
    token = take_back(show, cast)
    restore(show, token, by=cast.buyer, at=timezone.now())
    bodies = list(Notice.objects.filter(kind="agreement-changed", email=cast.neighbor.email).order_by("pk"))
    assert ["$306.00 each became $318.00" in bodies[0].body, "$318.00 each became $306.00 again" in bodies[1].body] == [
        True,
        True,
    ]


def test_who_heard_that_it_fell_again_hears_when_it_rises_once_more(cast: Cast, show: Agreement) -> None:
    restore(show, take_back(show, cast), by=cast.buyer, at=timezone.now())
    take_back(show, cast)
    last = Notice.objects.filter(kind="agreement-changed", email=cast.neighbor.email).order_by("pk").last()
    assert last is not None
    assert "$306.00 each became $318.00" in last.body


def test_it_is_undone_until_the_closing_and_not_at_it(cast: Cast, show: Agreement) -> None:
    token = take_back(show, cast)
    assert show.closes_at is not None
    with pytest.raises(Closed):
        restore(Agreement.objects.get(pk=show.pk), token, by=cast.buyer, at=show.closes_at)
    Agreement.objects.filter(pk=show.pk).update(state="committing")
    last = show.closes_at - timedelta(microseconds=1)
    restore(Agreement.objects.get(pk=show.pk), token, by=cast.buyer, at=last)
    assert stands(show, cast)[0] == 240


def test_only_a_buyer_of_the_district_undoes_it(cast: Cast, show: Agreement) -> None:
    token = take_back(show, cast)
    for person in (cast.member, cast.neighbor, cast.host, cast.officer):
        with pytest.raises(PermissionDenied):
            restore(show, token, by=person, at=timezone.now())


def test_what_was_changed_since_is_not_undone(cast: Cast, show: Agreement) -> None:
    token = take_back(show, cast)
    later = timezone.now() + timedelta(minutes=1)
    commit(show, cast.kaneland, {line_of(show).pk: 7}, by=cast.buyer, at=later, approval=by_board())
    with pytest.raises(Stale):
        restore(show, token, by=cast.buyer, at=later)
    assert stands(show, cast)[0] == 7


@pytest.mark.parametrize("times", [1, 2])
def test_it_is_undone_once(cast: Cast, show: Agreement, times: int) -> None:
    token = take_back(show, cast)
    restore(show, token, by=cast.buyer, at=timezone.now())
    if times == 2:
        with pytest.raises(Stale):
            restore(show, token, by=cast.buyer, at=timezone.now())
    assert CommitmentEntry.objects.filter(kind="restored").count() == 1


def test_a_token_nobody_signed_is_refused(cast: Cast, show: Agreement) -> None:
    take_back(show, cast)
    with pytest.raises(Refused, match="can no longer be taken back"):
        restore(show, "forged", by=cast.buyer, at=timezone.now())


def test_what_others_took_of_the_cap_meanwhile_is_theirs(cast: Cast) -> None:
    agreement = make_agreement(cast, lines=[make_line(steps=[(1, "9.00")], cap=100)])
    make_commitment(agreement, cast.kaneland, 60, buyer=cast.buyer)
    token = take_back(agreement, cast)
    make_commitment(agreement, cast.geneva, 41, buyer=cast.neighbor)
    with pytest.raises(CapReached):
        restore(agreement, token, by=cast.buyer, at=timezone.now())
    assert line_of(agreement).committed == 41


# --- what approves a quantity -----------------------------------------------------------------------------------------
NONE_GIVEN = Approval("board", None, "")


@pytest.mark.parametrize("quantity", [239, 240])
def test_a_quantity_that_stays_or_falls_keeps_its_board_date(cast: Cast, show: Agreement, quantity: int) -> None:
    now = timezone.now()
    commit(show, cast.kaneland, {line_of(show).pk: quantity}, by=cast.buyer, at=now, approval=NONE_GIVEN)
    assert stands(show, cast) == (quantity, BOARD, "joined")


def test_one_more_asks_for_evidence_again(cast: Cast, show: Agreement) -> None:
    now = timezone.now()
    with pytest.raises(Refused, match="Give the date of the board meeting"):
        commit(show, cast.kaneland, {line_of(show).pk: 241}, by=cast.buyer, at=now, approval=NONE_GIVEN)
    commit(show, cast.kaneland, {line_of(show).pk: 241}, by=cast.buyer, at=now, approval=by_board())
    assert stands(show, cast)[:2] == (241, timezone.localdate())


def test_what_falls_beside_what_rises_keeps_its_own(cast: Cast) -> None:
    agreement = make_agreement(cast, lines=[make_line(), make_line("Cart")])
    chromebook, cart = agreement.lines.values_list("pk", flat=True)
    old, new = by_board(BOARD), by_board()
    for quantities, approval in (({chromebook: 10, cart: 10}, old), ({chromebook: 9, cart: 11}, new)):
        commit(agreement, cast.kaneland, quantities, by=cast.buyer, at=timezone.now(), approval=approval)
    dates = dict(Commitment.objects.values_list("line", "board_date"))
    assert dates == {chromebook: BOARD, cart: timezone.localdate()}


def test_the_page_shows_what_approves_it(client: Client, cast: Cast, show: Agreement) -> None:
    sign_in(client, cast.buyer)
    said = f"board meeting of {BOARD:%b} {BOARD.day}, {BOARD.year}"
    assert f"240 devices committed ({said})" in packed(client.get(show.get_absolute_url()))
    assert f"240 devices: {said}" in packed(client.get(f"{show.get_absolute_url()}commit/"))
    check = packed(client.get(f"{show.get_absolute_url()}commit/", {"quantity": "30", "check": "1"}))
    assert f"<dd>{said}</dd>" in check
