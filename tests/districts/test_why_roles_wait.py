"""Nobody grants a right to themselves: judged when it is given and when it is accepted, else somebody else agrees."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from portal.districts import rules
from portal.districts.deeds.agree import agree
from portal.districts.deeds.grant import change_role, end, grant, restore
from portal.districts.deeds.invite import accept, invite
from portal.districts.deeds.join import decide
from portal.districts.models import Invitation, Membership, Role, User, WaitingGrant
from portal.districts.models.grants import Why
from portal.refusals import Refused
from tests.conftest import sign_in
from tests.districts.makers import make_domain, make_invitation, make_join_request, told
from tests.people import Cast, join, make_user

NOW = timezone.now()


def buyers_of(cast: Cast) -> set[str]:
    rows = Membership.objects.filter(district=cast.kaneland, role=Role.BUYER, until=None)
    return set(rows.values_list("person__email", flat=True))


@pytest.fixture
def domain(cast: Cast) -> None:
    make_domain(cast.kaneland, "kaneland.example")


# --- who is one person ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("host@roe31.example", "Somebody else"),
        ("HOST+kaneland@roe31.example", "Somebody else"),
        ("new@kaneland.example", "  technology\u200b HOST,  roe 31 "),
        ("second-mailbox@kaneland.example", "Somebody else"),
    ],
)
def test_a_host_who_invites_themselves_waits_for_an_officer(cast: Cast, domain: None, email: str, name: str) -> None:
    EmailAddress.objects.create(user=cast.host, email="second-mailbox@kaneland.example", verified=True)
    waiting = invite(email, name, Role.BUYER, cast.kaneland, by=cast.host, at=NOW)
    assert isinstance(waiting, WaitingGrant)
    assert waiting.why == Why.ONESELF
    assert not Invitation.objects.exists()
    assert told("role-waiting") == {cast.officer.email}


def test_an_address_that_was_never_confirmed_makes_nobody_the_same_person(cast: Cast, domain: None) -> None:
    EmailAddress.objects.create(user=cast.host, email="ann@kaneland.example", verified=False)
    assert isinstance(
        invite("ann@kaneland.example", "Ann", Role.BUYER, cast.kaneland, by=cast.host, at=NOW), Invitation
    )


def test_accounts_without_a_name_are_not_one_person_for_that(cast: Cast) -> None:
    assert not rules.are_one_person(make_user("a@one.example", ""), make_user("b@two.example", ""))


def test_the_browser_that_was_the_hosts_accepts_nothing_the_host_gave(cast: Cast, domain: None) -> None:
    """Signing out, and in as somebody else, empties the session; the browser still knows."""
    browser = sign_in(Client(), cast.host)
    sent = {"email": "ann@kaneland.example", "name": "Ann Lee", "role": "buyer", "district": cast.kaneland.pk}
    assert browser.post("/people/invite/", sent).status_code == 302
    browser.post("/accounts/logout/")
    _invitation, path = make_invitation("ann@kaneland.example", cast.kaneland, role=Role.BUYER, by=cast.host)
    page = browser.post(path, follow=True)
    assert "look like the same person" in page.text
    assert buyers_of(cast) == {cast.buyer.email}
    waiting = WaitingGrant.objects.get()
    assert (waiting.why, waiting.person) == (Why.ONESELF, User.objects.get(email="ann@kaneland.example"))
    assert sign_in(Client(), cast.officer).get("/people/").text.count("Waiting for somebody else") == 1


def test_another_browser_accepts_it_at_once(cast: Cast, domain: None) -> None:
    _invitation, path = make_invitation("ann@kaneland.example", cast.kaneland, role=Role.BUYER, by=cast.host)
    browser = sign_in(Client(), cast.neighbor)
    browser.post("/notices/switch/", {"kind": "weekly-summary", "on": "0"})
    browser.post("/accounts/logout/")
    assert browser.post(path).status_code == 302
    assert buyers_of(cast) == {cast.buyer.email, "ann@kaneland.example"}


def test_a_cookie_that_was_tampered_with_says_nobody_was_here(cast: Cast, domain: None) -> None:
    _invitation, path = make_invitation("ann@kaneland.example", cast.kaneland, by=cast.host)
    browser = Client()
    browser.cookies["here"] = f"{cast.host.pk}:forged"
    assert browser.post(path).status_code == 302
    assert not WaitingGrant.objects.exists()


def test_a_host_does_not_approve_the_request_of_their_own_other_account(cast: Cast) -> None:
    asked = make_join_request(make_user("host+x@roe31.example", "Ann Lee"), cast.kaneland)
    with pytest.raises(Refused, match="look like the same person"):
        decide(asked, approve=True, by=cast.host, at=NOW)
    decide(asked, approve=True, by=cast.buyer, at=NOW)


def test_nor_of_an_account_that_was_signed_in_in_the_same_browser(cast: Cast) -> None:
    asked = make_join_request(cast.stranger, cast.kaneland)
    browser = sign_in(Client(), cast.stranger)
    browser.post("/notices/switch/", {"kind": "weekly-summary", "on": "0"})
    page = sign_in(browser, cast.host).post(f"/people/requests/{asked.pk}/approve/", follow=True)
    assert "look like the same person" in page.text
    assert not cast.stranger.memberships.exists()
    browser.post(f"/people/requests/{asked.pk}/decline/")
    asked.refresh_from_db()
    assert asked.approved is False


def test_every_way_to_a_role_is_judged(cast: Cast, domain: None) -> None:
    """Granted, restored, changed, pasted: an officer's own other account, and a host's own."""
    other = make_user("officer+kaneland@chapter.example", "Ann Lee")
    assert isinstance(grant(other, Role.BUYER, cast.kaneland, by=cast.officer, at=NOW), WaitingGrant)
    mine = join(cast.host, Role.MEMBER, district=cast.kaneland)
    assert isinstance(change_role(mine, Role.BUYER, by=cast.host, at=NOW), WaitingGrant)
    assert mine == cast.host.memberships.get(district=cast.kaneland)
    end(mine, by=cast.host, at=NOW)
    assert isinstance(restore(mine, by=cast.host, at=NOW), WaitingGrant)
    assert not cast.host.memberships.filter(district=cast.kaneland, until=None).exists()
    page = sign_in(Client(), cast.host)
    again = {"address": [cast.host.email, "bob@kaneland.example"], "name": ["", ""]}
    again |= {f"place-{number}": [str(cast.geneva.pk)] for number in range(2)}
    fates = page.post("/people/invite-county/", again, follow=True).context["others"]
    assert [fate.verb for fate in fates] == ["waiting", "invited"]


# --- the district's mail domains --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("email", "waits"),
    [
        ("ann@kaneland.example", False),
        ("ann@KANELAND.example", False),
        ("ann@gmail.example", True),
        ("ann@mail.kaneland.example", True),
        ("ann@geneva.example", True),
    ],
)
def test_a_buyers_address_lies_in_the_districts_mail_domains(cast: Cast, domain: None, email: str, waits: bool) -> None:
    make_domain(cast.geneva, "geneva.example")
    made = invite(email, "Ann Lee", Role.BUYER, cast.kaneland, by=cast.host, at=NOW)
    assert isinstance(made, WaitingGrant) is waits
    if isinstance(made, WaitingGrant):
        assert made.why == Why.DOMAIN
        assert told("role-waiting") == {cast.officer.email, cast.buyer.email}


def test_a_domain_of_two_districts_vouches_for_a_buyer_of_neither(cast: Cast, domain: None) -> None:
    make_domain(cast.geneva, "kaneland.example")
    made = invite("ann@kaneland.example", "Ann Lee", Role.BUYER, cast.kaneland, by=cast.host, at=NOW)
    assert isinstance(made, WaitingGrant)
    assert made.why == Why.DOMAIN


def test_an_officer_vouches_for_an_address_from_outside_and_a_member_needs_none(cast: Cast) -> None:
    assert isinstance(invite("a@b.example", "", Role.BUYER, cast.kaneland, by=cast.officer, at=NOW), Invitation)
    assert isinstance(invite("c@d.example", "", Role.MEMBER, cast.kaneland, by=cast.host, at=NOW), Invitation)


def test_the_districts_present_buyer_agrees_and_the_invitation_goes_out(cast: Cast) -> None:
    waiting = invite("ann@gmail.example", "Ann Lee", Role.BUYER, cast.kaneland, by=cast.host, at=NOW)
    assert "Ann Lee waits to be buyer of Kaneland CUSD 302." in sign_in(Client(), cast.officer).get("/").text
    browser = sign_in(Client(), cast.buyer)
    assert f"/people/roles/{waiting.pk}/agree/" in browser.get(cast.kaneland.get_absolute_url()).text
    assert sign_in(Client(), cast.member).post(f"/people/roles/{waiting.pk}/agree/").status_code == 404
    assert sign_in(Client(), cast.neighbor).post(f"/people/roles/{waiting.pk}/agree/").status_code == 404
    assert browser.post(f"/people/roles/{waiting.pk}/agree/").status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.invited_by, invitation.agreed) == ("ann@gmail.example", cast.host, waiting)
    person, still = accept(invitation, at=NOW)
    assert still is None
    assert person.standing.buyer_district_ids == {cast.kaneland.pk}


def test_what_was_agreed_to_for_an_address_does_not_cover_the_hosts_own_browser(cast: Cast) -> None:
    waiting = invite("ann@gmail.example", "Ann Lee", Role.BUYER, cast.kaneland, by=cast.host, at=NOW)
    assert isinstance(waiting, WaitingGrant)
    agree(waiting, by=cast.officer, at=NOW)
    person, still = accept(Invitation.objects.get(), at=NOW, here=[cast.host.pk])
    assert still is not None
    assert still.why == Why.ONESELF
    assert not User.objects.get(pk=person.pk).standing.is_member
    agree(still, by=cast.officer, at=NOW)
    assert User.objects.get(pk=person.pk).standing.buyer_district_ids == {cast.kaneland.pk}


def test_an_agreed_invitation_is_sent_again_without_asking_again(cast: Cast) -> None:
    waiting = invite("ann@gmail.example", "Ann Lee", Role.BUYER, cast.kaneland, by=cast.host, at=NOW)
    assert isinstance(waiting, WaitingGrant)
    agree(waiting, by=cast.officer, at=NOW)
    sign_in(Client(), cast.host).post(f"/people/invitations/{Invitation.objects.get().pk}/again/")
    assert Invitation.objects.waiting().get().agreed == waiting
    assert WaitingGrant.objects.count() == 1


def test_what_was_agreed_to_for_one_host_covers_no_other_who_looks_like_the_invited(cast: Cast, domain: None) -> None:
    other = make_user("ann+host@kaneland.example", "Second host")
    join(other, Role.HOST, office=cast.roe31)
    said = ("ann@kaneland.example", cast.host.name, Role.BUYER, cast.kaneland)
    waiting = invite(*said, by=cast.host, at=NOW)
    assert isinstance(waiting, WaitingGrant)
    assert waiting.why == Why.ONESELF
    agree(waiting, by=cast.officer, at=NOW)
    assert isinstance(invite(*said, by=cast.host, at=NOW, agreed=waiting), Invitation)
    assert isinstance(invite(*said, by=other, at=NOW, agreed=waiting), WaitingGrant)


def test_a_member_from_outside_stays_a_member_while_somebody_decides_whether_they_buy(cast: Cast) -> None:
    mine = join(cast.stranger, Role.MEMBER, district=cast.kaneland)
    waiting = change_role(mine, Role.BUYER, by=cast.host, at=NOW)
    assert isinstance(waiting, WaitingGrant)
    assert [held.role for held in cast.stranger.memberships.filter(until=None)] == [Role.MEMBER]
    agree(waiting, by=cast.buyer, at=NOW)
    assert cast.stranger.email in buyers_of(cast)


def test_a_buyer_agrees_to_nothing_that_a_host_proposed_who_is_none_any_more(cast: Cast) -> None:
    waiting = invite("ann@gmail.example", "Ann Lee", Role.BUYER, cast.kaneland, by=cast.host, at=NOW)
    assert isinstance(waiting, WaitingGrant)
    end(cast.host.memberships.get(), by=cast.officer, at=NOW)
    with pytest.raises(Refused, match="A chapter officer decides it now"):
        agree(waiting, by=cast.buyer, at=NOW)
    agree(waiting, by=cast.officer, at=NOW)
