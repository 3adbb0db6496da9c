from __future__ import annotations

import pytest
from django.test import Client

from tests.people import Cast


@pytest.mark.parametrize(
    "year", ["0020310", "00002031", "2031" * 2, "02031", "2031x", "-2031", "٢٠٣١", "1999", "2101", ""]
)
def test_a_year_that_is_none_shows_the_one_we_are_in(cast: Cast, client: Client, year: str) -> None:
    now = client.get("/meetings/").context["year"]
    response = client.get("/meetings/", {"year": year})
    assert (response.status_code, response.context["year"]) == (200, now)


def test_a_year_is_shown_by_its_number(cast: Cast, client: Client) -> None:
    assert client.get("/meetings/", {"year": "2031"}).context["year"] == 2031
