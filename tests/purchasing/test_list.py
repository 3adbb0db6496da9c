"""What a row of the list says of an agreement."""

from __future__ import annotations

import pytest
from django.utils import timezone

from purchasing.deeds.commit import commit
from purchasing.screens.listing import listed
from tests.people import Cast
from tests.purchasing.makers import by_board, make_agreement, make_line


@pytest.mark.parametrize(
    ("items", "said"),
    [
        (1, "10 devices committed."),
        (3, "Committed: Item 0: 10 devices; Item 1: 10 devices; Item 2: 10 devices."),
        (4, "Committed: Item 0: 10 devices; Item 1: 10 devices; Item 2: 10 devices; and 1 more item."),
        (9, "Committed: Item 0: 10 devices; Item 1: 10 devices; Item 2: 10 devices; and 6 more items."),
    ],
)
def test_a_row_names_three_items_and_counts_the_others(cast: Cast, items: int, said: str) -> None:
    agreement = make_agreement(cast, lines=[make_line(f"Item {n}") for n in range(items)])
    quantities = dict.fromkeys(agreement.lines.values_list("pk", flat=True), 10)
    now = timezone.now()
    commit(agreement, cast.kaneland, quantities, by=cast.buyer, at=now, approval=by_board())
    (row,) = listed([agreement], now)
    assert row.committed == said
