"""Units in words, as hosts type them."""

from __future__ import annotations

import pytest

from purchasing.models.units import counted, plural


@pytest.mark.parametrize(
    ("unit", "many"),
    [
        ("device", "devices"),
        ("license (1 year)", "licenses (1 year)"),
        ("device(s)", "devices"),
        ("box(es)", "boxes"),
        ("license(s) per year", "licenses per year"),
        ("student license", "student licenses"),
        ("endpoint per year", "endpoints per year"),
        ("pack, 10 pieces", "packs, 10 pieces"),
        ("device/year", "devices/year"),
        ("battery", "batteries"),
        ("day", "days"),
        ("switch", "switches"),
        ("each", "each"),
        ("glasses", "glasses"),
        ("m2", "m2"),
        ("", ""),
    ],
)
def test_a_unit_has_a_plural(unit: str, many: str) -> None:
    assert plural(unit) == many


def test_one_of_it_is_never_left_open() -> None:
    assert counted(1, "device(s)") == "1 device"
    assert counted(1153, "device(s)") == "1,153 devices"
