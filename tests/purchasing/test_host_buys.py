"""A host of the lead agency is nobody's buyer in that office's agreements, unless an officer recorded why."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from portal.districts.deeds.grant import let_host_buy
from portal.districts.models import Membership, Role, User
from portal.notices.models import Notice
from portal.refusals import Refused
from purchasing.deeds.commit import commit, withdraw
from purchasing.deeds.evidence import Approval
from purchasing.models import Agreement, Authority
from tests.conftest import sign_in
from tests.people import Cast, join
from tests.purchasing.makers import by_board, line_of, make_agreement

REASON = "Kaneland's only technology employee hosts the office until June."
DELEGATED = Approval(Authority.DELEGATED, evidence="Policy 4:60")


@pytest.fixture
def held(cast: Cast) -> Membership:
    """The host is Kaneland's buyer, too."""
    return join(cast.host, Role.BUYER, district=cast.kaneland)


def host(cast: Cast) -> User:
    """As the next request reads them."""
    return User.objects.get(pk=cast.host.pk)


def commits(agreement: Agreement, cast: Cast, approval: Approval) -> None:
    commit(agreement, cast.kaneland, {line_of(agreement).pk: 999}, by=host(cast), at=timezone.now(), approval=approval)


@pytest.mark.parametrize("approval", [by_board(), DELEGATED], ids=["board", "delegated"])
def test_a_host_commits_nobody_in_an_agreement_of_their_office(
    cast: Cast, held: Membership, approval: Approval
) -> None:
    agreement = make_agreement(cast)
    with pytest.raises(PermissionDenied, match="You host this agreement's lead agency"):
        commits(agreement, cast, approval)
    with pytest.raises(PermissionDenied):
        withdraw(agreement, cast.kaneland, by=host(cast), at=timezone.now())
    assert line_of(agreement).committed == 0
    let_host_buy(held, REASON, by=cast.officer, at=timezone.now())
    commits(agreement, cast, approval)
    assert line_of(agreement).committed == 999
    let_host_buy(held, "", by=cast.officer, at=timezone.now())
    with pytest.raises(PermissionDenied):
        withdraw(agreement, cast.kaneland, by=host(cast), at=timezone.now())


def test_in_what_another_office_leads_they_are_a_buyer_like_any(cast: Cast, held: Membership) -> None:
    other = User.objects.create_user("host@roe16.example", name="Host of ROE 16")
    join(other, Role.HOST, office=cast.roe16)
    agreement = make_agreement(cast, host=other, office=cast.roe16)
    commits(agreement, cast, by_board())
    assert line_of(agreement).committed == 999


def test_the_page_says_why_and_offers_no_commitment(cast: Cast, held: Membership) -> None:
    agreement = make_agreement(cast)
    client = sign_in(Client(), cast.host)
    asked = {f"quantity-{line_of(agreement).pk}": "240"}
    page = client.get(agreement.get_absolute_url(), asked).text
    assert "You host the lead agency, so you commit no district here." in page
    assert "Go on to commit" not in page
    assert client.get(f"{agreement.get_absolute_url()}commit/").status_code == 403


def test_an_officer_records_why_and_the_district_reads_it(cast: Cast, held: Membership) -> None:
    officer, url = sign_in(Client(), cast.officer), f"/people/memberships/{held.pk}/allow/"
    assert url in officer.get("/people/").text
    assert sign_in(Client(), cast.host).get(url).status_code == 403
    assert officer.post(url, {"reason": REASON}).status_code == 302
    page = sign_in(Client(), cast.member).get(cast.kaneland.get_absolute_url()).text
    assert page.count("only technology employee hosts the office until June.") == 2
    notices = Notice.objects.filter(kind="role-changed")
    assert {notice.email for notice in notices} == {cast.member.email, cast.buyer.email, cast.host.email}
    assert all(REASON in notice.body for notice in notices)
    row = ModelLogEntry.objects.get(action="districts.let_host_buy")
    assert (row.user, row.data["reason"]) == (cast.officer, REASON)


def test_nobody_records_it_for_themselves_or_for_a_role_that_ended(cast: Cast, held: Membership) -> None:
    for person, here in ((cast.host, []), (cast.buyer, []), (cast.officer, [cast.host.pk])):
        with pytest.raises(PermissionDenied):
            let_host_buy(held, REASON, by=person, at=timezone.now(), here=here)
    Membership.objects.filter(pk=held.pk).update(until=timezone.localdate())
    with pytest.raises(Refused, match="already ended"):
        let_host_buy(held, REASON, by=cast.officer, at=timezone.now())
