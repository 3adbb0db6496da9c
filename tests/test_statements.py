"""A statement gives what its queryset gives, on every connection, whatever the values."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Thread

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.districts.models import District, Membership, User
from portal.sessions import SessionStore
from portal.statements import Statement, given
from tests.conftest import sign_in
from tests.people import Cast

FROM = given("since", models.DateField())
PLACES = Statement(
    lambda: Membership.objects.filter(person=given("person"), since__gte=FROM).select_related("district").order_by("pk")
)
NAMES = Statement(lambda: District.objects.filter(name__startswith="G", pk=given("pk")).values_list("name", "aliases"))


def test_rows_are_those_of_the_queryset_with_what_they_refer_to(cast: Cast) -> None:
    for since in (date(2000, 1, 1), date(2999, 1, 1)):
        with CaptureQueriesContext(connection) as queries:
            found = PLACES.rows(person=cast.member.pk, since=since)
            places = [one.district for one in found]
        wanted = Membership.objects.filter(person=cast.member, since__gte=since).select_related("district")
        assert found == list(wanted.order_by("pk"))
        assert places == [one.district for one in wanted.order_by("pk")]
        assert len(queries) == 1
    assert PLACES.rows(person=cast.buyer.pk, since=date(2000, 1, 1))[0].person_id == cast.buyer.pk


def test_values_are_as_the_model_reads_them(cast: Cast) -> None:
    cast.geneva.aliases = ["Vikings"]
    cast.geneva.save()
    assert NAMES.rows(pk=cast.geneva.pk) == [(cast.geneva.name, ["Vikings"])]
    assert NAMES.rows(pk=cast.batavia.pk) == []


@pytest.mark.django_db(transaction=True)
def test_each_thread_compiles_for_its_own_connection() -> None:
    found: list[object] = []

    def ask() -> None:
        found.append(NAMES.rows(pk=0))
        connection.close()

    for _ in range(2):
        thread = Thread(target=ask)
        thread.start()
        thread.join()
        ask()
    assert found == [[]] * 4


def test_somebody_is_found_by_number_and_nobody_by_another(cast: Cast) -> None:
    assert User.objects.get(pk=cast.member.pk) == cast.member == User.objects.get(pk=str(cast.member.pk))
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=0)
    with pytest.raises(ValueError, match="expected a number"):
        User.objects.get(pk="x")


def test_a_session_is_read_until_it_expires(cast: Cast, client: Client) -> None:
    sign_in(client, cast.member)
    key = client.cookies["sessionid"].value
    assert SessionStore(key).get("_auth_user_id") == str(cast.member.pk)
    assert SessionStore("nobody-has-this-key-" + "x" * 12).load() == {}
    assert SessionStore("\x00" * 32).load() == {}
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert SessionStore(key).load() == {}
    assert client.get("/set-up/").status_code == 302
