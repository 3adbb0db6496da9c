from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from portal.districts.models import User
from portal.notices.deeds.send import LEAST_ATTEMPTS, PATIENCE, send
from portal.notices.deeds.switch import off_url
from portal.notices.deeds.tell import tell
from portal.notices.deeds.weekly_summary import MOST_DAYS, send_weekly
from portal.notices.models import Notice, SwitchedOff
from portal.registry import NoticeKind, SummarySection, SummarySource, notice_kinds, summary_sources
from tests.conftest import sign_in
from tests.people import Cast, make_cast

NOW = timezone.now()
WEEK: dict[str, Any] = {
    "sections": [SummarySection("Practices", [("Geneva does <this> & that too", "/practices/1/")])],
    "until": NOW,
}


@pytest.fixture
def outbox(django_capture_on_commit_callbacks: Any) -> Any:
    return django_capture_on_commit_callbacks


def test_a_person_is_told_of_one_occasion_once(cast: Cast, outbox: Any) -> None:
    with outbox(execute=True):
        assert tell("weekly-summary", [cast.member, cast.buyer], key="a", at=NOW, **WEEK) == 2
        assert tell("weekly-summary", [cast.member], key="a", at=NOW, **WEEK) == 0
    assert sorted(m.to[0] for m in mail.outbox) == [cast.buyer.email, cast.member.email]


def test_nothing_is_sent_when_the_deed_is_undone(cast: Cast, outbox: Any) -> None:
    with outbox(execute=True), transaction.atomic():
        tell("weekly-summary", [cast.member], key="a", at=NOW, **WEEK)
        transaction.set_rollback(True)
    assert mail.outbox == []
    assert not Notice.objects.exists()


def test_text_is_plain_and_the_subject_is_one_line(cast: Cast, outbox: Any) -> None:
    with outbox(execute=True):
        tell("weekly-summary", [cast.member], key="a", at=NOW, **WEEK)
    (message,) = mail.outbox
    assert "Geneva does <this> & that too" in message.body
    assert "\n" not in message.subject
    assert message.message()["Content-Type"].startswith("text/plain")


CANCELED = b"BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n"


def test_a_calendar_file_carries_its_method(cast: Cast, outbox: Any) -> None:
    with outbox(execute=True):
        tell("weekly-summary", [cast.member], key="a", at=NOW, calendar=CANCELED, **WEEK)
    assert 'method="CANCEL"' in mail.outbox[0].message().as_string() or "method=CANCEL" in (
        mail.outbox[0].message().as_string()
    )


def test_the_link_in_the_mail_switches_off_on_post_only(cast: Cast, outbox: Any) -> None:
    with outbox(execute=True):
        tell("weekly-summary", [cast.member], key="a", at=NOW, **WEEK)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    browser = Client(enforce_csrf_checks=True)
    assert browser.get(path).status_code == 200
    assert not SwitchedOff.objects.exists()
    assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert tell("weekly-summary", [cast.member], key="b", at=NOW, **WEEK) == 0


