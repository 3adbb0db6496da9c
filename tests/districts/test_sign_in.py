from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admindocs.views import simplify_regex
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from portal.districts.models import Role, User
from tests.conftest import Browser, sign_in
from tests.people import Cast, join

PASSWORD = "four plain words here"
LOGIN = "/accounts/login/"


@pytest.fixture
def client() -> Client:
    return Browser()


@pytest.fixture
def member(cast: Cast) -> User:
    cast.member.set_password(PASSWORD)
    cast.member.save()
    cast.member.own_address(confirmed=True)
    return cast.member


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code_in(message: EmailMessage) -> str:
    found = re.search(r"^ {4}(\S+)$", str(message.body), re.MULTILINE)
    assert found is not None
    return found[1]


def all_paths(resolver: URLResolver | None = None, prefix: str = "") -> list[str]:
    paths = []
    for pattern in (resolver or get_resolver()).url_patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            paths.append(re.sub(r"<[^>]+>", "1", simplify_regex(here)))
        else:
            paths += all_paths(pattern, here)
    return sorted(set(paths))


def test_exactly_one_address_takes_a_password(member: User) -> None:
    good = {
        "login": member.email,
        "email": member.email,
        "username": member.email,
        "password": PASSWORD,
        "password1": PASSWORD,
        "next": "/",
    }
    paths = all_paths()
    assert len(paths) > 200
    opened = []
    for path in paths:
        client = Client(raise_request_exception=False)
        client.post(path, good)
        if signed_in(client):
            opened.append(path)
    assert opened == [LOGIN]


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/admin/login/?next=/admin/pages/", "/accounts/login/?next=/admin/pages/"),
        ("/admin/password_reset/", "/accounts/password/reset/"),
        ("/admin/", "/accounts/login/?next=/admin/"),
        ("/people/", "/accounts/login/?next=/people/"),
    ],
)
def test_other_doors_lead_to_the_front_door(db: None, client: Client, path: str, leads_to: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["Location"]) == (302, leads_to)


@pytest.mark.parametrize(
    "path", ["/nothing-here/", "/nothing.php", "/_util/login/", "/districts/none/", "/accounts/x/"]
)
def test_an_unknown_address_is_404_for_visitors_too(db: None, client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path).status_code in {404, 405}


def test_a_member_signs_in_by_password(member: User, client: Client) -> None:
    response = client.post(LOGIN, {"login": member.email.upper(), "password": PASSWORD, "next": "/people/"})
    assert (response.status_code, response.headers["Location"]) == (302, "/people/")
    member.refresh_from_db()
    assert member.last_seen == timezone.localdate()


def test_a_member_signs_in_by_a_code_from_the_mail(member: User, client: Client) -> None:
    client.post("/accounts/login/code/", {"email": member.email, "next": "/practices/"})
    [message] = mail.outbox
    assert message.to == [member.email]
    assert code_in(message) not in message.subject
    response = client.post("/accounts/login/code/confirm/", {"code": code_in(message)})
    assert response.status_code == 302
    assert signed_in(client)


def test_an_account_that_never_signed_in_confirms_its_address_by_the_code(cast: Cast, client: Client) -> None:
    client.post("/accounts/login/code/", {"email": cast.buyer.email})
    client.post("/accounts/login/code/confirm/", {"code": code_in(mail.outbox[0])})
    assert signed_in(client)
    assert EmailAddress.objects.get(user=cast.buyer).verified


def test_a_wrong_code_opens_nothing_and_three_end_the_try(member: User, client: Client) -> None:
    client.post("/accounts/login/code/", {"email": member.email})
    for _try in range(3):
        client.post("/accounts/login/code/confirm/", {"code": "wrong"})
    client.post("/accounts/login/code/confirm/", {"code": code_in(mail.outbox[0])})
    assert not signed_in(client)


def test_after_five_wrong_passwords_the_right_one_is_refused_from_anywhere(member: User) -> None:
    for number in range(5):
        Client(REMOTE_ADDR=f"10.0.0.{number}").post(LOGIN, {"login": member.email, "password": "wrong"})
    elsewhere = Client(REMOTE_ADDR="10.9.9.9")
    response = elsewhere.post(LOGIN, {"login": member.email, "password": PASSWORD})
    assert "Too many tries" in response.content.decode()
    assert not signed_in(elsewhere)


