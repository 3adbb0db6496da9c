"""Nobody grants a right to themselves: judged when it is given and when it is accepted, else somebody else agrees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from portal.districts import rules
from portal.districts.deeds.agree import agree, lapse_roles, refuse, take_back
from portal.districts.deeds.grant import change_role, end, grant, restore
from portal.districts.deeds.invite import accept, invite
from portal.districts.deeds.join import decide
from portal.districts.deeds.propose import WAIT_DAYS
from portal.districts.models import Invitation, Membership, Role, User, WaitingGrant
from portal.districts.models.grants import Outcome, Why
from portal.notices.models import Notice
from portal.refusals import Refused
from tests.conftest import sign_in
from tests.districts.makers import make_domain, make_invitation, make_join_request
from tests.people import Cast, join, make_user

NOW = timezone.now()


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("email", flat=True))


def buyers_of(cast: Cast) -> set[str]:
    rows = Membership.objects.filter(district=cast.kaneland, role=Role.BUYER, until=None)
    return set(rows.values_list("person__email", flat=True))


@pytest.fixture
def second(cast: Cast) -> User:
    """A second officer."""
    officer = make_user("second@chapter.example", "Second officer")
    join(officer, Role.OFFICER)
    return officer


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


# --- officers ---------------------------------------------------------------------------------------------------------
def test_the_first_officer_makes_the_second_alone_and_a_third_waits_for_both(cast: Cast) -> None:
    two = invite("two@chapter.example", "Two", Role.OFFICER, None, by=cast.officer, at=NOW)
    assert isinstance(two, Invitation)
    second, waiting = accept(two, at=NOW)
    assert waiting is None
    third = invite("three@chapter.example", "Three", Role.OFFICER, None, by=cast.officer, at=NOW)
    assert isinstance(third, WaitingGrant)
    assert third.why == Why.OFFICER
    assert told("role-waiting") == {second.email}
    with pytest.raises(PermissionDenied):
        agree(third, by=cast.officer, at=NOW)
    for person in (cast.host, cast.buyer, cast.member):
        with pytest.raises(PermissionDenied):
            agree(third, by=person, at=NOW)
    agree(third, by=second, at=NOW)
    assert accept(Invitation.objects.waiting().get(), at=NOW)[0].standing.is_officer


def test_an_officers_invitation_from_the_time_of_one_waits_where_there_are_two_by_now(cast: Cast) -> None:
    made = [invite(f"{n}@chapter.example", n, Role.OFFICER, None, by=cast.officer, at=NOW) for n in ("two", "three")]
    outcomes = [accept(invitation, at=NOW)[1] for invitation in made if isinstance(invitation, Invitation)]
    assert [waiting and waiting.why for waiting in outcomes] == [None, Why.OFFICER]


def test_an_officer_with_a_closed_account_is_no_second_officer(cast: Cast, second: User) -> None:
    User.objects.filter(pk=second.pk).update(is_active=False)
    assert isinstance(invite("x@chapter.example", "X", Role.OFFICER, None, by=cast.officer, at=NOW), Invitation)


def test_a_second_account_of_the_proposer_agrees_to_nothing(cast: Cast, second: User) -> None:
    waiting = invite("three@chapter.example", "Three", Role.OFFICER, None, by=cast.officer, at=NOW)
    assert isinstance(waiting, WaitingGrant)
    with pytest.raises(Refused, match="look like the same person"):
        agree(waiting, by=second, at=NOW, here=[cast.officer.pk])
    User.objects.filter(pk=second.pk).update(name=cast.officer.name.upper())
    with pytest.raises(Refused, match="look like the same person"):
        agree(waiting, by=User.objects.get(pk=second.pk), at=NOW)


def test_whoever_gets_the_role_does_not_agree_to_it(cast: Cast, second: User) -> None:
    waiting = grant(second, Role.BUYER, cast.kaneland, by=cast.host, at=NOW)
    assert isinstance(waiting, WaitingGrant)
    assert told("role-waiting") == {cast.officer.email, cast.buyer.email}
    with pytest.raises(PermissionDenied):
        agree(waiting, by=second, at=NOW)


def test_the_only_other_officer_is_not_ended_by_the_one_who_would_then_be_alone(cast: Cast, second: User) -> None:
    held = second.memberships.get()
    with pytest.raises(Refused, match="only other officer"):
        end(held, by=cast.officer, at=NOW)
    third = make_user("third@chapter.example", "Third officer")
    join(third, Role.OFFICER)
    end(held, by=cast.officer, at=NOW)
    end(third.memberships.get(), by=third, at=NOW)
    with pytest.raises(Refused, match="name another one first"):
        end(cast.officer.memberships.get(), by=cast.officer, at=NOW)


def test_the_operator_needs_nobody(cast: Cast, second: User) -> None:
    assert isinstance(grant(cast.stranger, Role.OFFICER, None, by=None, at=NOW), Membership)


def test_an_administrator_is_made_by_the_operator_only(cast: Cast) -> None:
    root = sign_in(Client(), User.objects.create_superuser("root@chapter.example", "four plain words here", name="Op"))
    sent = {"email": cast.member.email, "name": cast.member.name, "is_active": "on", "is_superuser": "on"}
    assert root.post(f"/admin/users/edit/{cast.member.pk}/", sent).status_code == 302
    assert root.post("/admin/users/new/", sent | {"email": "x@y.example", "name": "X"}).status_code == 302
    assert list(User.objects.filter(is_superuser=True).values_list("email", flat=True)) == ["root@chapter.example"]


# --- while it waits ---------------------------------------------------------------------------------------------------
@pytest.fixture
def waiting(cast: Cast, second: User) -> WaitingGrant:
    made = invite("three@chapter.example", "Three", Role.OFFICER, None, by=cast.officer, at=NOW)
    assert isinstance(made, WaitingGrant)
    return made


def test_it_is_proposed_once_and_told_once(cast: Cast, waiting: WaitingGrant) -> None:
    again = invite("three@chapter.example", "Three", Role.OFFICER, None, by=cast.officer, at=NOW)
    assert again == waiting
    assert Notice.objects.filter(kind="role-waiting").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        WaitingGrant.objects.create(
            email=waiting.email, role=Role.OFFICER, why=Why.OFFICER, proposed_at=NOW, expires_at=NOW
        )


def test_the_database_keeps_what_nobody_may_write(cast: Cast, waiting: WaitingGrant) -> None:
    rows = WaitingGrant.objects.filter(pk=waiting.pk)
    wrong: list[dict[str, Any]] = [
        {"outcome": Outcome.AGREED},
        {"decided_at": NOW},
        {"outcome": Outcome.AGREED, "decided_at": NOW, "decided_by": waiting.proposed_by},
        {"district": cast.kaneland},
        {"email": "Three@chapter.example"},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)


def test_whoever_proposed_it_takes_it_back_and_nobody_else_does(
    cast: Cast, second: User, waiting: WaitingGrant
) -> None:
    with pytest.raises(PermissionDenied):
        take_back(waiting, by=second, at=NOW)
    page = sign_in(Client(), cast.officer).post(f"/people/roles/{waiting.pk}/take-back/", follow=True)
    assert "Taken back: Three does not get the role." in page.text
    assert told("role-decided") == {second.email}
    with pytest.raises(Refused, match="it was taken back"):
        agree(waiting, by=second, at=NOW)


def test_a_refused_role_is_given_to_nobody_and_whoever_proposed_it_is_told(
    cast: Cast, second: User, waiting: WaitingGrant
) -> None:
    refuse(waiting, by=second, at=NOW)
    assert told("role-decided") == {cast.officer.email}
    assert not Invitation.objects.exists()
    with pytest.raises(Refused, match="it was refused"):
        agree(waiting, by=second, at=NOW)


@pytest.mark.parametrize(("microseconds", "is_open"), [(-1, True), (0, False), (1, False)])
def test_it_lapses_at_the_last_instant_of_its_fourteen_days(
    second: User, waiting: WaitingGrant, microseconds: int, is_open: bool
) -> None:
    at = waiting.proposed_at + timedelta(days=WAIT_DAYS, microseconds=microseconds)
    if is_open:
        assert lapse_roles(at) == 0
        agree(waiting, by=second, at=at)
        return
    with pytest.raises(Refused, match="Nobody agreed in time"):
        agree(waiting, by=second, at=at)
    assert [lapse_roles(at), lapse_roles(at)] == [1, 0]
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.decided_by) == (Outcome.LAPSED, None)
    assert told("role-decided") == {"officer@chapter.example", second.email}


def test_every_step_is_in_the_log(cast: Cast, second: User, waiting: WaitingGrant) -> None:
    agree(waiting, by=second, at=NOW)
    rows = ModelLogEntry.objects.filter(object_id=str(waiting.pk), action__contains="role").order_by("pk")
    assert [(row.action, row.user) for row in rows] == [
        ("districts.propose_role", cast.officer),
        ("districts.agree_to_role", second),
    ]


# --- told -------------------------------------------------------------------------------------------------------------
def test_the_district_hears_at_once_of_every_role_given_changed_and_ended(cast: Cast) -> None:
    everybody = {cast.member.email, cast.buyer.email, cast.stranger.email}
    made = grant(cast.stranger, Role.BUYER, cast.kaneland, by=cast.officer, at=NOW)
    assert isinstance(made, Membership)
    assert told("role-changed") == everybody
    changed = change_role(made, Role.MEMBER, by=cast.host, at=NOW)
    assert isinstance(changed, Membership)
    end(changed, by=cast.host, at=NOW)
    subjects = Notice.objects.filter(kind="role-changed", email=cast.member.email).order_by("pk")
    assert [notice.subject for notice in subjects] == [
        "Nobody's member is now buyer of Kaneland CUSD 302",
        "Nobody's member is now member of Kaneland CUSD 302",
        "Nobody's member is no longer member of Kaneland CUSD 302",
    ]
    assert "Until now: buyer." in subjects[1].body
    assert "Done by Technology host, ROE 31 (host@roe31.example)." in subjects[2].body
    assert Notice.objects.filter(kind="role-changed", email=cast.stranger.email).count() == 3


def test_a_hosts_role_is_told_to_the_offices_hosts_and_the_officers(cast: Cast) -> None:
    grant(cast.stranger, Role.HOST, cast.roe31, by=cast.officer, at=NOW)
    assert told("role-changed") == {cast.host.email, cast.officer.email, cast.stranger.email}


def test_an_officers_role_is_told_to_the_officers(cast: Cast) -> None:
    grant(cast.stranger, Role.OFFICER, None, by=cast.officer, at=NOW)
    assert told("role-changed") == {cast.officer.email, cast.stranger.email}


# --- shown ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("visitor", False),
        ("stranger", False),
        ("outsider", False),
        ("neighbor", False),
        ("member", True),
        ("buyer", True),
        ("host", True),
        ("officer", True),
    ],
)
def test_the_districts_page_shows_its_members_who_speaks_for_it_and_since_when(
    cast: Cast, who: str, sees: bool
) -> None:
    waiting = invite("ann@gmail.example", "Ann Lee", Role.BUYER, cast.kaneland, by=cast.host, at=NOW)
    assert isinstance(waiting, WaitingGrant)
    agree(waiting, by=cast.buyer, at=NOW)
    accept(Invitation.objects.get(), at=NOW)
    page = sign_in(Client(), getattr(cast, who)).get(cast.kaneland.get_absolute_url()).text
    assert ("Who speaks for us, and since when" in page) is sees
    assert ("Ann Lee became buyer" in page) is sees
    assert ("Tech director, Kaneland CUSD 302 agreed" in page) is sees


def test_every_change_is_found_page_by_page(cast: Cast) -> None:
    for number in range(12):
        made = grant(make_user(f"p{number}@x.example", f"P{number}"), Role.MEMBER, cast.kaneland, by=cast.host, at=NOW)
        assert isinstance(made, Membership)
        end(made, by=cast.officer, at=NOW)
    client, url, seen = sign_in(Client(), cast.member), cast.kaneland.get_absolute_url(), []
    while url:
        rights = client.get(url).context["rights"]
        seen += [change.sentence for change in rights.changes]
        url = f"{cast.kaneland.get_absolute_url()}?rights={rights.page.next}" if rights.page.next else ""
    assert len(seen) == 24
    assert seen[:2] == ["P11 is no longer member", "P11 became member"]