def test_a_link_of_a_kind_that_can_no_longer_be_switched_off_does_nothing(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = off_url(cast.member, "weekly-summary").removeprefix("http://testserver")
    fixed = NoticeKind("weekly-summary", "Summary", can_be_switched_off=False)
    with monkeypatch.context() as since:
        since.setitem(notice_kinds._things, "weekly-summary", fixed)
        assert client.post(path).status_code == 404
        assert off_url(cast.member, "weekly-summary") == ""
    assert not SwitchedOff.objects.exists()
    assert client.post(path).status_code == 200


def test_a_forged_link_switches_nothing_off(cast: Cast, client: Client) -> None:
    assert client.post("/notices/off/WzEsIndlZWtseSJd:forged/").status_code == 404


def test_a_deactivated_person_is_not_told(cast: Cast) -> None:
    cast.member.is_active = False
    assert tell("weekly-summary", [cast.member], key="a", at=NOW, **WEEK) == 0


def test_a_refused_mail_is_tried_later_and_given_up_after_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tell("weekly-summary", [cast.member], key="a", at=NOW, **WEEK)

    def refuse(*args: Any) -> int:
        raise SMTPException("451 later")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    assert send(NOW) == 0
    notice = Notice.objects.get()
    assert (notice.sent_at, notice.attempts) == (None, 1)
    assert send(NOW) == 0, "not due again yet"
    assert Notice.objects.get().attempts == 1
    try_until_given_up()
    given_up_at = Notice.objects.get().given_up_at
    assert given_up_at is not None
    assert PATIENCE < given_up_at - NOW < PATIENCE + timedelta(hours=5)
    monkeypatch.undo()
    assert send(NOW + timedelta(days=3)) == 0


def try_until_given_up() -> None:
    """Send whenever a notice is due."""
    while waiting := Notice.objects.filter(sent_at=None, given_up_at=None).order_by("next_try_at").first():
        send(waiting.next_try_at)


def test_it_waits_twice_as_long_after_each_try_and_is_given_up_after_more_than_a_day(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell("weekly-summary", [cast.member], key="a", at=NOW, **WEEK)

    def refuse(*args: Any) -> int:
        raise SMTPException("451 later")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    waits, at = [], NOW
    for _try in range(10):
        send(at)
        notice = Notice.objects.get()
        waits.append((notice.next_try_at - at) // timedelta(minutes=1))
        at = notice.next_try_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 256]
    for late, is_given_up in ((PATIENCE, False), (PATIENCE + timedelta(microseconds=1), True)):
        Notice.objects.update(next_try_at=NOW)
        send(NOW + late)
        assert (Notice.objects.get().given_up_at is not None) is is_given_up


def test_an_account_closed_before_the_mail_went_gets_none(cast: Cast) -> None:
    tell("weekly-summary", [cast.member, cast.buyer], key="a", at=NOW, **WEEK)
    User.objects.filter(pk=cast.member.pk).update(is_active=False)
    send(NOW)
    assert [message.to for message in mail.outbox] == [[cast.buyer.email]]
    assert not Notice.objects.filter(sent_at=None).exists(), "nor does it wait for the account to be opened again"


def test_a_mail_that_waited_for_days_is_not_given_up_at_its_first_refusal(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell("weekly-summary", [cast.member], key="a", at=NOW, **WEEK)

    def refuse(*args: Any) -> int:
        raise SMTPException("450 greylisted")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    back_at = NOW + timedelta(days=3)
    send(back_at)
    assert Notice.objects.get().given_up_at is None
    try_until_given_up()
    assert Notice.objects.get().attempts == LEAST_ATTEMPTS


def test_a_notice_that_cannot_be_composed_does_not_hold_up_the_others(cast: Cast) -> None:
    """Its kind is one that an older version knew, or its calendar file is broken."""
    tell("weekly-summary", [cast.member, cast.buyer, cast.neighbor], key="a", at=NOW, **WEEK)
    Notice.objects.filter(person=cast.member).update(kind="retired")
    Notice.objects.filter(person=cast.buyer).update(calendar=b"\xff")
    assert send(NOW) == 1
    assert [message.to for message in mail.outbox] == [[cast.neighbor.email]]
    assert not Notice.objects.exclude(person=cast.neighbor).exclude(attempts=1, sent_at=None).exists()
    try_until_given_up()
    assert Notice.objects.filter(given_up_at=None, sent_at=None).count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_one_mail_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read that the second notice waits; one of them is about to send it when the other comes to it."""
    cast, at = make_cast(), timezone.now() + timedelta(hours=1)
    tell("weekly-summary", [cast.member, cast.buyer], key="a", at=at, **WEEK)
    deliver: Any = EmailBackend.send_messages
    is_sending, may_go_on = threading.Event(), threading.Event()
    others: list[Future[int]] = []

    def send_beside() -> int:
        try:
            return send(at)
        finally:
            connection.close()

    def slowly(backend: EmailBackend, messages: list[Any]) -> int:
        if threading.current_thread() is not threading.main_thread():
            is_sending.set()
            assert may_go_on.wait(60)
        elif not others:
            others.append(pool.submit(send_beside))
            assert is_sending.wait(60)
        return int(deliver(backend, messages))

    monkeypatch.setattr(EmailBackend, "send_messages", slowly)
    with ThreadPoolExecutor(1) as pool:
        assert send(at) == 1
        may_go_on.set()
        assert others[0].result() == 1
    assert [message.to for message in mail.outbox] == [[cast.member.email], [cast.buyer.email]]
    assert set(Notice.objects.values_list("attempts", flat=True)) == {1}


def test_settings_switch_a_kind_off_and_on(cast: Cast, client: Client) -> None:
    sign_in(client, cast.member)
    assert client.get("/notices/").status_code == 200
    client.post("/notices/switch/", {"kind": "weekly-summary", "on": "0"})
    assert SwitchedOff.objects.filter(person=cast.member).count() == 1
    client.post("/notices/switch/", {"kind": "weekly-summary", "on": "1"})
    assert not SwitchedOff.objects.exists()
    assert client.post("/notices/switch/", {"kind": "nothing", "on": "0"}).status_code == 404


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> None:
    source = SummarySource("test", lambda person, since, until: SummarySection("News", [("A line", "/")]))
    monkeypatch.setitem(summary_sources._things, "test", source)


@pytest.mark.usefixtures("news")
@pytest.mark.parametrize(
    ("local", "told"),
    [
        ("2026-11-22T23:59-06:00", 0),
        ("2026-11-23T06:59-06:00", 0),
        ("2026-11-23T07:00-06:00", 6),
        ("2026-11-24T00:00-06:00", 6),
        ("2026-11-24T23:59-06:00", 6),
        ("2026-11-25T00:00-06:00", 0),
    ],
)
def test_a_portal_that_was_down_on_monday_sends_it_on_tuesday(cast: Cast, local: str, told: int) -> None:
    assert send_weekly(datetime.fromisoformat(local)) == told


def test_a_run_that_was_killed_midway_reads_no_week_again_of_those_it_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[User] = []

    def load(person: User, since: datetime, until: datetime) -> SummarySection:
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append(person)
        return SummarySection("News", [("A line", "/")])

    monkeypatch.setattr(summary_sources, "_things", {"test": SummarySource("test", load)})
    monday = datetime(2026, 11, 23, 13, tzinfo=UTC)
    with pytest.raises(KeyboardInterrupt):
        send_weekly(monday)
    first, asked[:] = list(asked), []
    monkeypatch.setattr(summary_sources, "_things", {"test": SummarySource("test", lambda p, s, u: asked.append(p))})
    assert send_weekly(monday + timedelta(minutes=1)) == 0
    assert len(asked) == 4
    assert set(asked).isdisjoint(first)


@pytest.mark.usefixtures("news")
def test_the_summary_goes_out_on_monday_once(cast: Cast) -> None:
    monday_six = datetime(2026, 11, 23, 12, tzinfo=UTC)
    monday_seven = datetime(2026, 11, 23, 13, tzinfo=UTC)
    wednesday = datetime(2026, 11, 25, 13, tzinfo=UTC)
    assert send_weekly(monday_six) == 0
    assert send_weekly(monday_seven) == 6
    assert send_weekly(monday_seven + timedelta(hours=9)) == 0
    assert send_weekly(wednesday) == 0
    assert not Notice.objects.filter(person=cast.stranger).exists()


def test_a_quiet_week_is_not_written_about(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary_sources, "_things", {})
    assert send_weekly(datetime(2026, 11, 23, 13, tzinfo=UTC)) == 0


def test_after_weeks_in_which_none_was_sent_it_looks_back_to_the_last(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans: set[tuple[datetime, datetime]] = set()

    def quiet(person: User, since: datetime, until: datetime) -> None:
        spans.add((since, until))

    monkeypatch.setattr(summary_sources, "_things", {"test": SummarySource("test", quiet)})
    first = datetime(2026, 11, 23, 13, tzinfo=UTC)
    mondays = [first, first + timedelta(weeks=2), first + timedelta(weeks=7)]
    for monday in mondays:
        send_weekly(monday)
    assert spans == {
        (first - timedelta(weeks=1), first),
        (first, mondays[1]),
        (mondays[2] - timedelta(days=MOST_DAYS), mondays[2]),
    }


def test_a_week_is_read_once_for_each_and_never_for_those_who_switched_it_off(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every half minute from Monday to Tuesday night the job asks again."""
    asked: list[User] = []

    def quiet(person: User, since: datetime, until: datetime) -> None:
        asked.append(person)

    monkeypatch.setattr(summary_sources, "_things", {"test": SummarySource("test", quiet)})
    SwitchedOff.objects.create(person=cast.member, kind="weekly-summary")
    SwitchedOff.objects.create(person=cast.buyer, kind="minutes-circulated")
    monday = datetime(2026, 11, 23, 13, tzinfo=UTC)
    for minutes in (0, 1, 60 * 24):
        assert send_weekly(monday + timedelta(minutes=minutes)) == 0
    assert sorted(person.pk for person in asked) == sorted(
        person.pk for person in (cast.outsider, cast.buyer, cast.neighbor, cast.host, cast.officer)
    )
    send_weekly(monday + timedelta(days=7))
    assert len(asked) == 10
