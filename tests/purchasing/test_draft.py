"""Writing an agreement down: as many items and prices as a page can show."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from portal.refusals import Refused
from purchasing.deeds.award import solicit_bids
from purchasing.deeds.draft import MOST_ITEMS, MOST_STEPS
from purchasing.deeds.open import ask_districts, open_agreement
from purchasing.forms.pasting import parse_lines
from purchasing.models import Agreement, LineItem
from tests.conftest import sign_in
from tests.people import Cast
from tests.purchasing.makers import make_draft, make_line
from tests.purchasing.test_lifecycle import arguments, put
from tests.purchasing.test_redraft import edit_url, typed


def pasted(items: int, steps: int = 1) -> str:
    rows = [f"Item {n},each,{step},2.00" for n in range(items) for step in range(1, steps + 1)]
    return "\n".join(["item,unit,from,price", *rows])


def send(client: Client, cast: Cast, **changes: Any) -> str:
    """A new agreement with one typed item; the page, empty where it was saved."""
    return sign_in(client, cast.host).post("/agreements/new/", typed(cast, **changes)).content.decode()


def test_typed_and_pasted_items_together_are_bounded(client: Client, cast: Cast) -> None:
    assert "at most 40 items, and this one would have 41" in send(client, cast, pasted=pasted(MOST_ITEMS))
    assert not Agreement.objects.exists()
    assert send(client, cast, pasted=pasted(MOST_ITEMS - 1)) == ""
    assert Agreement.objects.get().lines.count() == MOST_ITEMS


def test_a_draft_does_not_grow_past_the_bound(client: Client, cast: Cast) -> None:
    draft = make_draft(cast)
    sent = typed(cast, version="1", pasted=pasted(MOST_ITEMS))
    assert sign_in(client, cast.host).post(edit_url(draft), sent).status_code == 422
    assert draft.lines.count() == 1


def test_the_prices_of_an_item_are_bounded(client: Client, cast: Cast) -> None:
    assert "has more than 12 prices" in send(client, cast, pasted=pasted(1, MOST_STEPS + 1))
    many = {"items-0-steps": "\n".join(f"{n}: 2" for n in range(1, MOST_STEPS + 2))}
    assert "has more than 12 prices" in send(client, cast, **many)
    assert send(client, cast, pasted=pasted(1, MOST_STEPS)) == ""


HEAD = "item,unit,from,price,cap\n"
WIDE = "item,unit,from,price,minimum order,baseline source,description\n"


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        (
            "item,unit,from,price\nCart,cart,1,1,329.00",
            "Line 2: There are more cells than columns. Put text with a comma in quotes",
        ),
        ("item,unit,from,price,price\nCart,cart,1,2,3", "Line 1: there are two columns of one name: price."),
        (HEAD + "Cart,cart,1,\uff13\uff12\uff19,", "Line 2: “\uff13\uff12\uff19” is not a price."),
        (HEAD + "Cart,cart,1,329,\nCart,box,500,318,", "Line 3: “Cart” has another unit above."),
        (HEAD + "Cart,cart,1,329,10\nCart,cart,500,318,20", "Line 3: “Cart” has another cap above."),
        (WIDE + "Cart,cart,1,329,1,,\nCart,cart,500,318,10,,", "Line 3: “Cart” has another minimum order above."),
        (WIDE + "Cart,cart,1,329,,CDW,\nCart,cart,500,318,,SHI,", "Line 3: “Cart” has another baseline source above."),
        (WIDE + "Cart,cart,1,329,,,Steel\nCart,cart,500,318,,,Oak", "Line 3: “Cart” has another description above."),
    ],
    ids=[
        *("a comma without quotes", "a column twice", "full-width digits", "two units", "two caps"),
        *("one and then ten", "two sources", "two descriptions"),
    ],
)
def test_what_a_pasted_table_does_not_say_plainly_is_not_guessed(table: str, fault: str) -> None:
    assert [said[: len(fault)] for said in parse_lines(table)[1]] == [fault]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (f"{'a' * 151},cart,1,329,,,", "has 151 characters. Write 150 at most."),
        (f"Cart,{'a' * 41},1,329,,,", "has 41 characters. Write 40 at most."),
        (f"Cart,cart,1,329,,{'a' * 201},", "has 201 characters. Write 200 at most."),
        (f"Cart,cart,1,329,,,{'a' * 501}", "has 501 characters. Write 500 at most."),
    ],
    ids=["item", "unit", "source", "description"],
)
def test_nothing_pasted_is_cut(row: str, told: str) -> None:
    (fault,) = parse_lines(WIDE + row)[1]
    assert told in fault
    assert not parse_lines(WIDE + row.replace("aa", "a", 1))[1]


def test_of_many_faults_the_page_tells_how_many_more_there_are(client: Client, cast: Cast) -> None:
    assert "And 1 more line cannot be read." in send(client, cast, pasted=HEAD + "Cart,cart,1,x,\n" * 21)
    assert "more line" not in send(client, cast, pasted=HEAD + "Cart,cart,1,x,\n" * 20)


def test_a_pasted_table_may_say_a_thing_once_or_again_and_end_in_empty_cells() -> None:
    table = 'item,unit,from,price,cap\nCart,cart,1,"1,329.00",900,,\nCart,,500,1318.5,900\nCart,cart,900,1300,\n'
    (cart,), faults = parse_lines(table)
    assert not faults
    assert (cart.unit, cart.cap) == ("cart", 900)
    assert [f"{step.minimum}: {step.price}" for step in cart.steps] == ["1: 1329.00", "500: 1318.5", "900: 1300"]


TOO_LITTLE = [
    ({"minimum_order": 101}, "the minimum order is 101 and the cap only 100"),
    ({"case_size": 101}, "comes in cases of 101, and its cap is only 100"),
    ({"steps": [(1, "9.00"), (101, "8.00")]}, "has a price from 101 up, and its cap is only 100"),
]


@pytest.mark.parametrize(("fields", "fault"), TOO_LITTLE)
def test_a_cap_below_what_can_be_ordered_is_refused(cast: Cast, fields: dict[str, Any], fault: str) -> None:
    given: dict[str, Any] = {"steps": [(1, "9.00")], "cap": 100} | fields
    with pytest.raises(Refused, match=fault):
        make_draft(cast, lines=[make_line(**given)])
    make_draft(cast, lines=[make_line(**given | {"cap": 101})])


def test_a_host_reads_both_numbers_beside_the_item(client: Client, cast: Cast) -> None:
    sent = {"items-0-steps": "500: 318", "items-0-minimum_order": "500", "items-0-cap": "400"}
    assert "the minimum order is 500 and the cap only 400" in send(client, cast, **sent)
    table = HEAD + "Cart,cart,1,329,400\nCart,cart,500,318,400"
    assert "has a price from 500 up, and its cap is only 400" in send(client, cast, pasted=table)
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("field", ["minimum_order", "case_size"])
def test_the_database_keeps_a_cap_above_an_order(cast: Cast, field: str) -> None:
    line = make_draft(cast, lines=[make_line(cap=1000)]).lines.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        LineItem.objects.filter(pk=line.pk).update(**{field: 1001})
    LineItem.objects.filter(pk=line.pk).update(**{field: 1000})


def test_what_was_drafted_before_this_was_refused_is_not_opened(cast: Cast) -> None:
    agreement = make_draft(cast, lines=[make_line(cap=1000)])
    agreement.lines.update(cap=900)
    for deed, verb in ((ask_districts, "ask"), (open_agreement, "open")):
        with pytest.raises(Refused, match="has a price from 950 up, and its cap is only 900"):
            deed(agreement, by=cast.host, at=timezone.now(), **arguments(verb, timezone.now()))


def test_what_was_closed_before_this_was_refused_still_goes_out_for_bids(cast: Cast) -> None:
    """Its items can no longer be changed, so nothing could be mended."""
    agreement, now = make_draft(cast, kind="own_bid", lines=[make_line(cap=1000)]), timezone.now()
    agreement.lines.update(cap=900)
    with pytest.raises(Refused, match="its cap is only 900"):
        solicit_bids(agreement, by=cast.host, at=now, **arguments("solicit", now))
    put(agreement, "frozen")
    solicit_bids(agreement, by=cast.host, at=now, **arguments("solicit", now))
    assert agreement.state == "soliciting"


@pytest.mark.parametrize("lines", [[], [make_line(unit=" ")], [make_line(), make_line("Cart", unit="")]])
def test_nobody_is_asked_about_nothing(cast: Cast, lines: list[Any]) -> None:
    agreement = make_draft(cast, lines=lines)
    with pytest.raises(Refused, match="Add at least one item"):
        ask_districts(agreement, by=cast.host, at=timezone.now())
