"""What allauth, Wagtail and Django send is a row first, too, and keeps no code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from allauth.account import app_settings
from django.core import mail
from django.core.mail import EmailMessage, send_mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Workflow, WorkflowPage

from portal.districts.models import User
from portal.districts.views import joining
from portal.notices.deeds.forget import KEPT, forget
from portal.notices.deeds.post import post
from portal.notices.deeds.send import send
from portal.notices.deeds.tell import tell
from portal.notices.models import ACCOUNT, CODE, CODE_LASTS, OTHER, Notice
from portal.pages.models import StandardPage
from tests.conftest import sign_in
from tests.districts.makers import make_domain
from tests.notices.test_tell import WEEK
from tests.people import Cast
from tests.smtp import Sink, mail_server

NOW = timezone.now()
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def no_answer(settings: Any) -> Iterator[Sink]:
    """Production's way to send, to a mail server that takes the call and says nothing."""
    settings.MAIL_AT_ONCE = False
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    with mail_server() as sink:
        sink.is_silent = True
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


def a_code_to_sign_in(cast: Cast) -> None:
    assert Client().post("/accounts/login/code/", {"email": cast.member.email}).status_code == 302


def a_new_password(cast: Cast) -> None:
    assert Client().post("/accounts/password/reset/", {"email": cast.member.email}).status_code == 302


def asking_to_join(cast: Cast) -> None:
    make_domain(cast.kaneland, "kaneland.example")
    form = {"name": "Ann Lee", "email": "ann@kaneland.example", "message": ""}
    assert Client().post(f"/districts/{cast.kaneland.slug}/join/", form).status_code == 302


def another_address(cast: Cast) -> None:
    cast.member.own_address(confirmed=True)
    form = {"email": "other@kaneland.example", "action_add": ""}
    assert sign_in(Client(), cast.member).post("/accounts/email/", form).status_code == 302


def an_unknown_address(cast: Cast) -> None:
    assert Client().post("/accounts/login/code/", {"email": "nobody@kaneland.example"}).status_code == 302


def a_page_to_approve(cast: Cast) -> None:
    home = Page.objects.filter(depth=2).get()
    page = home.add_child(instance=StandardPage(title="Draft", slug="draft", live=False, owner=cast.officer))
    WorkflowPage.objects.update_or_create(page=home, defaults={"workflow": Workflow.objects.get()})
    User.objects.create_superuser("root@chapter.example")
    page.save_revision(user=cast.officer)
    page.get_workflow().start(page, cast.officer)


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        (a_code_to_sign_in, CODE),
        (a_new_password, CODE),
        (asking_to_join, CODE),
        (another_address, CODE),
        (an_unknown_address, ACCOUNT),
        (a_page_to_approve, OTHER),
    ],
)
def test_no_request_waits_for_a_mail_server_that_says_nothing(
    ask: Callable[[Cast], None], kind: str, cast: Cast, no_answer: Sink
) -> None:
    ask(cast)
    assert kind in set(Notice.objects.values_list("kind", flat=True))
    assert no_answer.connections == 0


@pytest.mark.parametrize("name", ["base", "demo"])
def test_where_the_portal_is_served_only_the_mail_worker_sends(name: str) -> None:
    settings = import_module(f"portal.settings.{name}")
    assert settings.EMAIL_BACKEND == "portal.notices.outbox.EmailBackend"
    assert settings.MAIL_TRANSPORT != settings.EMAIL_BACKEND
    assert not settings.MAIL_AT_ONCE


def a_mail(subject: str = "Your code", body: str = "    BCDF-GHJK", to: str = "Ann@kaneland.example") -> EmailMessage:
    return EmailMessage(subject, body, to=[to])


def test_of_a_code_nothing_is_kept_once_it_is_sent(cast: Cast) -> None:
    post(CODE, a_mail(), at=NOW)
    assert send(NOW) == 1
    assert [(m.to, m.subject, m.body) for m in mail.outbox] == [
        (["ann@kaneland.example"], "Your code", "    BCDF-GHJK")
    ]
    notice = Notice.objects.get()
    assert (notice.sent_at is not None, notice.subject, notice.body) == (True, "", "")


