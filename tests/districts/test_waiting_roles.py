"""A role that waits: who agrees to it, until when, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from portal.districts.deeds.agree import agree, lapse_roles, refuse, take_back
from portal.districts.deeds.grant import end, grant
from portal.districts.deeds.invite import accept, invite
from portal.districts.deeds.propose import WAIT_DAYS
from portal.districts.models import Invitation, Membership, Role, User, WaitingGrant
from portal.districts.models.grants import Outcome, Why
from portal.notices.models import Notice
from portal.refusals import Refused
from tests.conftest import sign_in
from tests.districts.makers import told
from tests.people import Cast, join, make_user

NOW = timezone.now()


@pytest.fixture
def second(cast: Cast) -> User:
    """A second officer."""
    officer = make_user("second@chapter.example", "Second officer")
    join(officer, Role.OFFICER)
    return officer


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
