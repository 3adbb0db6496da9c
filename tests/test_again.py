"""A form sent signed out comes back, filled, to whom it belongs; nothing is written until it is sent."""

from __future__ import annotations

import re
import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from knowledge.models import Answer, Question
from portal.districts.models import Membership, User
from portal.events.models.rsvps import Rsvp
from portal.form_keys import made_for, new_key
from tests.conftest import Browser, sign_in
from tests.events.makers import make_meeting
from tests.knowledge.makers import make_question
from tests.people import Cast

ASK = "/questions/new/"
LOGIN = "/accounts/login/"
PASSWORD = "four plain words here"
TITLE = "How do you clean the keyboards?"


@pytest.fixture
def member(cast: Cast) -> User:
    cast.member.set_password(PASSWORD)
    cast.member.save()
    cast.member.own_address(confirmed=True)
    return cast.member


def send_signed_out(client: Client, person: User, url: str = ASK, **form: Any) -> Any:
    """The form as it stood open when the person's session ended."""
    return client.post(url, {"title": TITLE, "body": "With what?", "form_key": str(new_key(person.pk))} | form)


def test_a_key_says_for_whom_it_was_made() -> None:
    assert [made_for(str(new_key(pk))) for pk in (7, None, 2**39)] == [7, 0, 2**39]
    assert [made_for(text) for text in ("", "nonsense", str(uuid4()), str(new_key(7))[:-1] + "g")] == [0] * 4
    assert len({new_key(7) for _turn in range(100)}) == 100


def test_the_form_comes_back_filled_and_is_sent_by_a_press(member: User) -> None:
    client = Client()
    assert send_signed_out(client, member).headers["Location"] == f"{LOGIN}?next={ASK}"
    client.post(f"{LOGIN}?next={ASK}", {"login": member.email, "password": PASSWORD})
    page = client.get(ASK)
    assert f'value="{TITLE}"' in page.text
    assert "You are signed in again" in page.text
    assert "Look it over, then send it." in page.text
    assert not Question.objects.exists()
    key = re.search(r'class="stack".*?name="form_key" value="([^"]+)"', page.text, re.DOTALL)
    assert key is not None
    assert client.post(ASK, {"title": TITLE, "form_key": key[1]}).status_code == 302
    assert Question.objects.get().title == TITLE
    assert TITLE not in client.get(ASK).text, "it comes back once"


def test_the_sign_in_page_says_that_it_comes_back(member: User) -> None:
    client = Client()
    assert "what you typed comes back" in client.get(send_signed_out(client, member).headers["Location"]).text


