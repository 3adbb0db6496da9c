"""How much one request may bring, at the edges."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from knowledge.models import Question
from portal.bodies import BODY_BYTES, FORM_BYTES, MOST_FORMS
from portal.form_keys import new_key
from tests.conftest import sign_in
from tests.people import Cast

ASK = "/questions/new/"
FORM_TYPE = "application/x-www-form-urlencoded"


def send(client: Client, url: str, form: dict[str, str], body: int | None = None) -> Any:
    """`form`, filled up in the field "rest" to a body of so many bytes."""
    encoded = urlencode(form)
    if body is not None:
        encoded += "&rest=" + "x" * (body - len(encoded) - len("&rest="))
    return client.generic("POST", url, encoded, content_type=FORM_TYPE)


def form_of(size: int, **fields: str) -> dict[str, str]:
    """Names and values together are so many bytes."""
    form = fields | {"form_key": str(new_key(1)), "body": ""}
    form["body"] = "x" * (size - sum(len(name) + len(value) for name, value in form.items()))
    return form


@pytest.mark.parametrize("who", ["visitor", "member", "officer"])
@pytest.mark.parametrize("url", [ASK, "/accounts/login/", "/healthz", "/nothing/here/"])
def test_a_body_over_a_megabyte_is_refused_unparsed_without_asking_the_database(cast: Cast, who: str, url: str) -> None:
    client = sign_in(Client(), getattr(cast, who))
    with CaptureQueriesContext(connection) as queries:
        answer = send(client, url, {}, BODY_BYTES + 1)
    assert (answer.status_code, answer["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert not queries.captured_queries


def test_a_body_of_a_megabyte_is_still_read(cast: Cast) -> None:
    form = {"form_key": str(new_key(cast.member.pk)), "title": "Firewalls"}
    answer = send(sign_in(Client(), cast.member), ASK, form, BODY_BYTES)
    assert (answer.status_code, answer["Content-Type"]) == (413, "text/html; charset=utf-8")


def test_files_may_be_larger_for_who_is_signed_in(cast: Cast) -> None:
    url = reverse("districts:set-up-directory")
    statuses = [
        send(sign_in(Client(), person), url, {"form_key": "x"}, BODY_BYTES + 1)["Content-Type"]
        for person in (cast.visitor, cast.officer)
    ]
    assert statuses[0].startswith("text/plain")
    assert send(sign_in(Client(), cast.officer), url, {}, 2 * BODY_BYTES + 10 * 1024 * 1024).status_code == 413


@pytest.mark.parametrize(("who", "status"), [("visitor", 413), ("member", 404)])
def test_only_officers_send_large_files_to_the_admin(cast: Cast, who: str, status: int) -> None:
    client = sign_in(Client(), getattr(cast, who))
    assert send(client, "/admin/images/add/", {}, BODY_BYTES + 1).status_code == status


def test_the_admin_takes_files_of_25_megabytes_and_no_more(cast: Cast, settings: Any) -> None:
    client = sign_in(Client(), cast.officer)
    assert settings.ADMIN_BODY_BYTES > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    settings.ADMIN_BODY_BYTES = BODY_BYTES + 10
    assert send(client, "/admin/images/add/", {}, BODY_BYTES + 11).status_code == 413
    assert send(client, "/admin/images/add/", {}, BODY_BYTES + 10).status_code == 400, "django's own bound of fields"


@pytest.mark.parametrize(("more", "status"), [(0, 422), (1, 413)])
def test_a_form_over_200_kb_comes_back_cut_and_says_so(cast: Cast, more: int, status: int) -> None:
    client = sign_in(Client(), cast.member)
    form = form_of(FORM_BYTES + more, title="How do you clean them?")
    page = send(client, ASK, form)
    assert page.status_code == status
    assert ("Cut to 20,000 letters: Body." in page.text) is (status == 413)
    assert 'value="How do you clean them?"' in page.text
    assert not Question.objects.exists()


def test_what_was_cut_is_filled_in_and_can_be_sent(cast: Cast) -> None:
    client = sign_in(Client(), cast.member)
    page = send(client, ASK, form_of(FORM_BYTES + 1, title="How?", tags=""))
    assert "x" * 20_000 in page.text
    assert "x" * 20_001 not in page.text
    assert client.post(ASK, {"title": "How?", "body": "x" * 100, "form_key": str(new_key(1))}).status_code == 302


def test_a_form_that_would_be_taken_is_only_shown_when_it_was_cut(cast: Cast) -> None:
    client = sign_in(Client(), cast.member)
    page = send(client, ASK, {"title": "How?", "body": "Wet?", "form_key": str(new_key(1)), "rest": "x" * FORM_BYTES})
    assert page.status_code == 413
    assert "Look it over, then send it." in page.text
    assert not Question.objects.exists()


def test_so_many_fields_that_cutting_does_not_help_are_refused(cast: Cast) -> None:
    form = {f"field-{number}": "x" * 100 for number in range(3000)} | {"form_key": str(new_key(1))}
    answer = send(sign_in(Client(), cast.member), ASK, form)
    assert (answer.status_code, answer["Content-Type"]) == (413, "text/plain; charset=utf-8")


def test_a_form_without_a_key_is_not_run_to_be_shown(cast: Cast) -> None:
    answer = send(Client(), "/accounts/login/", {"login": cast.member.email, "password": "x" * FORM_BYTES})
    assert (answer.status_code, answer["Content-Type"]) == (413, "text/plain; charset=utf-8")


def test_letters_count_as_themselves_however_long_they_are_on_the_way(cast: Cast) -> None:
    form = dict.fromkeys(("title", "body", "tags"), "学" * 20_000) | {"form_key": str(new_key(1))}
    assert len(urlencode(form)) > 2 * FORM_BYTES
    assert send(sign_in(Client(), cast.member), ASK, form).status_code == 422


@pytest.mark.parametrize("name", ["items-TOTAL_FORMS", "body-count"])
@pytest.mark.parametrize(
    ("count", "status"),
    [(str(MOST_FORMS), 422), (str(MOST_FORMS + 1), 400), ("100000", 400), ("9" * 5000, 400), ("many", 422)],
)
def test_a_form_of_too_many_parts_is_refused_before_they_are_made(
    cast: Cast, name: str, count: str, status: int
) -> None:
    client = sign_in(Client(), cast.host)
    form = {"title": "Chromebooks", "items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0"} | {name: count}
    assert client.post(reverse("purchasing:agreement-new"), form).status_code == status


def test_a_count_in_the_admin_is_bounded_too(cast: Cast) -> None:
    client = sign_in(Client(), cast.officer)
    assert client.post("/admin/pages/add/pages/standardpage/2/", {"body-count": "1000000000"}).status_code == 400
