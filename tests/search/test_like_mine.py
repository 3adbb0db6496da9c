"""What districts like the reader's do rises, says why, and can be turned off."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.search.finding import find
from tests.conftest import sign_in
from tests.people import Cast, make_district
from tests.search.makers import make_entry

pytestmark = pytest.mark.usefixtures("note")


@pytest.fixture
def corpus(cast: Cast) -> Cast:
    large = make_district("Large USD 1", "1799999", cast.kane, cast.roe31, 33_898)
    make_entry(1, "Printer leases", body="Terms", district_id=cast.geneva.pk)
    make_entry(2, "Printer leases", body="Terms", district_id=large.pk, popularity=5)
    return cast


def order(user: object, **options: bool) -> list[int]:
    return [hit.object_id for hit in find("printer leases", user=user, **options).hits]  # type: ignore[arg-type]


def test_it_rises_for_those_who_speak_for_a_district(corpus: Cast) -> None:
    assert order(corpus.member) == [1, 2]
    for reader in (corpus.visitor, corpus.stranger, corpus.host, corpus.officer):
        assert order(reader) == [2, 1]


def test_it_can_be_turned_off(corpus: Cast) -> None:
    assert order(corpus.member, mine=False) == [2, 1]


def test_the_hit_says_why(client: Client, corpus: Cast) -> None:
    sign_in(client, corpus.member)
    html = client.get("/search/", {"q": "printer leases"}).content.decode()
    assert html.count("Like yours: 4,951 students, PK-12") == 1
    assert '<a href="?q=printer+leases&amp;mine=0">Turn this off</a>' in html
    html = client.get("/search/", {"q": "printer leases", "mine": "0"}).content.decode()
    assert "Like yours" not in html
    assert '<a href="?q=printer+leases">Let it rise</a>' in html


def test_a_visitor_is_not_asked_about_it(client: Client, corpus: Cast) -> None:
    html = client.get("/search/", {"q": "printer leases", "mine": "0"}).content.decode()
    assert "How results are ordered" in html
    assert "Let it rise" not in html


def test_what_sinks_says_so(client: Client, corpus: Cast) -> None:
    make_entry(3, "Printer leases given up", status="stopped")
    html = client.get("/search/", {"q": "printer leases"}).content.decode()
    assert "Nobody reports doing this any more" in html
