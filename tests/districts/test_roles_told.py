"""Who holds a role is told to those it concerns and shown on the district's page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from portal.districts.deeds.agree import agree
from portal.districts.deeds.grant import change_role, end, grant
from portal.districts.deeds.invite import accept, invite
from portal.districts.models import Invitation, Membership, Role, WaitingGrant
from portal.notices.models import Notice
from tests.conftest import sign_in
from tests.districts.makers import told
from tests.people import Cast, make_user

NOW = timezone.now()


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
