"""A database that is away, or a lock that cannot be had, is a page that says so and keeps what was typed."""

from __future__ import annotations

import errno
import re
import time
import uuid
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

import portal.urls
from knowledge.models import Question
from portal import away
from portal.districts.models import User
from portal.errors import unavailable
from portal.once import FormKey
from portal.settings import env
from tests import unwell
from tests.conftest import sign_in
from tests.people import Cast

WITHIN_SECONDS = 4.5
"""Less than two waits of 2.5 s: who was told once asks no more. The 3 s are judged by `script/drill away`."""
TITLE = "Who has moved to Wi-Fi 7?"
NEEDS_SQLITE = pytest.mark.skipif(not unwell.IS_SQLITE, reason="a lock, and a limit of pages, that SQLite alone has")


@login_not_required
def boom(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours\nin two lines")


urlpatterns = [path("boom/", boom), *portal.urls.urlpatterns]
handler404, handler500 = portal.urls.handler404, portal.urls.handler500


def ask(client: Client, url: str, form: dict[str, Any] | None = None) -> Any:
    """The answer, in time, to what a browser with its own connection asks."""
    client.raise_request_exception = False
    began = time.monotonic()
    answer = unwell.apart(lambda: client.get(url) if form is None else client.post(url, form))
    assert time.monotonic() - began < WITHIN_SECONDS
    return answer


def redis_at(port: int) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDIS_URL", f"redis://127.0.0.1:{port}/0")
        return env.cache()


def question(**fields: str) -> dict[str, Any]:
    return {"form_key": str(uuid.uuid4()), "title": TITLE, "body": "Ours is old.\r\nYours?", "tags": "wifi", **fields}


def test_each_code_of_a_database_that_cannot_be_had_is_known() -> None:
    words = {}
    for code in ("55P03", "57014", "57P01", "57P03", "08006", "53300", "53100", "25006", "40P01", "58030"):
        error = psycopg2.Error()
        error.__setstate__({"pgcode": code})
        words[code] = away.why(error)
    assert words == {
        "55P03": "busy",
        "57014": "busy",
        "57P01": "no answer",
        "57P03": "no answer",
        "08006": "no answer",
        "53300": "busy",
        "53100": "full",
        "25006": "read-only",
        "40P01": "busy",
        "58030": "no answer",
    }
    assert away.why(psycopg2.OperationalError("connection refused")) == "no answer"
    assert away.why(psycopg2.InterfaceError("connection already closed")) == "no answer"
    assert away.why(OSError(errno.ENOSPC, "no room")) == "full"


def test_a_fault_of_a_statement_is_none_of_the_database(db: None) -> None:
    for statement in ("SELECT * FROM no_such_table", "SELEC 1", "INSERT INTO portal_formkey (id) VALUES (NULL)"):
        with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert away.why(caught.value) == ""
    assert away.why(FileNotFoundError(errno.ENOENT, "no such file")) == ""
    assert away.why(None) == ""


@pytest.mark.parametrize(
    "url", ["/", "/practices/", "/search/?q=wifi", "/accounts/login/", "/admin/", "/questions/new/", "/no.such.address"]
)
def test_every_page_says_in_time_that_the_database_is_away(
    cast: Cast, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(Client(), cast.officer)
    unwell.gone(monkeypatch)
    for reader in (client, Client()):
        answer = ask(reader, url)
        if answer.status_code == 302:
            continue  # a visitor is led to sign in, for which nothing is asked
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), reader
        assert "cannot answer right now" in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_what_was_typed_can_be_sent_again_when_the_database_is_away(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, form = sign_in(Client(), cast.member), question(body="", password="correct horse")
    unwell.gone(monkeypatch)
    answer = ask(client, "/questions/new/?from=home", form)
    assert answer.status_code == 503
    for kept in (
        'action="/questions/new/?from=home"',
        f'name="form_key" value="{form["form_key"]}"',
        'name="body" value=""',
        f'name="title" value="{TITLE}"',
        ">Title</label>",
        'name="csrfmiddlewaretoken"',
        ">Send it again</button>",
    ):
        assert kept in answer.text
    assert "correct horse" not in answer.text


def test_nobody_is_led_to_send_what_another_site_typed() -> None:
    request = RequestFactory().post("/questions/new/", question())
    answer = unavailable(request, None)
    assert TITLE in answer.text
    assert "<form" not in answer.text


@pytest.mark.urls(__name__)
def test_the_page_about_a_fault_of_ours_asks_no_database(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    unwell.gone(monkeypatch)
    assert ask(Client(), "/boom/").status_code == 500


@pytest.mark.django_db(transaction=True)
def test_a_writer_who_waits_in_vain_keeps_the_text_and_readers_go_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, form = sign_in(Client(), cast.member), question()
    User.objects.filter(pk=cast.member.pk).update(last_seen=None)  # who comes for the first time today waits once too
    unwell.as_in_web(monkeypatch)
    with unwell.locked():
        answer = ask(client, "/questions/new/", form)
        assert answer.status_code == 503
        assert "busy right now" in answer.text
        assert f'name="form_key" value="{form["form_key"]}"' in answer.text
        assert "If it did arrive the first time, it will not be done twice." in answer.text
        assert ask(client, "/questions/").status_code == 200
    assert not Question.objects.exists()
    again = ask(client, "/questions/new/", form)
    assert again.status_code == 302
    assert ask(client, "/questions/new/", form).headers["Location"] == again.headers["Location"]
    assert Question.objects.count() == 1


@pytest.mark.skipif(unwell.IS_SQLITE, reason="SQLite has no limit of a statement's time")
def test_a_page_that_takes_the_database_too_long_is_told_so(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_long() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(10)")

    unwell.as_in_web(monkeypatch)
    with pytest.raises(DatabaseError) as caught:
        unwell.apart(read_long)
    assert away.why(caught.value) == away.BUSY


@pytest.mark.django_db(transaction=True)
@NEEDS_SQLITE
def test_a_limit_that_cannot_be_counted_lets_nobody_through(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    unwell.as_in_web(monkeypatch)
    with unwell.locked():
        answer = ask(Client(), "/accounts/login/", {"login": cast.member.email, "password": "wrong horse"})
    assert answer.status_code == 503
    assert f'value="{cast.member.email}"' in answer.text
    assert "wrong horse" not in answer.text


@pytest.mark.django_db(transaction=True)
@NEEDS_SQLITE
def test_the_cache_says_when_it_cannot_write(monkeypatch: pytest.MonkeyPatch) -> None:
    unwell.as_in_web(monkeypatch)
    with unwell.locked(), pytest.raises(DatabaseError):
        unwell.apart(lambda: cache.set("tries", 1))


def test_a_body_that_cannot_be_read_is_no_second_fault(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    client = sign_in(Client(), cast.officer)
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    unwell.gone(monkeypatch)
    assert ask(client, "/admin/", question()).status_code == 503, "the admin's gate asks before the form is read"


def test_a_cache_that_is_away_is_no_fault_either(cast: Cast, settings: Any) -> None:
    settings.CACHES = {"default": redis_at(unwell.free_port())}
    answer = ask(Client(), "/accounts/login/", {"login": cast.member.email, "password": "wrong horse"})
    assert answer.status_code == 503
    assert Client().get("/readyz").json()["checks"]["cache"] == "no answer"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", [unwell.read_only, pytest.param(unwell.full, marks=NEEDS_SQLITE)])
def test_what_can_only_be_read_is_read_and_writers_are_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, state: Any
) -> None:
    client = sign_in(Client(), cast.member)
    state(monkeypatch)
    assert ask(client, "/questions/").status_code == 200
    answer = ask(client, "/questions/new/", question(body="Ours is old. " * 1000))
    assert answer.status_code == 503
    assert "Nothing can be saved right now" in answer.text
    assert "Ours is old." in answer.text
    assert not Question.objects.exists()
    assert not FormKey.objects.exists()


@pytest.mark.parametrize("is_web", [True, False])
def test_who_waits_for_an_answer_waits_shorter_than_a_command(monkeypatch: pytest.MonkeyPatch, *, is_web: bool) -> None:
    monkeypatch.setenv(env.WEB, "true" if is_web else "")
    monkeypatch.setenv("DATABASE_URL", "postgres://portal@database.example/portal")
    waits = env.database(Path("unused"))["OPTIONS"]
    assert waits["connect_timeout"] == 2
    numbers = dict(re.findall(r"-c (\w+)=(\d+)", waits["options"]))
    expected = ("2500", "2000") if is_web else ("10000", "5000")
    assert (numbers["statement_timeout"], numbers["lock_timeout"]) == expected
    monkeypatch.delenv("DATABASE_URL")
    assert env.database(Path("var/unused.sqlite3"))["OPTIONS"]["timeout"] == (2.5 if is_web else 20)
