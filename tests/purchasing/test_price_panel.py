"""What a quantity would cost the district: one figure leads, one is compared, and everybody's price is beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from purchasing.models import Agreement
from tests.conftest import sign_in
from tests.html import packed
from tests.people import Cast
from tests.purchasing.makers import make_agreement, make_commitment, make_line, make_show

STATED: dict[str, Any] = {"baseline_price": Decimal("349.00"), "baseline_source": "list price, 100 units"}


def panel(client: Client, cast: Cast, agreement: Agreement, quantity: int) -> str:
    """The reader's own part of the page, as Kaneland's buyer reads it."""
    page = packed(sign_in(client, cast.buyer).get(f"{agreement.get_absolute_url()}?quantity={quantity}"))
    return page[page.index('id="ours"') : page.index('id="promise"')]


def stated(cast: Cast, committed: int | None = None) -> Agreement:
    """913 committed by Geneva and Batavia where a price without us is stated; and so many by Kaneland."""
    agreement = make_agreement(cast, lines=[make_line(**STATED)])
    make_commitment(agreement, cast.geneva, 500, buyer=cast.neighbor)
    make_commitment(agreement, cast.batavia, 413)
    if committed:
        make_commitment(agreement, cast.kaneland, committed, buyer=cast.buyer)
    return agreement


@pytest.mark.parametrize(
    ("quantity", "leads", "each", "without", "saves", "effect"),
    [
        (240, "$73,440.00", "$306.00", "$83,760.00", "$10,320.00", "$318.00 becomes $306.00 each for everyone"),
        (30, "$9,540.00", "$318.00", "$10,470.00", "$930.00", "the price stays $318.00 each for everyone"),
        (1240, "$379,440.00", "$306.00", "$432,760.00", "$53,320.00", "$318.00 becomes $306.00 each for everyone"),
    ],
)
def test_one_figure_leads_and_one_price_is_compared(
    client: Client, cast: Cast, quantity: int, leads: str, each: str, without: str, saves: str, effect: str
) -> None:
    page = panel(client, cast, stated(cast), quantity)
    assert page.count("<dd>") == 1
    assert f"<dd>{leads}</dd>" in page
    assert f"for {quantity:,} devices, at {each} each for everyone" in page
    assert f"Without us: {without} at $349.00 each (list price, 100 units). You save {saves}." in page
    assert effect in page


def test_a_lowered_quantity_is_priced_without_what_is_lowered(client: Client, cast: Cast) -> None:
    page = panel(client, cast, stated(cast, committed=240), 30)
    assert "<dd>$9,540.00</dd>" in page
    assert "for 30 devices, at $318.00 each for everyone" in page
    assert "943 devices are committed in all; $306.00 becomes $318.00 each for everyone." in page
    assert "The 2 other districts pay $10,956.00 more together." in page
    assert "7 more take $12.00 off each." in page


def test_what_is_committed_already_is_priced_as_it_stands(client: Client, cast: Cast) -> None:
    page = panel(client, cast, stated(cast, committed=240), 240)
    assert "<dd>$73,440.00</dd>" in page
    assert "1,153 devices are committed in all; the price stays $306.00 each for everyone." in page


def test_where_no_price_is_stated_the_ladder_s_own_for_the_quantity_is_compared(client: Client, cast: Cast) -> None:
    page = panel(client, cast, make_show(cast), 240)
    assert "Without us: $78,960.00 at $329.00 each (the price here for 240 alone). You save $5,520.00." in page


def test_the_ladder_compares_with_the_same_price(client: Client, cast: Cast) -> None:
    page = packed(sign_in(client, cast.buyer).get(f"{stated(cast).get_absolute_url()}?quantity=240"))
    assert "Alone" not in page
    ladder = page[page.index('class="ladder"') : page.index('id="ours"')]
    for figure in ("Without us", "$349.00", "$83,760.00", "$7,440.00", "$10,320.00", "with yours 1,153"):
        assert figure in ladder


@pytest.mark.parametrize(("quantity", "fits"), [(86, True), (87, True), (88, False)])
def test_nobody_is_led_to_commit_above_the_cap(client: Client, cast: Cast, quantity: int, fits: bool) -> None:
    agreement = make_agreement(cast, lines=[make_line(cap=1000)])
    make_commitment(agreement, cast.geneva, 913, buyer=cast.neighbor)
    page = panel(client, cast, agreement, quantity)
    assert ("Go on to commit" in page) is fits
    assert ("The cap of 1,000 leaves your district at most 87 devices in all." in page) is not fits
    check = {"quantity": str(quantity), "authority": "delegated", "evidence": "Policy", "check": "1"}
    asked = client.get(f"{agreement.get_absolute_url()}commit/", check)
    assert asked.status_code == (200 if fits else 422)
    assert ("leaves your district at most 87 devices." in packed(asked)) is not fits


def test_a_quantity_without_a_price_says_so(client: Client, cast: Cast) -> None:
    agreement = make_agreement(cast, lines=[make_line(steps=[(25, "40.00")], minimum_order=25)])
    page = panel(client, cast, agreement, 24)
    assert "<dd>" not in page
    assert "With this, 24 devices are committed in all, too few for any price." in page
    assert "1 more reaches the first price, $40.00 each." in page