def test_a_forged_forwarding_header_does_not_mint_new_tries(member: User) -> None:
    for number in range(10):
        client = Client(HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
        client.post(LOGIN, {"login": f"nobody{number}@example.org", "password": "wrong"})
    client = Client(HTTP_X_FORWARDED_FOR="203.0.113.99")
    client.post(LOGIN, {"login": member.email, "password": PASSWORD})
    assert not signed_in(client)


@pytest.mark.parametrize("path", ["/accounts/login/code/", "/accounts/password/reset/"])
def test_known_and_unknown_addresses_get_the_same_answer_and_one_mail(member: User, path: str) -> None:
    answers = []
    for address in (member.email, "nobody@kaneland.example"):
        client = Browser()
        mail.outbox.clear()
        response = client.post(path, {"email": address}, follow=True)
        body = re.sub(r"[A-Za-z0-9]{64}", "TOKEN", response.content.decode().replace(address, "ADDRESS"))
        answers.append((response.status_code, response.redirect_chain, body, len(mail.outbox)))
    assert answers[0][:2] == answers[1][:2]
    assert answers[0][3] == answers[1][3] == 1
    assert answers[0][2] == answers[1][2]


def test_a_new_password_is_chosen_by_a_code(member: User, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": member.email})
    client.post("/accounts/password/reset/confirm/", {"code": code_in(mail.outbox[0])})
    sent = {"password1": "another four plain words", "password2": "another four plain words"}
    client.post("/accounts/password/reset/complete/", sent)
    assert User.objects.get(pk=member.pk).check_password("another four plain words")
    assert not signed_in(client)


def test_a_next_address_elsewhere_is_not_followed(member: User) -> None:
    hostile = ["//evil.example", "https://evil.example", "/\\evil.example", "\thttps://evil.example", "///evil.example"]
    for target in hostile:
        client = Client()
        response = client.post(LOGIN, {"login": member.email, "password": PASSWORD, "next": target})
        assert response.headers["Location"] == "/", target


@pytest.mark.parametrize("path", ["login/", "login/code/", "password/reset/", "signup/", "inactive/"])
def test_account_pages_are_ours_and_not_for_search_engines(cast: Cast, client: Client, path: str) -> None:
    page = client.get(f"/accounts/{path}", follow=True).content.decode()
    assert 'lang="en-us"' in page
    assert 'name="robots" content="noindex"' in page
    assert "<h1" in page


@pytest.mark.parametrize("path", ["email/", "password/change/", "password/set/", "logout/", "reauthenticate/"])
def test_a_members_account_pages_show(member: User, client: Client, path: str) -> None:
    response = sign_in(client, member).get(f"/accounts/{path}", follow=True)
    assert response.status_code == 200
    assert "<h1" in response.content.decode()


def test_nobody_signs_up_by_themselves(cast: Cast, client: Client) -> None:
    client.post("/accounts/signup/", {"email": "new@example.org"})
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_deactivated_person_is_out_at_the_next_request(member: User, client: Client) -> None:
    sign_in(client, member)
    assert client.get("/accounts/email/").status_code == 200
    User.objects.filter(pk=member.pk).update(is_active=False)
    assert client.get("/accounts/email/").status_code == 302
    again = Client()
    again.post(LOGIN, {"login": member.email, "password": PASSWORD})
    assert not signed_in(again)


def test_reading_pages_does_not_write_the_last_day(member: User, client: Client) -> None:
    sign_in(client, member)
    User.objects.filter(pk=member.pk).update(last_seen=timezone.localdate() - timedelta(days=40))
    client.get("/districts/")
    member.refresh_from_db()
    assert member.last_seen == timezone.localdate() - timedelta(days=40)


def test_an_officer_until_yesterday_still_in_the_group_gets_404(cast: Cast, client: Client) -> None:
    sign_in(client, cast.officer)
    assert client.get("/admin/").status_code == 200
    yesterday = timezone.localdate() - timedelta(days=1)
    cast.officer.memberships.filter(role=Role.OFFICER).update(until=yesterday)  # by date alone: no write of ours
    assert cast.officer.groups.filter(name="Chapter officers").exists()
    assert client.get("/admin/").status_code == 404
    assert client.get("/admin/pages/").status_code == 404


def test_the_officers_group_holds_those_in_force_today(cast: Cast) -> None:
    today = timezone.localdate()
    for until, is_in in ((today - timedelta(days=1), False), (today, True), (None, True)):
        membership = cast.officer.memberships.get()
        membership.until = until
        membership.save()
        assert cast.officer.groups.filter(name="Chapter officers").exists() is is_in


def test_a_host_has_no_admin(cast: Cast, client: Client) -> None:
    assert sign_in(client, cast.host).get("/admin/").status_code == 404


def test_granting_officer_opens_the_admin_at_the_next_request(cast: Cast, client: Client) -> None:
    sign_in(client, cast.buyer)
    assert client.get("/admin/").status_code == 404
    join(cast.buyer, Role.OFFICER)
    assert client.get("/admin/").status_code == 200
