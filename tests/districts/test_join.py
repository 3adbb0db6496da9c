from __future__ import annotations

import re
from functools import partial

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client, TestCase
from django.utils import timezone
from wagtail.models import ModelLogEntry

from portal.districts.deeds.join import decide, deciders
from portal.districts.models import JoinRequest, RegionalOffice, User
from portal.refusals import Refused
from portal.registry import PanelContext, needs
from tests.conftest import Browser, sign_in
from tests.districts.makers import make_domain, make_join_request
from tests.people import Cast, make_cast
from tests.purchasing.test_races import at_once

FORM = {"name": "Ann Lee", "email": "ann@kaneland.example", "message": "I run the network."}


@pytest.fixture
def client() -> Client:
    return Browser()


@pytest.fixture
def join_url(cast: Cast) -> str:
    make_domain(cast.kaneland, "kaneland.example")
    return f"/districts/{cast.kaneland.slug}/join/"


def mailed_code() -> str:
    found = re.search(r"^ {4}(\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found is not None
    return found[1]


def test_asking_confirms_the_address_and_leaves_one_request(cast: Cast, client: Client, join_url: str) -> None:
    assert client.post(join_url, FORM).headers["Location"] == f"{join_url}confirm/"
    assert not User.objects.filter(email=FORM["email"]).exists()
    response = client.post(f"{join_url}confirm/", {"code": mailed_code().lower().replace("-", " ")})
    assert response.headers["Location"] == f"{join_url}sent/"
    request = JoinRequest.objects.get()
    assert (request.person.email, request.person.name, request.message) == (
        FORM["email"],
        "Ann Lee",
        "I run the network.",
    )
    assert not request.person.standing.is_member
    assert "_auth_user_id" not in client.session


def test_an_address_in_a_domain_of_other_letters_is_kept_in_ascii(cast: Cast, client: Client) -> None:
    district = {"short_name": "Kaneland", "other_names": "", "domains": "Peña-Schools.example"}
    sign_in(Client(), cast.officer).post(f"/districts/{cast.kaneland.slug}/edit/", district)
    assert [row.domain for row in cast.kaneland.mail_domains.all()] == ["xn--pea-schools-2db.example"]
    url = f"/districts/{cast.kaneland.slug}/join/"
    for typed in ("ann@peña-schools.example", "Ann@xn--pea-schools-2db.example"):
        assert client.post(url, FORM | {"email": typed}).headers["Location"] == f"{url}confirm/"
    client.post(f"{url}confirm/", {"code": mailed_code()})
    assert JoinRequest.objects.get().person.email == "ann@xn--pea-schools-2db.example"


def test_the_code_is_mailed_after_the_commit(client: Client, join_url: str) -> None:
    """A mail server that answers slowly, or not at all, holds no lock on the database."""
    with TestCase.captureOnCommitCallbacks() as later:
        assert Client().post(join_url, FORM).status_code == 302
        assert not mail.outbox
    assert len(later) == 1


def test_three_wrong_codes_end_the_asking(client: Client, join_url: str) -> None:
    client.post(join_url, FORM)
    code = mailed_code()
    for _try in range(3):
        assert client.post(f"{join_url}confirm/", {"code": "WRONG"}).status_code == 422
    assert client.post(f"{join_url}confirm/", {"code": code}).headers["Location"] == join_url
    assert not JoinRequest.objects.exists()


def test_another_address_may_ask_and_the_host_answers(cast: Cast, client: Client, join_url: str) -> None:
    client.post(join_url, FORM | {"email": "ann@gmail.com"})
    code = mailed_code()
    mail.outbox.clear()
    client.post(f"{join_url}confirm/", {"code": code})
    request = JoinRequest.objects.get()
    assert not request.address_fits
    assert {message.to[0] for message in mail.outbox} == {cast.host.email}
    assert "make sure who this is" in str(mail.outbox[0].body)
    approve = f"/people/requests/{request.pk}/approve/"
    assert sign_in(Browser(), cast.buyer).post(approve).status_code == 404
    assert "I run the network." not in sign_in(Browser(), cast.buyer).get(cast.kaneland.get_absolute_url()).text
    assert "make sure who this is" in sign_in(Browser(), cast.host).get("/people/").text
    assert sign_in(Browser(), cast.host).post(approve).status_code == 302
    assert request.person.memberships.filter(district=cast.kaneland).exists()


def test_a_buyer_cannot_take_in_a_stranger_by_the_deed_either(cast: Cast) -> None:
    request = make_join_request(cast.stranger, cast.kaneland)
    JoinRequest.objects.update(address_fits=False)
    with pytest.raises(PermissionDenied):
        decide(request, approve=True, by=cast.buyer, at=timezone.now())


def test_a_district_without_a_domain_takes_requests_and_says_whom_to_ask(cast: Cast, client: Client) -> None:
    RegionalOffice.objects.filter(pk=cast.roe31.pk).update(contact="630-555-0131")
    page = client.get(f"/districts/{cast.geneva.slug}/join/").content.decode()
    assert "ROE 31: Kane (630-555-0131)" in page
    assert cast.host.email not in page
    assert client.post(f"/districts/{cast.geneva.slug}/join/", FORM).status_code == 302


def test_known_and_unknown_addresses_get_the_same_answer(cast: Cast, join_url: str) -> None:
    for email in (cast.member.email, "nobody@kaneland.example"):
        mail.outbox.clear()
        assert Browser().post(join_url, FORM | {"email": email}).headers["Location"] == f"{join_url}confirm/"
        assert len(mail.outbox) == 1


def test_one_address_gets_three_codes_in_ten_minutes(join_url: str) -> None:
    statuses = [Browser().post(join_url, FORM).status_code for _number in range(4)]
    assert statuses == [302, 302, 302, 429]
    assert len(mail.outbox) == 3


def test_somebody_signed_in_asks_with_their_own_address(cast: Cast, client: Client, join_url: str) -> None:
    make_domain(cast.kaneland, "example.org")
    sign_in(client, cast.stranger)
    assert client.post(join_url, {"message": ""}).headers["Location"] == f"{join_url}sent/"
    assert JoinRequest.objects.get().person == cast.stranger
    assert {message.to[0] for message in mail.outbox} == {cast.buyer.email, cast.host.email}


def test_members_are_told_they_are_in(cast: Cast, client: Client, join_url: str) -> None:
    page = sign_in(client, cast.member).get(join_url)
    assert page.status_code == 403
    assert f"ask {cast.host} (host of ROE 31: Kane, {cast.host.email})" in page.text


def test_asking_twice_is_one_request(cast: Cast, join_url: str) -> None:
    for _time in range(2):
        client = Browser()
        client.post(join_url, FORM)
        client.post(f"{join_url}confirm/", {"code": mailed_code()})
    assert JoinRequest.objects.count() == 1


def test_the_districts_buyer_and_its_offices_host_are_told(cast: Cast, client: Client, join_url: str) -> None:
    client.post(join_url, FORM)
    code = mailed_code()
    mail.outbox.clear()
    client.post(f"{join_url}confirm/", {"code": code})
    assert {message.to[0] for message in mail.outbox} == {cast.buyer.email, cast.host.email}
    assert "Ann Lee asks to join Kaneland CUSD 302" in mail.outbox[0].subject


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("stranger", 404),
        ("outsider", 404),
        ("member", 404),
        ("neighbor", 404),
        ("buyer", 302),
        ("host", 302),
        ("officer", 302),
    ],
)
def test_who_approves(cast: Cast, client: Client, who: str, status: int) -> None:
    request = make_join_request(cast.stranger, cast.kaneland)
    response = sign_in(client, getattr(cast, who)).post(f"/people/requests/{request.pk}/approve/")
    assert response.status_code == status
    assert User.objects.get(pk=cast.stranger.pk).standing.is_member is (status == 302)


