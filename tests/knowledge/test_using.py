"""Which products districts are said to use."""

from __future__ import annotations

from knowledge.hooks.products_used import uses
from knowledge.models import Kind
from tests.knowledge.makers import make_adoption, make_practice
from tests.people import Cast


def used() -> set[tuple[int, str]]:
    return set(uses())


def test_who_posted_a_practice_and_who_has_it_in_use_use_its_products(cast: Cast) -> None:
    make_adoption(make_practice(cast.kaneland, products=("Jamf Pro",)), cast.geneva)
    assert used() == {(cast.kaneland.pk, "Jamf Pro"), (cast.geneva.pk, "Jamf Pro")}


def test_a_switch_names_what_was_left_so_that_nobody_is_said_to_use_it(cast: Cast) -> None:
    switch = make_practice(cast.kaneland, kind=Kind.SWITCHED, products=("Jamf Pro", "Intune"))
    make_adoption(switch, cast.geneva)
    assert used() == set()
