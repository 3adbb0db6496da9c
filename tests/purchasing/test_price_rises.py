"""Who commits less may make it dearer for all, and all are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.notices.models import Notice
from purchasing.deeds import commit as deeds
from purchasing.models import Agreement
from tests.people import Cast
from tests.purchasing.makers import by_board, line_of, make_agreement, make_buyer, make_commitment, make_line, make_show

Deed = Callable[[Agreement, Cast], None]


def commit(agreement: Agreement, cast: Cast, quantity: int) -> None:
    quantities = {line_of(agreement).pk: quantity}
    deeds.commit(agreement, cast.kaneland, quantities, by=cast.buyer, at=timezone.now(), approval=by_board())


def withdraw(agreement: Agreement, cast: Cast) -> None:
    deeds.withdraw(agreement, cast.kaneland, by=cast.buyer, at=timezone.now())


def told() -> list[tuple[str, str]]:
    rows = Notice.objects.filter(kind="agreement-changed", key__contains=":price:").order_by("email", "pk")
    return [(row.email, row.body) for row in rows]


@pytest.fixture
def crossed(cast: Cast) -> Agreement:
    """Kaneland's 240 took everybody to $306.00."""
    agreement = make_show(cast)
    commit(agreement, cast, 240)
    return agreement


@pytest.mark.parametrize("deed", [withdraw, lambda a, c: commit(a, c, 36)], ids=["withdrawn", "changed to less"])
def test_everybody_who_takes_part_hears_that_the_price_rose(cast: Cast, crossed: Agreement, deed: Deed) -> None:
    assert told() == []
    deed(crossed, cast)
    everybody = {cast.member.email, cast.buyer.email, cast.neighbor.email, f"buyer@{cast.batavia.slug}.example"}
    assert {address for address, _body in told()} == everybody
    for _address, body in told():
        assert "Less of Chromebook is committed than before: $306.00 each became $318.00." in body


def test_less_that_leaves_the_price_is_told_nobody(cast: Cast, crossed: Agreement) -> None:
    commit(crossed, cast, 37)
    assert told() == []


def test_more_of_another_item_that_gets_cheaper_is_no_rise(cast: Cast) -> None:
    """Less of the cases and more of the carts, in one press: only the cases cost more."""
    lines = [make_line("Case", [(1, "30.00"), (100, "20.00")]), make_line("Cart", [(1, "900.00"), (10, "800.00")])]
    agreement = make_agreement(cast, lines=lines)
    buyer = make_buyer(cast.batavia)
    case, cart = line_of(agreement, 1).pk, line_of(agreement, 2).pk
    for quantities in ({case: 100, cart: 1}, {case: 50, cart: 10}):
        deeds.commit(agreement, cast.batavia, quantities, by=buyer, at=timezone.now(), approval=by_board())
    assert len(told()) == 4
    assert all("Less of Case is committed than before: $20.00 each became $30.00." in body for _to, body in told())


def test_back_and_forth_on_one_day_is_told_once(cast: Cast, crossed: Agreement) -> None:
    for _time in range(3):
        withdraw(crossed, cast)
        commit(crossed, cast, 240)
    assert len(told()) == 4
    another_day = timezone.now() + timedelta(days=2)
    deeds.withdraw(crossed, cast.kaneland, by=cast.buyer, at=another_day)
    assert len(told()) == 8


def test_the_last_who_leaves_takes_the_price_away(cast: Cast) -> None:
    agreement = make_agreement(cast, lines=[make_line(steps=[(10, "9.00")], minimum_order=10)])
    buyer = make_buyer(cast.batavia)
    make_commitment(agreement, cast.batavia, 10, buyer=buyer)
    deeds.withdraw(agreement, cast.batavia, by=buyer, at=timezone.now())
    assert all("$9.00 each became no price at all yet." in body for _address, body in told())
    assert len(told()) == 4


def test_several_items_are_told_in_one_notice(cast: Cast) -> None:
    steps = [(1, "9.00"), (10, "8.00")]
    agreement = make_agreement(cast, lines=[make_line("Case", steps), make_line("Cart", steps)])
    buyer = make_buyer(cast.batavia)
    quantities = {line_of(agreement, 1).pk: 10, line_of(agreement, 2).pk: 10}
    deeds.commit(agreement, cast.batavia, quantities, by=buyer, at=timezone.now(), approval=by_board())
    deeds.withdraw(agreement, cast.batavia, by=buyer, at=timezone.now())
    assert len(told()) == 4
    assert all(f"Less of {item} is" in body for _address, body in told() for item in ("Case", "Cart"))
