"""Writing an agreement down: as many items and prices as a page can show."""

from __future__ import annotations

from typing import Any

from django.test import Client

from purchasing.drafting import MOST_ITEMS, MOST_STEPS
from purchasing.models import Agreement
from tests.conftest import sign_in
from tests.people import Cast
from tests.purchasing.makers import make_draft
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
