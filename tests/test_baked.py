"""The cast that tests are given is the cast that `make_cast` makes, and who does not ask for it finds nobody."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from portal.districts.models import County, User
from portal.registry import search_sources
from portal.search.entries import rebuilding
from tests.baked import BakedCast, at_hand
from tests.conftest import sign_in
from tests.people import Cast, make_cast, make_user

SEGMENTS = {"search_words_data", "search_words_idx"}
"""How SQLite keeps its text index, which differs with how many statements filled it."""


def counts() -> dict[str, int]:
    """How many rows every table has, those that belong to no model included."""
    with connection.cursor() as cursor:
        found = {}
        for table in set(connection.introspection.table_names(cursor)) - SEGMENTS:
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
            found[table] = cursor.fetchone()[0]
        # On PostgreSQL each statement adds rows of its own for a word; what they come to is compared.
        cursor.execute("SELECT word, sum(entries) FROM search_audienceword GROUP BY word HAVING sum(entries) > 0")
        found["search_audienceword"] = hash(tuple(sorted((word, int(times)) for word, times in cursor.fetchall())))
    return found


def people() -> list[tuple[object, ...]]:
    rows = User.objects.order_by("email")
    return [
        (
            person.email,
            person.name,
            [
                (m.role, m.district and m.district.name, m.regional_office and m.regional_office.code)
                for m in person.memberships.order_by("pk")
            ],
            [group.name for group in person.groups.all()],
            [
                (address.email, address.verified, address.primary)
                for address in EmailAddress.objects.filter(user=person)
            ],
        )
        for person in rows
    ]


def test_who_does_not_ask_for_the_cast_finds_the_database_as_migrated(_baked: BakedCast) -> None:
    assert not User.objects.exists()
    assert not County.objects.exists()
    assert not Session.objects.exists()
    assert not at_hand
    before = counts()
    with transaction.atomic():
        _baked.load()
        assert counts() != before
        transaction.set_rollback(True)
    assert counts() == before


def test_the_baked_cast_has_the_rows_of_one_that_is_made(_baked: BakedCast) -> None:
    """In every table, the text index and the side tables of search included; but for the sessions."""
    with transaction.atomic():
        make_cast()
        made, who = counts(), people()
        transaction.set_rollback(True)
    _baked.load()
    assert Session.objects.count() == 7
    Session.objects.all().delete()
    assert counts() == made
    assert people() == who
    for source in search_sources:
        assert rebuilding.drift_of(source).total == 0


def test_its_people_are_objects_of_this_test_s_own(cast: Cast, _baked: BakedCast) -> None:
    assert cast.kaneland.county is cast.kane
    assert "standing" not in vars(cast.member)
    assert cast.member.standing.is_member
    assert cast.member == User.objects.get(email="network@kaneland.example")


def test_what_is_made_after_it_has_an_id_of_its_own(cast: Cast) -> None:
    assert make_user("new@kaneland.example", "New").pk not in {person.pk for person in cast.everyone().values()}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committing_test_gets_it_too(turn: int, cast: Cast) -> None:
    assert User.objects.count() == 7
    make_user("new@kaneland.example", "New")


def test_each_client_has_a_session_of_its_own(cast: Cast) -> None:
    first, second = sign_in(Client(), cast.member), sign_in(Client(), cast.member)
    assert first.cookies["sessionid"].value != second.cookies["sessionid"].value
    for client in (first, second):
        assert client.get("/practices/").context["user"] == cast.member
    first.post("/accounts/logout/")
    assert second.get("/notices/").status_code == 200


def test_a_password_changed_before_signing_in_does_not_matter(cast: Cast) -> None:
    cast.member.set_password("another")
    cast.member.save()
    assert sign_in(Client(), cast.member).get("/notices/").status_code == 200
    assert cast.member.last_seen == timezone.localdate()
