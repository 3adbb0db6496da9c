from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.districts.models import District, Role, User
from portal.districts.models.alike import alike, likeness
from portal.districts.models.standing import VISITOR, standing_of
from tests.people import Cast, join, make_district


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def test_standing_costs_one_query(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    host = fresh(cast.host)
    with django_assert_num_queries(1):
        assert host.standing.county_ids == {cast.kane.pk}
        assert host.standing.office_ids == {cast.roe31.pk}


def test_a_visitor_sees_only_what_is_public(cast: Cast) -> None:
    assert standing_of(cast.visitor) is VISITOR
    assert VISITOR.audience_keys() == {"public"}


def test_an_account_without_a_membership_is_no_member(cast: Cast) -> None:
    assert standing_of(fresh(cast.stranger)).audience_keys() == {"public", f"person:{cast.stranger.pk}"}


def test_a_membership_ends_after_its_last_day(cast: Cast) -> None:
    today = timezone.localdate()
    join(cast.stranger, Role.OFFICER, until=today)
    assert fresh(cast.stranger).standing.is_officer
    cast.stranger.memberships.update(until=today - timedelta(days=1))
    assert not fresh(cast.stranger).standing.is_officer


def test_a_deactivated_person_stands_nowhere(cast: Cast) -> None:
    cast.officer.is_active = False
    cast.officer.save()
    assert fresh(cast.officer).standing == VISITOR


def test_alike_as_query_and_as_words_agree(cast: Cast) -> None:
    make_district("Tiny CUSD 1", "1000001", cast.kane, cast.roe31, 1867)
    make_district("Half CUSD 2", "1000002", cast.kane, cast.roe31, 1868)
    make_district("Double CUSD 3", "1000003", cast.kane, cast.roe31, 7472)
    make_district("Large CUSD 4", "1000004", cast.kane, cast.roe31, 7473)
    make_district("Unknown CUSD 5", "1000005", cast.kane, cast.roe31, None)
    make_district("Upper CHSD 6", "1000006", cast.kane, cast.roe31, 4000, lowest_grade="09")
    by_query = set(District.objects.filter(alike(cast.kaneland)))
    by_words = {other for other in District.objects.all() if likeness(cast.kaneland, other).alike}
    assert by_query == by_words
    assert {d.short_name for d in by_query} == {"Geneva", "Batavia", "Sycamore", "Half", "Double", "Upper"}
