"""Two people of one district at once: who comes second is told both figures, and may then decide."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.refusals import Stale
from purchasing.deeds.commit import commit
from purchasing.models import Agreement, Commitment
from tests.conftest import sign_in
from tests.people import Cast
from tests.purchasing.makers import by_board, line_of, make_agreement, make_commitment, make_line

ANSWERS = {"quantity": "240", "authority": "delegated", "evidence": "Policy 4:60"}


def seen_on(page: str) -> str:
    (seen,) = re.findall(r'name="seen" value="([^"]*)"', page)
    return str(seen)


def commit_url(agreement: Agreement) -> str:
    return f"{agreement.get_absolute_url()}commit/"


def committed(agreement: Agreement, cast: Cast) -> int:
    return Commitment.objects.get(participation__agreement=agreement, participation__district=cast.kaneland).committed


def change(agreement: Agreement, cast: Cast, quantity: int) -> None:
    """The other buyer of Kaneland commits so many."""
    now, line = timezone.now(), line_of(agreement)
    commit(agreement, cast.kaneland, {line.pk: quantity}, by=cast.buyer, at=now, approval=by_board())


def sent(client: Client, agreement: Agreement, page: str) -> Any:
    """Check, then commit, with what the page says was seen."""
    check = client.get(commit_url(agreement), ANSWERS | {"seen": seen_on(page), "check": "1"})
    assert check.status_code == 200
    return client.post(commit_url(agreement), ANSWERS | {"seen": seen_on(check.content.decode())})


@pytest.mark.parametrize("before", [0, 100], ids=["first commitment", "change"])
def test_a_stale_commitment_is_told_both_figures_and_then_taken(client: Client, cast: Cast, before: int) -> None:
    agreement = make_agreement(cast)
    if before:
        change(agreement, cast, before)
    page = sign_in(client, cast.buyer).get(commit_url(agreement), {"quantity": "240"}).content.decode()
    change(agreement, cast, 300)
    refused = sent(client, agreement, page)
    assert refused.status_code == 409
    text = refused.content.decode().replace("&#x27;", "'")
    assert "Chromebook: your district's quantity became 300 while you were looking; you sent 240." in text
    assert 'value="240"' in text
    assert committed(agreement, cast) == 300
    assert sent(client, agreement, refused.content.decode()).status_code == 302
    assert committed(agreement, cast) == 240


def test_another_change_meanwhile_is_told_again(client: Client, cast: Cast) -> None:
    agreement = make_agreement(cast)
    page = sign_in(client, cast.buyer).get(commit_url(agreement), {"quantity": "240"}).content.decode()
    change(agreement, cast, 300)
    refused = sent(client, agreement, page)
    change(agreement, cast, 310)
    again = sent(client, agreement, refused.content.decode())
    assert again.status_code == 409
    assert "became 310 while you were looking" in again.content.decode()


def test_a_changed_line_that_is_not_sent_is_left_alone(cast: Cast) -> None:
    agreement = make_agreement(cast, lines=[make_line(), make_line("Cart", unit="cart")])
    make_commitment(agreement, cast.kaneland, 10, buyer=cast.buyer)
    first, second = line_of(agreement), line_of(agreement, 2)
    seen, now = {first.pk: 0, second.pk: 0}, timezone.now()
    for quantities in ({first.pk: 5, second.pk: 4}, {first.pk: 5}):
        with pytest.raises(Stale, match=r"Chromebook: .* became 10 .* you sent 5\.$"):
            commit(agreement, cast.kaneland, quantities, by=cast.buyer, at=now, approval=by_board(), seen=seen)
    commit(agreement, cast.kaneland, {second.pk: 4}, by=cast.buyer, at=now, approval=by_board(), seen=seen)
    assert [row.committed for row in Commitment.objects.order_by("line__position")] == [10, 4]