def test_it_comes_back_after_signing_in_by_a_code_too(member: User) -> None:
    client = Browser()
    send_signed_out(client, member)
    client.post(f"/accounts/login/code/?next={ASK}", {"email": member.email, "next": ASK})
    code = re.search(r"^ {4}(\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code is not None
    client.post(f"/accounts/login/code/confirm/?next={ASK}", {"code": code[1], "next": ASK})
    assert client.session["_auth_user_id"] == str(member.pk)
    assert f'value="{TITLE}"' in client.get(ASK).text


def test_another_account_never_sees_it(cast: Cast, member: User) -> None:
    client = Client()
    send_signed_out(client, member)
    client.force_login(cast.neighbor)
    assert TITLE not in client.get(ASK, follow=True).text
    assert "kept_form" not in client.session
    client.logout()
    client.force_login(member)
    assert TITLE not in client.get(ASK).text


def test_whose_it_is_not_is_led_to_the_page_where_it_stood(cast: Cast, member: User) -> None:
    question = make_question(district=cast.geneva, by=cast.neighbor)
    url, page = reverse("knowledge:answer-new", args=[question.pk]), question.get_absolute_url()
    client = Client(headers={"referer": f"http://testserver{page}"})
    send_signed_out(client, member, url)
    client.force_login(cast.neighbor)
    answer = client.get(url)
    assert (answer.status_code, answer.headers["Location"]) == (302, page)


@pytest.mark.parametrize(("seconds", "comes_back"), [(3599, True), (3601, False)])
def test_it_is_kept_for_an_hour(member: User, monkeypatch: pytest.MonkeyPatch, seconds: int, comes_back: bool) -> None:
    client = Client()
    sent = time.time()
    monkeypatch.setattr(time, "time", lambda: sent)
    send_signed_out(client, member)
    monkeypatch.setattr(time, "time", lambda: sent + seconds)
    client.force_login(member)
    assert (TITLE in client.get(ASK, follow=True).text) is comes_back


@pytest.mark.parametrize("key", ["", "nonsense", str(UUID(int=7)), "nobody's"])
def test_a_form_that_was_made_for_nobody_fills_no_session(db: None, key: str) -> None:
    client = Client()
    answer = client.post(ASK, {"title": TITLE, "form_key": str(new_key(None)) if key == "nobody's" else key})
    assert answer.status_code == 403
    assert TITLE in answer.text
    assert "sessionid" not in client.cookies


def test_secrets_and_files_are_not_kept_and_files_are_asked_for_again(member: User) -> None:
    client = Client()
    send_signed_out(client, member, password="a b c d e f", plan=SimpleUploadedFile("plan.pdf", b"%PDF"))
    assert "password" not in client.session["kept_form"]["fields"]
    assert "%25PDF" not in client.session["kept_form"]["fields"]
    client.force_login(member)
    assert "Choose your files again." in client.get(ASK).text


def test_only_the_last_form_is_kept_and_only_at_its_own_address(cast: Cast, member: User) -> None:
    client = Client()
    question = make_question(district=cast.geneva, by=cast.neighbor)
    url = reverse("knowledge:answer-new", args=[question.pk])
    send_signed_out(client, member)
    send_signed_out(client, member, url, body="Isopropyl, on a cloth.")
    client.force_login(member)
    assert TITLE not in client.get(ASK).text
    page = client.get(url)
    assert "Isopropyl, on a cloth." in page.text
    assert f'action="{url}"' in page.text
    assert not Answer.objects.exists()


def test_who_may_no_longer_do_it_is_refused_as_always_with_the_text(member: User) -> None:
    client = Client()
    send_signed_out(client, member)
    Membership.objects.filter(person=member).delete()
    client.force_login(member)
    page = client.get(ASK)
    assert page.status_code == 404
    assert TITLE in page.text


def test_what_has_no_page_of_its_own_is_sent_from_one_that_shows_it(cast: Cast) -> None:
    client = Client()
    url = reverse("events:rsvp", args=[make_meeting(cast).pk])
    client.post(url, {"answer": "online", "note": "By train", "form_key": str(new_key(cast.member.pk))})
    client.force_login(cast.member)
    page = client.get(url)
    assert not Rsvp.objects.exists()
    assert 'name="note" value="By train"' in page.text
    fields = dict(re.findall(r'name="(form_key|answer|note)" value="([^"]*)"', page.text.partition("<main")[2]))
    assert client.post(url, fields).status_code == 302
    assert Rsvp.objects.exists()


def test_a_form_whose_token_is_out_of_date_is_sent_from_the_page_that_says_so(cast: Cast) -> None:
    client = sign_in(Client(enforce_csrf_checks=True), cast.member)
    page = send_signed_out(client, cast.member)
    assert page.status_code == 403
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text.partition("<main")[2].partition("</main>")[0]))
    assert fields["title"] == TITLE
    assert client.post(ASK, fields).status_code == 302
    assert Question.objects.get().title == TITLE


def test_nobody_is_led_to_send_what_another_site_typed(cast: Cast) -> None:
    client = sign_in(Client(enforce_csrf_checks=True), cast.member)
    for key in ("", str(new_key(None)), str(new_key(cast.buyer.pk))):
        page = client.post(ASK, {"title": TITLE, "form_key": key})
        assert page.status_code == 403
        assert TITLE in page.text
        assert f'action="{ASK}"' not in page.text