def test_a_request_goes_to_buyers_and_hosts_and_where_none_can_read_it_to_officers(cast: Cast) -> None:
    now = timezone.now()
    assert set(deciders(cast.kaneland, at=now)) == {cast.buyer, cast.host}
    User.objects.filter(pk=cast.host.pk).update(is_active=False)
    assert deciders(cast.kaneland, at=now) == [cast.buyer]
    User.objects.filter(pk=cast.buyer.pk).update(is_active=False)
    assert deciders(cast.kaneland, at=now) == [cast.officer]


@pytest.mark.django_db(transaction=True)
def test_a_request_is_answered_once_by_two_at_the_same_moment() -> None:
    cast = make_cast()
    for _round in range(5):
        request = make_join_request(cast.stranger, cast.kaneland)
        copies = [JoinRequest.objects.get(pk=request.pk) for _person in range(2)]
        ended = at_once(
            [
                partial(decide, copies[0], approve=False, by=cast.host, at=timezone.now()),
                partial(decide, copies[1], approve=False, by=cast.buyer, at=timezone.now()),
            ]
        )
        assert sorted(type(end).__name__ for end in ended) == ["JoinRequest", "Refused"], ended
        assert ModelLogEntry.objects.filter(action="districts.decline_request", object_id=str(request.pk)).count() == 1


