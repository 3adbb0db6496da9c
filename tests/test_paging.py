from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.districts.models import County
from portal.paging import capped_count, page_of
from tests.hostile_tokens import HOSTILE_TOKENS

pytestmark = pytest.mark.django_db


def names(order: list[str], per_page: int) -> list[str]:
    """All pages in turn, each walked back to the one before it on the way."""
    seen: list[str] = []
    page = page_of(County.objects.all(), order=order, per_page=per_page)
    before: list[str] = []
    while True:
        here = [county.name for county in page]
        if before:
            back = page_of(County.objects.all(), order=order, token=page.previous, per_page=per_page)
            assert [county.name for county in back] == before
        else:
            assert page.previous == ""
        seen += here
        before = here
        if not page.next:
            return seen
        page = page_of(County.objects.all(), order=order, token=page.next, per_page=per_page)


@settings(max_examples=25)
@given(slugs=st.lists(st.sampled_from("abc"), max_size=12), per_page=st.integers(1, 5), down=st.booleans())
def test_pages_hold_every_row_once_in_order_both_ways(slugs: list[str], per_page: int, down: bool) -> None:
    County.objects.all().delete()
    County.objects.bulk_create(
        County(name=f"{letter}{index:02}", slug=f"s{index}") for index, letter in enumerate(slugs)
    )
    order = ["-name", "-pk"] if down else ["name", "pk"]
    assert names(order, per_page) == sorted((f"{c}{i:02}" for i, c in enumerate(slugs)), reverse=down)


@pytest.mark.parametrize("token", HOSTILE_TOKENS)
def test_a_token_that_was_tampered_with_gives_the_first_page(token: str) -> None:
    County.objects.create(name="Kane")
    assert [county.name for county in page_of(County.objects.all(), order=["name", "pk"], token=token)] == ["Kane"]


def test_a_token_of_another_order_gives_the_first_page() -> None:
    County.objects.bulk_create(County(name=str(n), slug=str(n)) for n in range(5))
    token = page_of(County.objects.all(), order=["name", "pk"], per_page=2).next
    assert [c.name for c in page_of(County.objects.all(), order=["-name", "pk"], token=token, per_page=2)] == ["4", "3"]


def test_a_count_stops_at_its_limit() -> None:
    County.objects.bulk_create(County(name=str(n), slug=str(n)) for n in range(5))
    assert capped_count(County.objects.all(), limit=5) == (5, False)
    assert capped_count(County.objects.all(), limit=4) == (4, True)
