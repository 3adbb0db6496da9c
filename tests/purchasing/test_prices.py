"""A price as somebody types it: any that the record holds, and a sentence for every other."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from purchasing.forms.fields import parse_price
from purchasing.models import Agreement, LineItem
from tests.conftest import sign_in
from tests.people import Cast
from tests.purchasing.makers import make_draft, make_line
from tests.purchasing.test_redraft import edit_url, typed

TOO_LARGE = ("10,000,000,000", "999,999,999,999", "10000000000")


@pytest.mark.parametrize("text", TOO_LARGE)
def test_a_price_that_no_record_holds_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is more than a unit can cost"):
        parse_price(text)


def test_the_largest_price_is_kept_as_typed(cast: Cast) -> None:
    largest = parse_price("$9,999,999,999.9999")
    agreement = make_draft(cast, lines=[make_line(steps=[(1, str(largest))], baseline_price=largest)])
    line = LineItem.objects.get(agreement=agreement)
    assert (line.baseline_price, line.breaks.get().price) == (Decimal("9999999999.9999"),) * 2


@pytest.mark.parametrize("text", TOO_LARGE)
@pytest.mark.parametrize("field", ["steps", "baseline", "pasted"])
def test_a_host_is_told_of_a_price_too_large(client: Client, cast: Cast, field: str, text: str) -> None:
    sent = {
        "steps": {"items-0-steps": f"1: {text}"},
        "baseline": {"items-0-baseline_price": text},
        "pasted": {"pasted": f"item\tunit\tfrom\tprice\nCart\tcart\t1\t{text}\n"},
    }[field]
    for url in ("/agreements/new/", edit_url(make_draft(cast))):
        response = sign_in(client, cast.host).post(url, typed(cast, version=1) | sent)
        assert response.status_code == 422
        assert "is more than a unit can cost" in response.content.decode()
    assert not Agreement.objects.filter(title="Host A's title").exists()
