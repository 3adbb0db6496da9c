"""The mail worker's one connection: kept while there is work, called again where the server ends it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.notices.deeds import send as sending
from portal.notices.deeds.post import post
from portal.notices.deeds.send import Mailer
from portal.notices.models import OTHER, Notice
from tests.smtp import Sink, mail_server

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    settings.MAIL_AT_ONCE = False
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    with mail_server() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


def write(count: int) -> list[str]:
    subjects = [f"Mail {number}" for number in range(count)]
    for subject in subjects:
        post(OTHER, EmailMessage(subject, "Text", to=["ann@kaneland.example"]), at=NOW)
    return subjects


def test_many_batches_go_over_one_connection(sink: Sink) -> None:
    subjects = write(3 * sending.BATCH)
    call_command("mail_worker", "--once")
    assert sink.subjects() == subjects
    assert sink.connections == 1


def test_a_connection_is_not_kept_while_nothing_waits(sink: Sink) -> None:
    mailer = Mailer()
    for _turn in range(2):
        write(1)
        assert mailer.step()
        assert not mailer.step()
    assert sink.connections == 2


def test_a_server_that_ends_the_connection_is_called_again_at_once(sink: Sink) -> None:
    sink.most_mails = 4
    subjects = write(10)
    call_command("mail_worker", "--once")
    assert sink.subjects() == subjects
    assert set(Notice.objects.values_list("attempts", flat=True)) == {1}


def test_a_mail_that_may_have_been_taken_is_not_sent_again_at_once(sink: Sink) -> None:
    sink.drops_after_taking = True
    subjects = write(2)
    call_command("mail_worker", "--once")
    assert sink.subjects() == subjects
    assert not Notice.objects.to_send(NOW + timedelta(seconds=59)).exists()


def test_a_server_that_cannot_be_reached_takes_no_mail_from_the_queue(sink: Sink, settings: Any) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    subjects = write(2)
    mailer = Mailer()
    with pytest.raises(OSError, match="refused"):
        mailer.step()
    assert set(Notice.objects.values_list("attempts", flat=True)) == {0}
    settings.EMAIL_PORT = sink.port
    Mailer().step()
    assert sink.subjects() == subjects


def test_a_server_that_says_nothing_keeps_no_mail_beyond_the_call(sink: Sink, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    sink.is_silent = True
    write(50)
    with pytest.raises(OSError, match="timed out"):
        Mailer().step()
    assert sink.connections == 1
    assert set(Notice.objects.values_list("attempts", flat=True)) == {0}


def test_a_batch_ends_after_a_second_so_that_a_code_comes_in_between(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = iter([0.0, 0.0, 0.9, 1.0])
    monkeypatch.setattr(sending, "monotonic", lambda: next(passed))
    write(4)
    assert Mailer().send(NOW) == 2


def test_a_database_that_takes_its_time_leaves_no_mail_where_it_is(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    write(1)
    with CaptureQueriesContext(connection) as read:
        monkeypatch.setattr(sending, "monotonic", lambda: len(read))  # a second each
        assert Mailer().send(NOW) == 1


def test_a_database_that_is_away_after_the_mail_went_doubles_none(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    subjects = write(2)
    mailer = Mailer()
    update: Any = QuerySet.update

    def away(rows: Any, **changes: Any) -> int:
        if "sent_at" in changes:
            raise OperationalError("connection refused")
        return int(update(rows, **changes))

    with monkeypatch.context() as outage:
        outage.setattr(QuerySet, "update", away)
        with pytest.raises(OperationalError):
            mailer.step()
    later = timezone.now() + 2 * sending.HELD
    assert mailer.send(later) == 1
    assert sink.subjects() == subjects
    assert not Notice.objects.filter(sent_at=None).exists()
