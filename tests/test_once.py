from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

import portal.urls
from portal.districts.models import County, User
from portal.once import FormKey, forget_old_keys, once
from portal.refusals import Refused
from tests.conftest import sign_in


@login_not_required
def found_county(request: HttpRequest) -> HttpResponse:
    """A deed that is not safe to repeat by itself."""
    try:
        with once(request) as sent:
            number = County.objects.count()
            County.objects.create(name=f"{request.POST['name']} {number}")
            if request.POST["name"] == "refused":
                raise Refused("no")
            answer: HttpResponse = sent.to(f"/counties/{number}/")
            return answer
    except Refused as refusal:
        return HttpResponse(str(refusal), status=422)


@login_not_required
def found_by_htmx(request: HttpRequest) -> HttpResponse:
    with once(request) as sent:
        number = County.objects.count()
        County.objects.create(name=f"County {number}")
        sent.location = f"/counties/{number}/"
        return HttpResponse(headers={"HX-Redirect": sent.location})


@login_not_required
def overtaken(request: HttpRequest) -> HttpResponse:
    """The same form comes a second time, and is done, while the first is still being read, which finds it gone then."""
    if "X-Twin" not in request.headers:
        Client().post(request.path, request.POST.dict(), headers={"X-Twin": "yes"})
        raise Http404
    with once(request) as sent:
        County.objects.create(name=f"Twin {County.objects.count()}")
        answer: HttpResponse = sent.to("/counties/twin/")
        return answer


urlpatterns = [
    path("counties/overtaken/", overtaken),
    path("counties/", found_county),
    path("counties/by-htmx/", found_by_htmx),
    *portal.urls.urlpatterns,
]
pytestmark = pytest.mark.urls(__name__)


def send(key: str, name: str = "Kane", client: Client | None = None, file: bytes = b"") -> Any:
    form: dict[str, object] = {"form_key": key, "name": name}
    if file:
        form["file"] = SimpleUploadedFile("plan.pdf", file)
    return (client or Client()).post("/counties/", form)


@pytest.mark.django_db
def test_a_repeat_leads_where_htmx_was_led_with_and_without_it() -> None:
    key = str(uuid.uuid4())
    answers = [
        Client().post("/counties/by-htmx/", {"form_key": key}, headers=headers)
        for headers in ({"HX-Request": "true"}, {"HX-Request": "true"}, {})
    ]
    assert [answer.headers.get("HX-Redirect") for answer in answers] == ["/counties/0/", "/counties/0/", None]
    assert answers[2].headers["Location"] == "/counties/0/"
    assert County.objects.count() == 1


@pytest.mark.django_db
def test_the_same_form_twice_is_done_once_and_leads_to_the_same_page() -> None:
    key = str(uuid.uuid4())
    assert send(key)["Location"] == send(key)["Location"] == "/counties/0/"
    assert County.objects.count() == 1


@pytest.mark.django_db
def test_who_is_overtaken_by_the_same_form_is_led_where_it_led() -> None:
    form = {"form_key": str(uuid.uuid4()), "name": "Kane"}
    assert Client().post("/counties/overtaken/", form)["Location"] == "/counties/twin/"
    assert County.objects.count() == 1
    assert Client().post("/counties/overtaken/", {"name": "Kane"}).status_code == 404, "without a key nothing is known"


@pytest.mark.django_db
def test_the_same_key_with_other_contents_is_a_conflict_that_shows_what_was_typed() -> None:
    key = str(uuid.uuid4())
    send(key)
    refused = send(key, "a long text which somebody typed with care")
    assert refused.status_code == 409
    assert b"a long text which somebody typed with care" in refused.content
    assert County.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_file_is_a_conflict() -> None:
    key = str(uuid.uuid4())
    assert send(key, file=b"%PDF one").status_code == 302
    assert send(key, file=b"%PDF one").status_code == 302
    assert send(key, file=b"%PDF two").status_code == 409
    assert County.objects.count() == 1


@pytest.mark.django_db
def test_a_refusal_undoes_the_deed_and_keeps_no_key() -> None:
    key = str(uuid.uuid4())
    assert send(key, "refused").status_code == 422
    assert County.objects.count() == 0
    assert send(key).status_code == 302


@pytest.mark.django_db
def test_two_people_may_have_the_same_key() -> None:
    key = str(uuid.uuid4())
    for name in ("one", "two"):
        send(key, client=sign_in(Client(), User.objects.create_user(f"{name}@example.org", name=name)))
    assert County.objects.count() == 2


@pytest.mark.django_db
def test_a_form_without_a_key_is_still_one_transaction() -> None:
    assert send("", "refused").status_code == 422
    assert County.objects.count() == 0


@pytest.mark.django_db
def test_keys_are_forgotten_after_seven_days() -> None:
    send(str(uuid.uuid4()))
    edge = FormKey.objects.get().created_at + timedelta(days=7)
    assert forget_old_keys(edge) == 0
    assert forget_old_keys(edge + timedelta(microseconds=1)) == 1
    assert not FormKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_one_change_with_one_answer() -> None:
    key = str(uuid.uuid4())

    def press(_turn: int) -> str:
        try:
            return str(send(key)["Location"])
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as presses:
        answers = list(presses.map(press, range(20)))
    assert set(answers) == {"/counties/0/"}
    assert County.objects.count() == 1
