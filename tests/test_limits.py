"""How often one may do what others get mail of, at the edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from knowledge.deeds.ask import answer
from knowledge.models import Answer, Question
from portal import limits
from portal.districts.deeds.invite import invite
from portal.districts.deeds.invite_lines import Line, invite_lines
from portal.districts.models import Invitation, Role
from portal.limits import LIMITS, RECEIVED, Limit, Spent, address, forget_old, in_words, spend
from portal.notices.models import Notice
from portal.refusals import TooMany
from tests.conftest import sign_in
from tests.districts.makers import make_domain
from tests.knowledge.makers import make_question
from tests.people import Cast
from tests.purchasing.test_races import at_once

NOW = datetime(2026, 12, 1, 15, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def three_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "answer", (Limit(3, MINUTE), Limit(5, 10 * MINUTE)))


def spent(at: datetime, who: object = 1) -> int | None:
    """None where it was counted, else for how many seconds it was refused."""
    try:
        spend("answer", who, at)
    except TooMany as refusal:
        return refusal.seconds
    return None


@pytest.mark.usefixtures("db", "three_a_minute")
def test_as_many_as_the_limit_says_and_one_more_is_told_when_to_go_on() -> None:
    assert [spent(NOW + number * SECOND) for number in range(4)] == [None, None, None, 57]
    assert spent(NOW, who=2) is None, "somebody else's are counted apart"


@pytest.mark.usefixtures("db", "three_a_minute")
def test_at_the_instant_that_was_named_one_goes_on() -> None:
    for number in range(3):
        spend("answer", 1, NOW + number * SECOND)
    assert spent(NOW + MINUTE - timedelta(microseconds=1000)) == 1
    assert spent(NOW + MINUTE) is None
    assert spent(NOW + MINUTE) == 1


@pytest.mark.usefixtures("db", "three_a_minute")
def test_what_was_refused_does_not_prolong_the_wait() -> None:
    for _time in range(3):
        spend("answer", 1, NOW)
    assert [spent(NOW + 30 * SECOND) for _try in range(20)] == [30] * 20
    assert spent(NOW + MINUTE) is None


@pytest.mark.usefixtures("db", "three_a_minute")
def test_each_of_several_limits_holds() -> None:
    for number in range(5):
        spend("answer", 1, NOW + number * MINUTE)
    assert spent(NOW + 5 * MINUTE) == 300
    assert spent(NOW + 10 * MINUTE) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("three_a_minute")
def test_of_twenty_at_once_exactly_as_many_pass() -> None:
    ends = at_once([partial(spend, "answer", 1, NOW)] * 20)
    assert sum(end is None for end in ends) == 3
    assert all(end is None or isinstance(end, TooMany) for end in ends), ends


@pytest.mark.usefixtures("db", "three_a_minute")
def test_a_deed_that_is_rolled_back_wins_no_try_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RECEIVED, "question-answered", Limit(1, MINUTE))
    client = sign_in(Client(), cast.member)
    url = reverse("knowledge:answer-new", args=[make_question(district=cast.geneva, by=cast.neighbor).pk])
    pages = [client.post(url, {"body": f"Answer {number}"}) for number in range(4)]
    assert [page.status_code for page in pages] == [302, 429, 429, 429]
    assert "The person you are writing to" in pages[2].text
    assert "That is as often" in pages[3].text
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (61, "2 minutes"), (3540, "59 minutes"), (3541, "1 hour")],
)
def test_the_wait_is_said_rounded_up(seconds: int, words: str) -> None:
    assert in_words(seconds) == words


def test_what_no_limit_looks_back_to_is_forgotten(db: None) -> None:
    spend("answer", 1, NOW)
    assert forget_old(NOW + timedelta(days=1) - SECOND) == 0
    assert forget_old(NOW + timedelta(days=1)) == 1
    assert not Spent.objects.exists()


def test_fifteen_answers_in_a_row_mail_the_people_of_ten(cast: Cast) -> None:
    client = sign_in(Client(), cast.member)
    question = make_question(district=cast.geneva, by=cast.neighbor)
    url = reverse("knowledge:answer-new", args=[question.pk])
    pages = [client.post(url, {"body": f"This is answer number {number}"}) for number in range(15)]
    assert [page.status_code for page in pages] == [302] * 10 + [429] * 5
    assert Answer.objects.count() == Notice.objects.filter(kind="question-answered").count() == 10
    assert "go on in 10 minutes" in pages[-1].text
    assert int(pages[-1]["Retry-After"]) in range(590, 601)
    assert "This is answer number 14" in pages[-1].text
    assert f'action="{url}"' in pages[-1].text, "it can be sent from here"


def test_it_is_judged_before_what_was_typed_is(cast: Cast) -> None:
    client = sign_in(Client(), cast.member)
    most = LIMITS["ask"][0].most
    assert [client.post("/questions/new/", {"title": ""}).status_code for _try in range(most + 1)] == [422] * most + [
        429
    ]
    assert not Question.objects.exists()


def test_looking_and_a_repeated_form_count_for_nothing(cast: Cast) -> None:
    client = sign_in(Client(), cast.member)
    form = {"title": "How?", "form_key": "0" * 32}
    for _time in range(30):
        client.get("/questions/new/")
        assert client.post("/questions/new/", form).status_code == 302
    assert Question.objects.count() == 1


def test_visitors_are_limited_by_their_address_before_anything_is_parsed(cast: Cast) -> None:
    make_domain(cast.kaneland, "kaneland.example")
    url = reverse("districts:join", args=[cast.kaneland.slug])
    most = LIMITS["join"][0].most
    form = {"name": "Ann Lee", "email": "not an address", "message": "I run the network."}
    pages = [Client().post(url, form) for _try in range(most + 1)]
    assert [page.status_code for page in pages] == [422] * most + [429]
    assert "I run the network." in pages[-1].text
    assert Client(REMOTE_ADDR="10.1.2.3").post(url, form).status_code == 422


def test_half_of_an_ipv6_address_is_one_visitor() -> None:
    def of(ip: str) -> object:
        return address(RequestFactory().post("/", REMOTE_ADDR=ip))

    assert of("2001:db8:1:2::3") == of("2001:db8:1:2:ffff::9") != of("2001:db8:1:3::3")


def test_a_stranger_gets_three_invitations_a_day_whoever_sends_them(cast: Cast) -> None:
    def send(by: Any, at: datetime, email: str = "ann@elsewhere.example") -> None:
        invite(email, "Ann", Role.MEMBER, cast.kaneland, by=by, at=at)

    for number, sender in enumerate((cast.host, cast.officer, cast.host)):
        send(sender, NOW + number * SECOND)
    with pytest.raises(TooMany):
        send(cast.officer, NOW + timedelta(days=1) - timedelta(microseconds=1))
    assert Invitation.objects.waiting().count() == 1, "the last one still holds"
    send(cast.host, NOW, email="bob@elsewhere.example")
    send(cast.officer, NOW + timedelta(days=1))


def test_the_form_of_an_invitation_too_many_says_when_to_go_on(cast: Cast) -> None:
    client = sign_in(Client(), cast.host)
    form = {"email": "ann@elsewhere.example", "role": "member", "district": cast.kaneland.pk}
    pages = [client.post(reverse("districts:invite"), form) for _time in range(4)]
    assert [page.status_code for page in pages] == [302, 302, 302, 429]
    assert "go on in 24 hours" in pages[-1].text
    assert 'value="ann@elsewhere.example"' in pages[-1].text
    again = reverse("districts:invitation-again", args=[Invitation.objects.waiting().get().pk])
    assert "go on in" in client.post(again, follow=True).text
    assert Notice.objects.filter(kind="invitation").count() == 3


def test_a_pasted_line_too_many_is_refused_and_the_others_are_sent(cast: Cast) -> None:
    for role in (Role.MEMBER, Role.BUYER, Role.BUYER):
        invite("ann@kaneland.example", "", role, cast.kaneland, by=cast.officer, at=NOW)
    Invitation.objects.update(revoked_at=NOW)
    lines = [Line(1, "", "", f"{name}@kaneland.example", cast.kaneland) for name in ("ann", "bob")]
    with transaction.atomic():
        fates = invite_lines(lines, by=cast.host, at=NOW)
    assert [fate.verb for fate in fates] == ["refused", "invited"]
    assert "go on in 24 hours" in fates[0].detail


def test_nobody_gets_more_mails_of_questions_than_their_limit_whoever_writes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.RECEIVED, "question-answered", Limit(2, MINUTE))
    question = make_question(district=cast.geneva, by=cast.neighbor)

    def give(by: Any, at: datetime) -> None:
        answer(question, "Yes.", district=None, by=by, at=at)

    give(cast.member, NOW)
    give(cast.buyer, NOW)
    with pytest.raises(TooMany, match="go on in 1 second"):
        give(cast.host, NOW + MINUTE - SECOND)
    give(cast.host, NOW + MINUTE)
    assert Answer.objects.count() == 3


def test_where_signing_in_is_limited_what_was_typed_is_kept_but_for_the_password(cast: Cast) -> None:
    form = {"email": cast.member.email}
    pages = [Client().post("/accounts/password/reset/", form) for _try in range(30)]
    assert pages[-1].status_code == 429
    assert "Too many tries" in pages[-1].text
    assert f'value="{cast.member.email}"' in pages[-1].text
