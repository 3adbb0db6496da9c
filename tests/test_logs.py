"""One line for each request and fault; and no log and no kept mail holds an address that lets in whoever knows it."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from smtplib import SMTPException
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core import mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path as route
from django.utils import timezone

import portal.urls
from portal.districts.deeds.invite import send_invitation
from portal.districts.models import Role, User
from portal.events.models.feed_secret import FeedSecret
from portal.logs import cause_of, json_formatter, without_secrets
from portal.notices.deeds.send import send
from portal.notices.deeds.switch import off_url
from portal.notices.models import Notice
from tests import unwell
from tests.conftest import sign_in
from tests.events.makers import make_series
from tests.people import Cast

CANARY = "canary-4f2b.9A_z"
PATHS = [
    f"/calendar/{CANARY}/kane.ics",
    f"/search/feed/{CANARY}/?q=wifi",
    f"/invitations/{CANARY}/",
    f"/notices/off/{CANARY}:sig-1/",
    f"/accounts/password/reset/key/{CANARY}/",
    f"/accounts/confirm-email/{CANARY}/",
    f"/accounts/login/?next=%2Finvitations%2F{CANARY}%2F",
]


@login_not_required
def boom(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours\nin two lines")


urlpatterns = [route("boom/", boom), *portal.urls.urlpatterns]
handler500 = portal.urls.handler500


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What is logged meanwhile."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(json_formatter())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("path", PATHS)
def test_a_secret_address_stands_in_no_line(path: str) -> None:
    formatter = json_formatter()
    for message, arguments in ((f"GET {path}", ()), ("Not Found: %s", (path,)), ("%r", ({"paths": [path]},))):
        record = logging.LogRecord("django", logging.WARNING, __file__, 1, message, arguments, None)
        assert "canary" not in formatter.format(record)


def test_a_traceback_is_scrubbed_too() -> None:
    try:
        raise ValueError(PATHS[0])
    except ValueError:
        record = logging.LogRecord("django", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    assert "canary" not in json_formatter().format(record)


def test_other_addresses_are_left_as_they_are() -> None:
    for path in ("/calendar/kane.ics", "/calendar/revoke/", "/people/invitations/12/again/", "/notices/"):
        assert without_secrets(f"GET {path}") == f"GET {path}"


def test_requests_to_real_secret_addresses_are_logged_without_them(cast: Cast) -> None:
    """Through the whole stack: the middleware's lines, and Django's own warnings about what is not there."""
    _invitation, path = send_invitation(
        "ann@kaneland.example", "Ann Lee", Role.MEMBER, cast.kaneland, by=cast.host, at=timezone.now(), by_mail=False
    )
    off = off_url(cast.member, "weekly-summary").removeprefix("http://testserver")
    series = make_series(cast)
    feed = f"/calendar/{FeedSecret.renew(cast.member, timezone.now())}/{series.slug}.ics"
    lines = StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(json_formatter())
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        for url in (path, off, feed, path[:-5] + "xxxx/", "/notices/off/" + "W" * 20 + ":bad/"):
            Client().get(url)
    finally:
        root.removeHandler(handler)
    written = lines.getvalue()
    assert "/invitations/[secret]/" in written
    for secret in (path.split("/")[2], off.split("/")[3], feed.split("/")[2], "W" * 20):
        assert secret not in written, secret


def test_the_kept_invitation_has_no_usable_link_once_it_is_sent(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        _invitation, path = send_invitation(
            "ann@kaneland.example", "Ann Lee", Role.MEMBER, cast.kaneland, by=cast.host, at=timezone.now()
        )
    assert path in mail.outbox[0].body
    notice = Notice.objects.get(kind="invitation")
    assert notice.sent_at is not None
    assert path.split("/")[2] not in notice.body
    assert "/invitations/[secret]/" in notice.body


def test_the_kept_invitation_has_no_usable_link_once_it_is_given_up(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> int:
        raise SMTPException("550 no such address")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    now = timezone.now()
    _invitation, path = send_invitation("ann@kaneland.example", "", Role.MEMBER, cast.kaneland, by=cast.host, at=now)
    while (notice := Notice.objects.get(kind="invitation")).given_up_at is None:
        assert path in notice.body, "it may still go"
        send(notice.next_try_at)
    assert path.split("/")[2] not in notice.body
    assert "/invitations/[secret]/" in notice.body


@pytest.mark.parametrize("name", ["elastic_transport.transport", "elasticsearch"])
def test_a_request_that_a_search_makes_is_no_line(name: str) -> None:
    assert not logging.getLogger(name).isEnabledFor(logging.INFO)
    assert logging.getLogger(name).isEnabledFor(logging.WARNING)


def test_a_request_is_one_line_with_its_person_and_no_query_for_it(cast: Cast, lines: StringIO) -> None:
    client = sign_in(Client(), cast.member)
    client.get("/practices/")
    client.get("/no.such.address")
    found, missing = map(json.loads, lines.getvalue().splitlines())
    assert (found["event"], found["status"], found["level"], found["person"]) == (
        "request",
        200,
        "info",
        cast.member.pk,
    )
    assert (missing["status"], missing["level"]) == (404, "warning")
    assert "cause" not in missing, "it would be a list of all addresses there are"


def test_what_was_typed_into_an_address_is_not_logged(cast: Cast, lines: StringIO) -> None:
    client = sign_in(Client(), cast.host)
    client.get(f"/people/?q={CANARY}&page={CANARY}&{CANARY}@kaneland.example")
    client.get(f"/practices/?{CANARY}=1&district={CANARY}")
    client.get("/practices/?" + "&".join(["a=1"] * 5000))
    people, practices, many = map(json.loads, lines.getvalue().splitlines())
    assert people["path"] == "/people/?q&page"
    assert practices["path"] == "/practices/?district"
    assert len(many["path"]) <= 500
    assert "canary" not in lines.getvalue()


def existing(address: str) -> None:
    with transaction.atomic():
        User.objects.bulk_create([User(email=address), User(email=address)])


PARTS: dict[str, str] = {}
QUOTING: dict[str, Callable[[], object]] = {
    "IntegrityError": lambda: existing(f"{CANARY.lower()}@kaneland.example"),
    "ValueError": lambda: User.objects.filter(pk=CANARY),
    "ValidationError": lambda: User.objects.filter(last_login=CANARY),
    "KeyError": lambda: PARTS[CANARY],
}


@pytest.mark.parametrize("kind", QUOTING)
def test_an_error_that_quotes_what_it_was_given_is_named_by_its_kind_and_code(db: None, kind: str) -> None:
    with pytest.raises(Exception, match=r"(?i)canary|constraint") as quoting:
        QUOTING[kind]()
    fault = RuntimeError("a step of ours")
    fault.__cause__ = quoting.value
    record = logging.LogRecord("django", logging.ERROR, __file__, 1, "failed", (), (RuntimeError, fault, None))
    line, cause = json.loads(json_formatter().format(record)), cause_of(quoting.value)
    assert "canary" not in str(line)
    assert "canary" not in cause
    assert cause.startswith(kind)
    assert line["cause"] == "RuntimeError: a step of ours"
    assert f"{kind}: " in line["traceback"]
    if kind == "IntegrityError":
        assert cause.removeprefix("IntegrityError: ") in {"23505", "SQLITE_CONSTRAINT_UNIQUE"}


def test_a_database_that_is_away_is_one_short_line_with_the_reference(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, lines: StringIO
) -> None:
    client = sign_in(Client(raise_request_exception=False), cast.member)
    unwell.gone(monkeypatch)
    answer = unwell.apart(lambda: client.post("/questions/new/", {"title": "Who has moved to Wi-Fi 7?"}))
    written = lines.getvalue().splitlines()
    assert len(written) == 1
    assert len(written[0]) < 1000
    line = json.loads(written[0])
    assert line["event"] == "request"
    assert (line["method"], line["path"], line["status"]) == ("POST", "/questions/new/", 503)
    assert line["cause"].startswith("OperationalError: ")
    assert isinstance(line["milliseconds"], int)
    assert f"<code>{line['request_id']}</code>" in answer.text


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_is_one_line_with_its_cause_and_the_end_of_its_traceback(db: None, lines: StringIO) -> None:
    answer = Client(raise_request_exception=False).get("/boom/")
    assert answer.status_code == 500
    (line,) = map(json.loads, lines.getvalue().splitlines())
    assert line["cause"] == "RuntimeError: a fault of ours in two lines"
    assert line["level"] == "error"
    assert "in boom" in line["traceback"]
    assert line["traceback"].count("\n") < 60
    assert f"<code>{line['request_id']}</code>" in answer.text
