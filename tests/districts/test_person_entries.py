"""People are found by whom the people's screen shows them, after every way of writing them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.districts.deeds.grant import change_role, end, grant
from portal.districts.hooks.search import index_come_and_gone
from portal.districts.models import Membership, Role, User
from portal.districts.models.people import seen
from portal.districts.signals import districts_changed
from portal.search.asking.finding import find
from portal.search.models import Entry
from tests.people import Cast, join, make_user
from tests.search.contract import check_source


def rename_district(cast: Cast) -> None:
    type(cast.geneva).objects.filter(pk=cast.geneva.pk).update(name="Fox River CUSD 304")
    districts_changed.send(sender=type(cast.geneva), ids=[cast.geneva.pk])


def rename(person: User) -> None:
    person.name = "Somebody else"
    person.save()


VERBS: dict[str, Callable[[Cast], object]] = {
    "grant": lambda cast: grant(cast.stranger, Role.MEMBER, cast.geneva, by=None, at=timezone.now()),
    "end": lambda cast: end(cast.outsider.memberships.get(), by=None, at=timezone.now()),
    "change the role": lambda cast: change_role(
        cast.outsider.memberships.get(), Role.BUYER, by=cast.officer, at=timezone.now()
    ),
    "rename": lambda cast: User.objects.filter(pk=cast.member.pk).update(name="Somebody else"),
    "rename one": lambda cast: rename(cast.member),
    "close accounts": lambda cast: User.objects.filter(pk__gt=cast.stranger.pk).update(is_active=False),
    "delete an account": lambda cast: make_user("late@example.org", "Late").delete(),
    "delete accounts": lambda cast: User.objects.filter(pk=cast.outsider.pk).delete(),
    "give everybody a title": lambda cast: Membership.objects.update(title="Wizard"),
    "end all": lambda cast: Membership.objects.update(until=timezone.localdate() - timedelta(days=1)),
    "memberships in bulk": lambda cast: Membership.objects.bulk_create(
        [Membership(person=cast.stranger, role=Role.MEMBER, district=cast.geneva)]
    ),
    "delete memberships": lambda cast: Membership.objects.filter(role=Role.HOST).delete(),
    "rename the district": rename_district,
    "rename the office": lambda cast: cast.roe31.set_counties([cast.kane, cast.dekalb]),
}


@pytest.mark.parametrize("verb", VERBS)
def test_entries_never_drift(cast: Cast, verb: str) -> None:
    assert Entry.objects.filter(kind="person").count() == 6
    VERBS[verb](cast)
    check_source("person")


def found(text: str, user: object) -> list[str]:
    return [hit.title for hit in find(text, user=user, kinds=["person"]).hits]


def test_a_person_is_found_by_name_address_place_and_role(cast: Cast) -> None:
    for text in (cast.neighbor.name, cast.neighbor.email, "Geneva buyer"):
        assert found(text, cast.host)[0] == cast.neighbor.name, text
    hit, *_ = find(cast.neighbor.email, user=cast.host, kinds=["person"]).hits
    assert hit.fact == "Member, Buyer"
    assert hit.url == "/people/?q=director%40geneva.example"
    for who in ("visitor", "stranger", "outsider", "member", "buyer", "neighbor"):
        assert not found("director", cast.everyone()[who]), who


def test_a_membership_that_begins_or_ends_by_its_date_is_followed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    join(cast.stranger, Role.MEMBER, district=cast.geneva, since=today + timedelta(days=1))
    leaving = cast.outsider.memberships.get()
    leaving.until = today
    leaving.save()
    assert not found("stranger", cast.officer)
    assert found("sycamore", cast.officer)
    tomorrow: datetime = timezone.now() + timedelta(days=1, hours=2)  # also where the clocks go back
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert index_come_and_gone(tomorrow) == 2
    assert index_come_and_gone(tomorrow) == 0
    assert found("stranger", cast.officer) == [cast.stranger.name]
    assert not found("sycamore", cast.officer)
    check_source("person")


def test_being_seen_writes_no_entry(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        seen(cast.member, on=timezone.localdate())
        cast.member.save(update_fields=["last_login"])
    assert not [query for query in queries.captured_queries if "search_entry" in query["sql"]]