def test_approval_opens_the_portal_at_the_next_request(cast: Cast) -> None:
    request = make_join_request(cast.stranger, cast.kaneland)
    asker, host = sign_in(Browser(), cast.stranger), sign_in(Browser(), cast.host)
    assert cast.buyer.email not in asker.get(cast.kaneland.get_absolute_url()).content.decode()
    host.post(f"/people/requests/{request.pk}/approve/")
    assert cast.buyer.email in asker.get(cast.kaneland.get_absolute_url()).content.decode()
    mails = {message.to[0]: message.subject for message in mail.outbox}
    assert mails.pop(cast.stranger.email) == "Welcome: you are a member of Kaneland CUSD 302"
    assert set(mails) == {cast.member.email, cast.buyer.email}
    assert set(mails.values()) == {"Nobody's member is now member of Kaneland CUSD 302"}


def test_a_request_is_answered_once(cast: Cast, client: Client) -> None:
    request = make_join_request(cast.stranger, cast.kaneland)
    sign_in(client, cast.host).post(f"/people/requests/{request.pk}/decline/")
    assert not cast.stranger.memberships.exists()
    request.refresh_from_db()
    assert request.decided_at is not None
    with pytest.raises(Refused):
        decide(request, approve=True, by=cast.officer, at=request.decided_at)


def test_a_buyer_finds_the_request_on_the_district_and_among_the_needs(cast: Cast, client: Client) -> None:
    request = make_join_request(cast.stranger, cast.kaneland, "Please let me in.")
    page = sign_in(client, cast.buyer).get(cast.kaneland.get_absolute_url()).content.decode()
    assert "Please let me in." in page
    assert (
        "Please let me in."
        not in sign_in(Browser(), cast.member).get(cast.kaneland.get_absolute_url()).content.decode()
    )
    texts = [need.text for need in needs(PanelContext(User.objects.get(pk=cast.buyer.pk), request.created_at))]
    assert f"{cast.stranger} asks to join Kaneland CUSD 302." in texts


def test_a_host_does_not_approve_what_was_asked_from_their_own_browser(
    cast: Cast, client: Client, join_url: str
) -> None:
    client.post(join_url, FORM)
    client.post(f"{join_url}confirm/", {"code": mailed_code()})
    asked = JoinRequest.objects.get()
    page = sign_in(client, cast.host).post(f"/people/requests/{asked.pk}/approve/", follow=True)
    assert "look like the same person" in page.text
    assert sign_in(Browser(), cast.host).post(f"/people/requests/{asked.pk}/approve/").status_code == 302
    assert JoinRequest.objects.get().approved
