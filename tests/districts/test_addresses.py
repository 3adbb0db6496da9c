from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.districts.forms.addresses import pasted_addresses
from tests.costs import processor_seconds


@pytest.mark.parametrize(
    ("pasted", "people"),
    [
        ("1. newtech@district.org", [("", "newtech@district.org")]),
        ("12) Ann Lee <Ann@X.org>", [("Ann Lee", "ann@x.org")]),
        ("a@x.org; b@x.org", [("", "a@x.org"), ("", "b@x.org")]),
        ("a@x.org,b@x.org", [("", "a@x.org"), ("", "b@x.org")]),
        ("Lee, Ann <ann@x.org>", [("Ann Lee", "ann@x.org")]),
        ('"Lee, Ann" <ann@x.org>, Bo Po <bo@x.org>', [("Ann Lee", "ann@x.org"), ("Bo Po", "bo@x.org")]),
        ("To: Ann <ann@x.org>; Bo <bo@x.org>", [("Ann", "ann@x.org"), ("Bo", "bo@x.org")]),
        ("\u2022 Ann Lee ann@x.org", [("Ann Lee", "ann@x.org")]),
        ("Ann Lee\tann@x.org\tGeneva 304", [("Ann Lee", "ann@x.org")]),
        ("Ann Lee, Geneva 304, ann@x.org", [("Ann Lee", "ann@x.org")]),
        ("ann@x.org, Ann Lee", [("Ann Lee", "ann@x.org")]),
        ("Ann (ann@x.org)", [("Ann", "ann@x.org")]),
        ("mailto:ann@x.org", [("", "ann@x.org")]),
        ("'ann@x.org'.", [("", "ann@x.org")]),
        ("Ann O'Neil <o'neil@x.org>", [("Ann O'Neil", "o'neil@x.org")]),
        ("\u201cAnn\u201d <ann@x.org>", [("Ann", "ann@x.org")]),
    ],
)
def test_an_address_is_what_is_one_and_its_name_stands_beside_it(pasted: str, people: list[tuple[str, str]]) -> None:
    assert [(line.name, line.address) for line in pasted_addresses(pasted, 9)] == people


@pytest.mark.parametrize(
    ("pasted", "why"),
    [
        ("Kane County directors", "There is no address in it."),
        ("nobody@", "This is not an email address."),
        ("a@b@c.org", "This is not an email address."),
        ("ann@-x.org", "This is not an email address."),
    ],
)
def test_what_is_none_is_left_aside_and_says_why(pasted: str, why: str) -> None:
    (line,) = pasted_addresses(pasted, 9)
    assert (line.address, line.ignored) == ("", why)


def test_an_address_counts_once() -> None:
    first, second = pasted_addresses("ann@x.org\n\nANN@x.org", 9)
    assert (first.number, first.ignored) == (1, "")
    assert (second.number, second.text, second.ignored) == (3, "ann@x.org", "It stands above already.")


@pytest.mark.parametrize("pasted", ["a" * 60_000, "a@" * 30_000, "@" * 60_000, "a@x.org " * 7_500, "a." * 30_000 + "@"])
def test_a_text_of_the_greatest_length_is_read_at_once(pasted: str) -> None:
    assert processor_seconds(lambda: pasted_addresses(pasted, 300)) < 2


@given(st.lists(st.tuples(st.sampled_from(["", "Ann", "Lee, Bo"]), st.integers(0, 99)), max_size=9))
def test_whatever_was_written_as_mail_programs_do_is_understood(people: list[tuple[str, int]]) -> None:
    written = "; ".join(f"{name} <p{number}@x.org>" for name, number in people)
    found = {line.address for line in pasted_addresses(written, 99) if not line.ignored}
    assert found == {f"p{number}@x.org" for _name, number in people}
