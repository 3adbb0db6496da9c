"""The ladder's arithmetic: figures of the show, and its invariants for any ladder."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purchasing.models.ladder import Ladder, Step, extended, rounded

SHOW = Ladder.of([(950, Decimal("306.00")), (1, Decimal("329.00")), (500, Decimal("318.00"))])

prices = st.decimals(min_value=0, max_value=10_000, places=4)
quantities = st.integers(0, 100_000)


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """A ladder without a fault: minimums strictly rise, prices never do."""
    minimums = sorted(draw(st.sets(st.integers(2, 50_000), max_size=6)) | {1})
    falling = sorted(draw(st.lists(prices, min_size=len(minimums), max_size=len(minimums))), reverse=True)
    return Ladder.of(zip(minimums, falling, strict=True))


@pytest.mark.parametrize(("price", "is_cheaper"), [("1.0001", False), ("1.00", False), ("0.999", True)])
def test_more_is_advised_only_where_it_costs_less_in_all(price: str, is_cheaper: bool) -> None:
    ladder = Ladder.of([(1, Decimal("2.00")), (10, Decimal(price))])
    assert (ladder.cheaper_more(5) is not None) is is_cheaper


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("0.0049", "0.00"), ("0.0050", "0.01"), ("0.0150", "0.02"), ("0.0250", "0.03"), ("-0.0050", "-0.01")],
)
def test_half_a_cent_is_rounded_up(amount: str, cents: str) -> None:
    assert rounded(Decimal(amount)) == Decimal(cents)


def test_the_show() -> None:
    seen = SHOW.what_if(240, others=[500, 413])
    assert (seen.before, seen.price, seen.total) == (Decimal("318.00"), Decimal("306.00"), Decimal("73440.00"))
    assert (seen.group, seen.others, seen.others_pay_more) == (1153, 913, Decimal("-10956.00"))
    gap = SHOW.gap(913)
    assert gap is not None
    assert (gap.units, gap.off_each, gap.saved_by_all) == (37, Decimal("12.00"), Decimal("11400.00"))


@pytest.mark.parametrize(("quantity", "price"), [(1, "329"), (499, "329"), (500, "318"), (949, "318"), (950, "306")])
def test_a_minimum_already_buys_its_price(quantity: int, price: str) -> None:
    assert SHOW.price_or_none(quantity) == Decimal(price)


def test_below_the_first_step_there_is_no_price() -> None:
    ladder = Ladder.of([(25, Decimal(40))])
    assert ladder.price_or_none(24) is None
    gap = ladder.gap(20)
    assert gap is not None
    assert (gap.units, gap.off_each) == (5, None)


def test_at_the_top_there_is_no_gap() -> None:
    assert SHOW.gap(950) is None


def test_buying_more_can_cost_less() -> None:
    assert SHOW.cheaper_more(949) == Step(950, Decimal("306.00"))
    assert SHOW.cheaper_more(913) is None


@pytest.mark.parametrize(
    ("steps", "faults"),
    [
        ([], ["empty"]),
        ([(5, 10)], ["first"]),
        ([(1, 10), (1, 10)], ["rise"]),
        ([(1, 10), (5, 11)], ["fall"]),
        ([(1, 10), (5, 10)], []),
    ],
)
def test_faults_of_a_ladder(steps: list[tuple[int, int]], faults: list[str]) -> None:
    assert Ladder.of((minimum, Decimal(price)) for minimum, price in steps).faults() == faults


@given(ladders(), st.permutations(range(7)), quantities)
def test_the_order_of_rows_does_not_matter(ladder: Ladder, order: list[int], quantity: int) -> None:
    rows = [ladder.steps[i] for i in order if i < len(ladder.steps)]
    assert Ladder.of(rows).price_or_none(quantity) == ladder.price_or_none(quantity)


@given(ladders(), quantities, quantities)
def test_adding_never_raises_anybodys_price(ladder: Ladder, committed: int, more: int) -> None:
    before, after = ladder.price_or_none(committed), ladder.price_or_none(committed + more)
    assert before is None or (after is not None and after <= before)


@given(ladders(), quantities)
def test_the_gap_leads_exactly_to_the_next_price(ladder: Ladder, committed: int) -> None:
    gap = ladder.gap(committed)
    if gap is None:
        assert ladder.price_or_none(committed) == ladder.steps[-1].price
        return
    assert ladder.price_or_none(committed + gap.units) == gap.step.price
    assert ladder.price_or_none(committed + gap.units - 1) == ladder.price_or_none(committed)


@given(ladders(), st.lists(quantities, max_size=5), quantities, quantities)
def test_what_if_is_what_a_commitment_then_costs(ladder: Ladder, each: list[int], own: int, quantity: int) -> None:
    seen = ladder.what_if(quantity, others=each, own=own)
    others = sum(each)
    price = ladder.price_or_none(others + quantity)
    assert seen.price == price
    assert seen.total == (None if price is None else extended(quantity, price))
    assert seen.before == ladder.price_or_none(others + own)
    assert seen.others_pay_more is None or (seen.others_pay_more > 0) <= (quantity < own)
    if price is not None and seen.before is not None:
        bills = [[extended(units, at) for units in each] for at in (seen.before, price)]
        assert seen.others_pay_more == sum(bills[1]) - sum(bills[0])


def test_what_the_others_pay_more_is_the_sum_of_their_bills() -> None:
    """Three of one unit each: half a cent more a unit is a cent on each bill, and on a common one two in all."""
    ladder = Ladder.of([(1, Decimal("1.0050")), (10, Decimal("1.0000"))])
    assert ladder.what_if(0, others=[1, 1, 1], own=7).others_pay_more == Decimal("0.03")


@given(quantities, prices)
def test_a_line_is_rounded_once_by_at_most_half_a_cent(quantity: int, price: Decimal) -> None:
    assert abs(extended(quantity, price) - quantity * price) <= Decimal("0.005")
    assert rounded(Decimal("0.005")) == Decimal("0.01")


def test_fewer_than_the_minimum_order_buy_nothing() -> None:
    ladder = Ladder.of([(1, Decimal("350.00")), (50, Decimal("330.00")), (200, Decimal("318.00"))])
    assert ladder.from_order_of(100) == Ladder.of([(100, Decimal("330.00")), (200, Decimal("318.00"))])
    assert ladder.from_order_of(1) == ladder