def test_a_code_is_sent_for_as_long_as_it_is_taken() -> None:
    accounts = [
        app_settings.LOGIN_BY_CODE_TIMEOUT,
        app_settings.PASSWORD_RESET_BY_CODE_TIMEOUT,
        app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
    ]
    assert {*accounts, joining.CODE_SECONDS} == {CODE_LASTS.total_seconds()}


def test_a_code_that_nobody_takes_any_more_is_not_sent_and_not_kept(cast: Cast) -> None:
    post(CODE, a_mail(), at=NOW)
    assert not Notice.objects.to_send(NOW + CODE_LASTS + MOMENT).exists()
    assert Notice.objects.to_send(NOW + CODE_LASTS).exists()
    forget(NOW + CODE_LASTS)
    assert Notice.objects.get().given_up_at is None
    assert forget(NOW + CODE_LASTS + MOMENT) == 1
    notice = Notice.objects.get()
    assert (notice.given_up_at is not None, notice.subject, notice.body) == (True, "", "")


def test_what_happened_to_an_account_is_told_after_hours_too(cast: Cast) -> None:
    post(ACCOUNT, a_mail("Your password was changed", "http://testserver/accounts/password/reset/"), at=NOW)
    assert send(NOW + timedelta(hours=20)) == 1
    assert Notice.objects.get().body == "http://testserver/accounts/password/reset/"


def test_a_link_that_lets_somebody_in_is_not_kept_whoever_wrote_it(cast: Cast) -> None:
    send_mail("/invitations/abc123/", "http://testserver/invitations/abc123/", None, ["a@kaneland.example"])
    send(timezone.now())
    assert "abc123" in mail.outbox[0].body
    notice = Notice.objects.get()
    assert (notice.kind, notice.subject) == (OTHER, "/invitations/[secret]/")
    assert "abc123" not in notice.body


def test_mail_that_was_composed_elsewhere_is_kept_for_thirty_days(cast: Cast) -> None:
    post(ACCOUNT, a_mail(), at=NOW)
    post(OTHER, a_mail(), at=NOW)
    tell("weekly-summary", [cast.member], key="a", at=NOW, **WEEK)
    Notice.objects.filter(kind=ACCOUNT).update(sent_at=NOW)
    assert forget(NOW + KEPT) == 0
    assert forget(NOW + KEPT + MOMENT) == 1, "one was never sent, and one is on a member's own list"
    assert set(Notice.objects.values_list("kind", flat=True)) == {OTHER, "weekly-summary"}


def test_a_file_is_not_lost_without_a_word(cast: Cast) -> None:
    message = a_mail()
    message.attach("a.txt", "text", "text/plain")
    with pytest.raises(ValueError, match="Files are sent by"):
        message.send()


def test_a_code_goes_first_then_what_lets_somebody_in_then_the_rest(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    tell("weekly-summary", [cast.member], key="a", at=NOW, **WEEK)
    invite_somebody(cast)
    post(ACCOUNT, a_mail("Changed"), at=NOW)
    post(CODE, a_mail(), at=timezone.now())
    waiting = Notice.objects.to_send(timezone.now())
    assert list(waiting.values_list("kind", flat=True)) == [CODE, "invitation", ACCOUNT, "weekly-summary"]


def invite_somebody(cast: Cast) -> None:
    form = {"email": "ann@kaneland.example", "role": "member", "district": cast.kaneland.pk, "name": "Ann"}
    assert sign_in(Client(), cast.host).post(reverse("districts:invite"), form).status_code == 302


def test_a_code_is_not_lost_with_the_process_that_made_it(cast: Cast, no_answer: Sink) -> None:
    """The row is there with the answer: nothing is left for after the commit."""
    asking_to_join(cast)
    assert "    " in Notice.objects.get(kind=CODE).body
