"""What districts like the reader's do rises, says why, and can be turned off."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from knowledge.models import Practice
from portal.districts.models import District
from portal.districts.models.standing import standing_of
from portal.districts.signals import districts_changed
from portal.kept import Kept
from portal.search.asking.alike import districts_like
from portal.search.asking.finding import find
from tests.conftest import sign_in
from tests.knowledge.makers import make_adoption, make_practice
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
    assert html.count("Like yours: 4,951 students, PK-12, same county") == 1
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
    assert "Nobody writes these any more" in html


# --- the closer, the more ---------------------------------------------------------------------------------------------
@pytest.fixture
def twins(cast: Cast) -> tuple[District, District]:
    """Two districts as close to Kaneland as each other; the second one's entry comes first, being the newer."""
    north = make_district("North CUSD 1", "1799991", cast.dekalb, cast.roe16, 5500)
    south = make_district("South CUSD 2", "1799992", cast.dekalb, cast.roe16, 5500)
    make_entry(1, "Printer leases", body="Terms", district_id=north.pk)
    make_entry(2, "Printer leases", body="Terms", district_id=south.pk)
    return north, south


def test_without_a_difference_the_newer_comes_first(cast: Cast, twins: tuple[District, District]) -> None:
    assert order(cast.member) == [2, 1]


@pytest.mark.parametrize(
    "closer", [{"enrollment": 3700}, {"county": "Kane"}, {"low_income_pct": 19}], ids=lambda one: next(iter(one))
)
def test_what_a_closer_district_does_rises_more(
    cast: Cast, twins: tuple[District, District], closer: dict[str, Any]
) -> None:
    north, south = twins
    for district in (cast.kaneland, south):
        district.low_income_pct = 19 if district == cast.kaneland else 60
        district.save()
    for name, value in closer.items():
        setattr(north, name, cast.kane if name == "county" else value)
    north.save()
    assert order(cast.member) == [1, 2]
    assert order(cast.member, mine=False) == [2, 1]


def test_the_more_of_the_same_grades_the_more_it_rises(cast: Cast, twins: tuple[District, District]) -> None:
    District.objects.filter(pk__in=[twin.pk for twin in twins]).update(enrollment=4600)
    District.objects.filter(pk=twins[1].pk).update(lowest_grade="09")
    assert order(cast.member) == [1, 2]


@pytest.mark.parametrize(
    ("audience", "expected"), [("public", [1, 2]), ("members", [1, 2]), ("county", [2, 1]), ("district", [2, 1])]
)
def test_a_product_in_a_practice_of_both_makes_it_closer_where_every_member_may_know(
    cast: Cast, twins: tuple[District, District], audience: str, expected: list[int]
) -> None:
    make_practice(cast.kaneland, title="Carts", products=("Jamf", "Meraki"))
    make_practice(twins[0], title="Tablets", products=("Jamf",), audience=audience)
    assert order(cast.member) == expected


@pytest.mark.parametrize(
    ("status", "audience", "expected"),
    [
        ("in_use", "members", [1, 2]),
        ("in_use", "county", [2, 1]),
        ("stopped", "members", [2, 1]),
        ("considering", "members", [2, 1]),
    ],
)
def test_so_does_one_in_a_practice_that_both_have_in_use(
    cast: Cast, twins: tuple[District, District], status: str, audience: str, expected: list[int]
) -> None:
    practice = make_practice(cast.geneva, title="Tablets", products=("Jamf",))
    make_adoption(practice, cast.kaneland)
    make_adoption(practice, twins[0], status=status)
    Practice.objects.filter(pk=practice.pk).update(audience=audience)
    assert order(cast.member) == expected


def likes(text: str, user: object) -> dict[str, str]:
    return {hit.title: hit.like for hit in find(text, user=user).hits}


def test_a_product_is_named_where_both_use_it_and_the_hit_is_about_it(cast: Cast) -> None:
    make_practice(cast.kaneland, title="Carts of ours", products=("Meraki", "Jamf"))
    make_practice(cast.geneva, title="Carts for tablets", products=("Aruba", "Jamf"))
    make_practice(cast.geneva, title="Carts for paper")
    make_practice(cast.sycamore, title="Carts for laptops", products=("Aruba",))
    assert likes("carts", cast.member) == {
        "Carts of ours": "",
        "Carts for tablets": "Like yours: 4,951 students, PK-12, same county, both use Jamf",
        "Carts for paper": "Like yours: 4,951 students, PK-12, same county",
        "Carts for laptops": "Like yours: 3,590 students, PK-12",
    }


def test_what_is_withdrawn_is_not_named_though_it_is_still_kept(cast: Cast) -> None:
    make_practice(cast.kaneland, title="Carts of ours", products=("Jamf",))
    make_practice(cast.sycamore, title="Carts for paper")
    shared = make_practice(cast.sycamore, title="Carts for tablets", products=("Jamf",))
    assert likes("tablets", cast.member)["Carts for tablets"].endswith("both use Jamf")
    shared.unpublish()
    assert districts_like(standing_of(cast.member)).in_common[cast.sycamore.pk] == {"Jamf"}
    assert likes("carts", cast.member)["Carts for paper"] == "Like yours: 3,590 students, PK-12"


def test_it_costs_three_queries_a_minute_and_one_for_each_further_district(
    corpus: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    member, neighbor = standing_of(corpus.member), standing_of(corpus.neighbor)
    with django_assert_num_queries(3):
        first = districts_like(member)
    with django_assert_num_queries(0):
        assert districts_like(member) is first
    with django_assert_num_queries(1):
        districts_like(neighbor)
    Kept.forget_all()
    with django_assert_num_queries(3):
        assert districts_like(member) == first


def test_what_is_kept_runs_out_together(corpus: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    member, neighbor = standing_of(corpus.member), standing_of(corpus.neighbor)
    clock = 0.0
    monkeypatch.setattr(Kept, "clock", lambda: clock)
    assert not districts_like(member).in_common
    for district in (corpus.kaneland, corpus.geneva):
        make_practice(district, title="Tablets", products=("Jamf",))
    clock = 59.0
    assert not districts_like(neighbor).in_common
    clock = 61.0
    for standing in (member, neighbor):
        assert districts_like(standing).in_common, "not by uses that were read before"


@pytest.mark.parametrize("in_bulk", [False, True])
def test_a_district_that_grew_is_like_others_at_once(corpus: Cast, in_bulk: bool) -> None:
    member = standing_of(corpus.member)
    assert corpus.geneva.pk in districts_like(member)
    corpus.geneva.enrollment = 90_000
    if in_bulk:
        District.objects.filter(pk=corpus.geneva.pk).update(enrollment=90_000)
        districts_changed.send(sender=District, ids=[corpus.geneva.pk])
    else:
        corpus.geneva.save()
    assert corpus.geneva.pk not in districts_like(member)


def test_the_steps_hold_each_district_like_mine_once(corpus: Cast) -> None:
    make_district("Far CUSD 7", "1799997", corpus.dekalb, corpus.roe16, 7000, highest_grade="08")
    found = districts_like(standing_of(corpus.member))
    listed = [pk for ids in found.by_weight.values() for pk in ids]
    assert len(listed) == len(set(listed))
    assert all(pk in found for pk in listed)
    assert corpus.kaneland.pk not in found
    assert set(listed) == set(
        District.objects.filter(short_name__in=["Geneva", "Batavia", "Sycamore", "Far"]).values_list("pk", flat=True)
    )
    assert all(weight > 1 for weight in found.by_weight)
    assert found.same_county == {corpus.geneva.pk, corpus.batavia.pk}
