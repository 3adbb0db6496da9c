from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.utils import timezone

from portal.districts.models import County, User
from portal.once import FormKey, forget_old_keys, once


@once
def found_county(request: HttpRequest) -> HttpResponse:
    """A deed that is not safe to repeat by itself."""
    if request.POST["name"] == "refused":
        County.objects.create(name="Half done")
        return HttpResponse("no", status=422)
    number = County.objects.count()
    County.objects.create(name=f"{request.POST['name']} {number}")
    return HttpResponseRedirect(f"/counties/{number}/")


def send(key: str, name: str = "Kane", user: User | None = None) -> HttpResponse:
    request = RequestFactory().post("/counties/", {"form_key": key, "name": name})
    request.user = user or AnonymousUser()
    return found_county(request)


@pytest.mark.django_db
def test_the_same_form_twice_is_done_once_and_leads_to_the_same_page() -> None:
    key = str(uuid.uuid4())
    assert send(key)["Location"] == send(key)["Location"] == "/counties/0/"
    assert County.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_with_other_contents_is_a_conflict_that_shows_what_was_typed() -> None:
    key = str(uuid.uuid4())
    send(key)
    refused = send(key, "a long text which somebody typed with care")
    assert refused.status_code == 409
    assert b"a long text which somebody typed with care" in refused.content
    assert County.objects.count() == 1


@pytest.mark.django_db
def test_an_answer_with_an_error_undoes_the_deed_and_keeps_no_key() -> None:
    key = str(uuid.uuid4())
    assert send(key, "refused").status_code == 422
    assert County.objects.count() == 0
    assert send(key).status_code == 302


@pytest.mark.django_db
def test_two_people_may_have_the_same_key() -> None:
    key = str(uuid.uuid4())
    one, two = (User.objects.create_user(f"{n}@example.org", name=n) for n in ("one", "two"))
    send(key, user=one)
    send(key, user=two)
    assert County.objects.count() == 2


@pytest.mark.django_db
def test_a_form_without_a_key_is_still_one_transaction() -> None:
    assert send("", "refused").status_code == 422
    assert County.objects.count() == 0


@pytest.mark.django_db
def test_keys_are_forgotten_after_seven_days() -> None:
    send(str(uuid.uuid4()))
    assert forget_old_keys(timezone.now() + timedelta(days=6)) == 0
    assert forget_old_keys(timezone.now() + timedelta(days=8)) == 1
    assert not FormKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_one_change_with_one_answer() -> None:
    key = str(uuid.uuid4())

    def press(_turn: int) -> str:
        try:
            return send(key)["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as presses:
        answers = list(presses.map(press, range(20)))
    assert set(answers) == {"/counties/0/"}
    assert County.objects.count() == 1
