from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from wagtail.models import ModelLogEntry

from portal.districts import rules
from portal.districts.deeds.grant import end, grant
from portal.districts.models import Invitation, Membership, Role, User
from portal.districts.screens import people
from portal.form_keys import new_key
from portal.refusals import Refused
from tests.conftest import sign_in
from tests.districts.makers import make_domain, make_invitation, make_join_request
from tests.people import Cast, join, make_user


@pytest.mark.parametrize(
    ("who", "status"),
    [("visitor", 302), ("stranger", 404), ("member", 403), ("buyer", 403), ("host", 200), ("officer", 200)],
)
def test_hosts_and_officers_have_the_screen(cast: Cast, client: Client, who: str, status: int) -> None:
    for path in ("/people/", "/people/invite/", "/people/invite-county/"):
        assert sign_in(client, getattr(cast, who)).get(path).status_code == status


def test_a_host_sees_their_districts_and_an_officer_everybody(cast: Cast, client: Client) -> None:
    make_join_request(cast.stranger, cast.sycamore, "From Sycamore")
    mine = sign_in(client, cast.host).get("/people/").content.decode()
    assert cast.buyer.email in mine
    assert cast.outsider.email not in mine
    assert cast.officer.email not in mine
    assert "From Sycamore" not in mine
    everybody = sign_in(Client(), cast.officer).get("/people/").content.decode()
    assert cast.outsider.email in everybody
    assert "From Sycamore" in everybody


def test_people_are_found_by_name_address_or_district(cast: Cast, client: Client) -> None:
    page = sign_in(client, cast.officer).get("/people/?q=director geneva").content.decode()
    assert cast.neighbor.email in page
    assert cast.buyer.email not in page


def test_the_screen_costs_the_same_for_many(
    cast: Cast, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        join(make_user(f"p{number}@kaneland.example", f"Person {number}"), Role.MEMBER, district=cast.kaneland)
        make_invitation(f"i{number}@kaneland.example", cast.kaneland)
    sign_in(client, cast.host)
    client.get("/people/")
    with django_assert_max_num_queries(7):
        client.get("/people/")


def test_ending_takes_the_right_at_the_next_request_and_offers_undo(cast: Cast) -> None:
    buyer, host = sign_in(Client(), cast.buyer), sign_in(Client(), cast.host)
    page = cast.geneva.get_absolute_url()
    assert cast.neighbor.email in buyer.get(page).content.decode()
    for membership in cast.buyer.memberships.all():
        response = host.post(f"/people/memberships/{membership.pk}/end/", follow=True)
    assert f"/people/memberships/{membership.pk}/restore/" in response.content.decode()
    assert cast.neighbor.email not in buyer.get(page).content.decode()
    host.post(f"/people/memberships/{membership.pk}/restore/")
    assert cast.neighbor.email in buyer.get(page).content.decode()


def test_a_role_is_changed_in_place(cast: Cast, client: Client) -> None:
    make_domain(cast.kaneland, "kaneland.example")
    membership = cast.member.memberships.get()
    sign_in(client, cast.host).post(f"/people/memberships/{membership.pk}/role/", {"role": "buyer"})
    assert User.objects.get(pk=cast.member.pk).standing.buyer_district_ids == {cast.kaneland.pk}
    assert cast.member.memberships.filter(until=None).count() == 1


def test_a_role_that_was_ended_does_not_come_back_through_a_page_left_open(cast: Cast, client: Client) -> None:
    membership = cast.member.memberships.get()
    end(membership, by=cast.officer, at=timezone.now())
    page = sign_in(client, cast.host).post(f"/people/memberships/{membership.pk}/role/", {"role": "buyer"}, follow=True)
    assert "Somebody has already ended this membership." in page.text
    assert not cast.member.memberships.filter(until=None).exists()


@pytest.mark.parametrize("role", ["host", "officer", "superuser", ""])
def test_the_role_form_knows_the_districts_roles_only(cast: Cast, client: Client, role: str) -> None:
    membership = cast.member.memberships.get()
    response = sign_in(client, cast.officer).post(f"/people/memberships/{membership.pk}/role/", {"role": role})
    assert response.status_code == 403


@pytest.mark.parametrize("deed", ["end", "restore", "role"])
def test_a_host_does_not_reach_another_offices_people(cast: Cast, client: Client, deed: str) -> None:
    membership = cast.outsider.memberships.get()
    sent = {"role": "buyer"}
    assert sign_in(client, cast.host).post(f"/people/memberships/{membership.pk}/{deed}/", sent).status_code == 404
    assert cast.outsider.memberships.get(until=None).role == Role.MEMBER


def test_the_last_officer_stays(cast: Cast, client: Client) -> None:
    membership = cast.officer.memberships.get()
    page = sign_in(client, cast.officer).post(f"/people/memberships/{membership.pk}/end/", follow=True)
    assert "name another one first" in page.content.decode()
    assert cast.officer.memberships.filter(until=None).exists()


def test_an_officer_whose_account_is_closed_is_not_the_one_who_stays(cast: Cast) -> None:
    join(cast.neighbor, Role.OFFICER)
    User.objects.filter(pk=cast.neighbor.pk).update(is_active=False)
    membership = cast.officer.memberships.get()
    with pytest.raises(Refused, match="name another one first"):
        end(membership, by=cast.officer, at=timezone.now())
    User.objects.filter(pk=cast.neighbor.pk).update(is_active=True)
    end(membership, by=cast.officer, at=timezone.now())


def test_every_change_of_rights_is_in_the_log(cast: Cast) -> None:
    membership = grant(cast.stranger, Role.BUYER, cast.kaneland, by=cast.officer, at=timezone.now())
    assert isinstance(membership, Membership)
    end(membership, by=cast.host, at=timezone.now())
    rows = ModelLogEntry.objects.filter(action__startswith="districts.", object_id=str(membership.pk)).order_by("pk")
    assert [(row.action, row.user) for row in rows] == [
        ("districts.grant_membership", cast.officer),
        ("districts.end_membership", cast.host),
    ]
    assert rows[0].data == {"role": "buyer", "place": "Kaneland CUSD 302", "person": cast.stranger.pk}


def test_granting_twice_is_one_membership(cast: Cast) -> None:
    first = grant(cast.stranger, Role.MEMBER, cast.kaneland, by=cast.host, at=timezone.now())
    assert grant(cast.stranger, Role.MEMBER, cast.kaneland, by=cast.host, at=timezone.now()) == first


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"role": "officer"}, "Choose one of the answers listed"),
        ({"role": "host"}, "Choose one of the answers listed"),
        ({"role": "member"}, "Choose the district"),
    ],
)
def test_a_host_invites_members_and_buyers_only(cast: Cast, client: Client, sent: dict[str, str], reason: str) -> None:
    response = sign_in(client, cast.host).post("/people/invite/", {"email": "ann@roe31.example"} | sent)
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert not Invitation.objects.exists()


def test_a_host_does_not_invite_to_another_offices_district(cast: Cast, client: Client) -> None:
    sent = {"email": "ann@sycamore.example", "role": "member", "district": cast.sycamore.pk}
    assert sign_in(client, cast.host).post("/people/invite/", sent).status_code == 422


def test_an_officer_names_a_host(cast: Cast, client: Client) -> None:
    sent = {"email": "new@roe16.example", "role": "host", "regional_office": cast.roe16.pk, "district": ""}
    assert sign_in(client, cast.officer).post("/people/invite/", sent).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.regional_office) == (Role.HOST, cast.roe16)


def test_a_pasted_county_tells_each_lines_fate(cast: Cast, client: Client) -> None:
    make_domain(cast.geneva, "geneva.example")
    make_domain(cast.sycamore, "sycamore.example")
    lines = """Ann Lee <ann@geneva.example>

bob@geneva.example,
director@geneva.example
not an address
cy@gmail.com
dee@sycamore.example
ANN@geneva.example"""
    shown = sign_in(client, cast.host).post("/people/invite-county/", {"lines": lines})
    assert [(fate.number, fate.verb) for fate in shown.context["people"]] == [
        (1, "ready"),
        (3, "ready"),
        (6, "unplaced"),
    ]
    assert [(fate.number, fate.verb) for fate in shown.context["others"]] == [
        (4, "known"),
        (5, "ignored"),
        (7, "refused"),
        (8, "ignored"),
    ]
    assert not Invitation.objects.exists(), "nothing is sent before it was looked at"
    sent = understood(shown) | {"form_key": str(uuid.uuid4())}
    client.post("/people/invite-county/", sent)
    report = client.post("/people/invite-county/", sent, follow=True)  # sent twice, it leads to the same report
    assert [fate.verb for fate in report.context["others"]] == ["invited", "invited"]
    assert set(Invitation.objects.values_list("email", "name")) == {
        ("ann@geneva.example", "Ann Lee"),
        ("bob@geneva.example", ""),
    }
    client.post("/people/invite-county/", understood(report) | {"district-0": "batavia"})
    assert Invitation.objects.get(email="cy@gmail.com").district == cast.batavia


def understood(page: Any) -> dict[str, Any]:
    """What the page's form holds, as a browser sends it."""
    people = page.context["people"]
    places = {f"place-{n}": fate.district.pk for n, fate in enumerate(people) if fate.verb == "ready"}
    return {"address": [fate.address for fate in people], "name": [fate.name for fate in people]} | places


@pytest.mark.parametrize("said", ["place-0", "district-0"])
def test_a_pasted_line_cannot_choose_a_district_out_of_reach(cast: Cast, client: Client, said: str) -> None:
    place = cast.sycamore.pk if said == "place-0" else cast.sycamore.name
    again = {"address": ["cy@gmail.com"], "name": [""], said: place}
    sign_in(client, cast.host).post("/people/invite-county/", again)
    assert not Invitation.objects.exists()


def test_a_domain_of_two_districts_places_nobody_by_itself(cast: Cast, client: Client) -> None:
    make_domain(cast.geneva, "shared.example")
    make_domain(cast.batavia, "shared.example")
    page = sign_in(client, cast.host).post("/people/invite-county/", {"lines": "ann@shared.example"})
    (fate,) = page.context["people"]
    assert (fate.verb, fate.district) == ("unplaced", None)
    assert "Batavia USD 101" in fate.detail
    assert "Geneva CUSD 304" in fate.detail


@pytest.mark.parametrize(
    ("typed", "name"),
    [("304", "Geneva CUSD 304"), ("GENEVA", "Geneva CUSD 304"), ("", ""), ("usd", ""), ("nowhere", "")],
)
def test_a_district_is_typed_and_an_unclear_one_is_none(cast: Cast, client: Client, typed: str, name: str) -> None:
    sent = {"address": ["cy@gmail.com"], "name": ["Cy"], "district-0": typed}
    sign_in(client, cast.host).post("/people/invite-county/", sent)
    assert [str(row.district) for row in Invitation.objects.all()] == [name] * bool(name)


@pytest.mark.parametrize(("people", "status"), [(300, 200), (301, 422)])
def test_three_hundred_addresses_are_pasted_at_once(cast: Cast, client: Client, people: int, status: int) -> None:
    lines = ";".join(f"p{number}@geneva.example" for number in range(people))
    response = sign_in(client, cast.host).post("/people/invite-county/", {"lines": lines})
    assert response.status_code == status


def test_every_invitation_is_within_reach_however_many_wait(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "INVITATIONS_A_PAGE", 2)
    made = [make_invitation(f"person{n}@kaneland.example", cast.kaneland)[0] for n in range(5)]
    url, seen = "/people/", []
    while url:
        context = sign_in(client, cast.host).get(url).context
        seen += [row.pk for row, _closed in context["invitations"]]
        url = f"/people/?invited={context['invited'].next}" if context["invited"].next else ""
    assert seen == [invitation.pk for invitation in reversed(made)]


def test_an_invitation_is_sent_again_and_withdrawn(cast: Cast, client: Client) -> None:
    old, _path = make_invitation("ann@kaneland.example", cast.kaneland)
    sign_in(client, cast.host).post(f"/people/invitations/{old.pk}/again/")
    new = Invitation.objects.waiting().get()
    assert new.pk != old.pk
    client.post(f"/people/invitations/{new.pk}/withdraw/")
    assert not Invitation.objects.waiting().exists()


@settings(max_examples=200)
@given(
    held=st.lists(st.tuples(st.sampled_from(list(Role)), st.integers(0, 1)), max_size=3),
    role=st.sampled_from(list(Role)),
    where=st.integers(0, 1),
    active=st.booleans(),
)
def test_nobody_grants_above_their_own_right(
    cast: Cast, held: list[tuple[Role, int]], role: Role, where: int, active: bool
) -> None:
    """Officer > host of the office > the district's own people, who grant nothing."""
    districts, offices = (cast.kaneland, cast.sycamore), (cast.roe31, cast.roe16)
    person = make_user(f"{User.objects.count()}-{Membership.objects.count()}@lattice.example", "Somebody")
    for one, place in set(held):
        if one == Role.OFFICER:
            person.memberships.filter(role=one).exists() or join(person, one)
        elif one == Role.HOST:
            join(person, one, office=offices[place])
        else:
            join(person, one, district=districts[place])
    if not active:
        User.objects.filter(pk=person.pk).update(is_active=False)
    person = User.objects.get(pk=person.pk)
    target = None if role == Role.OFFICER else offices[where] if role == Role.HOST else districts[where]
    may = rules.may_grant(person, role, target)
    ranks = {Role.MEMBER: 0, Role.BUYER: 0, Role.HOST: 1, Role.OFFICER: 2}
    own = max((ranks[one] for one, _place in held), default=-1) if active else -1
    assert not may or own > ranks[role] or own == 2
    hosts_it = (Role.HOST, where) in held
    assert may == (active and (own == 2 or (hosts_it and role in rules.DISTRICT_ROLES)))
    User.objects.filter(pk=person.pk).delete()


def test_only_superusers_may_change_users(cast: Cast) -> None:
    for person in (cast.member, cast.buyer, cast.host, cast.officer):
        fresh = User.objects.get(pk=person.pk)
        for verb in ("add", "change", "delete"):
            assert not fresh.has_perm(f"districts.{verb}_user")
            assert not fresh.has_perm(f"auth.{verb}_group")
        assert not fresh.has_perm("districts.change_membership")


def test_yesterday_is_the_last_day_of_an_ended_role(cast: Cast) -> None:
    membership = grant(cast.stranger, Role.MEMBER, cast.kaneland, by=cast.host, at=timezone.now())
    assert isinstance(membership, Membership)
    end(membership, by=cast.host, at=timezone.now())
    membership.refresh_from_db()
    assert membership.until == timezone.localdate() - timedelta(days=1)


@pytest.mark.parametrize("deed", ["end", "restore", "role"])
def test_a_press_that_is_not_taken_leads_back_to_the_people_and_says_why(cast: Cast, client: Client, deed: str) -> None:
    membership = cast.member.memberships.get()
    sent = {"role": "buyer", "form_key": str(new_key(cast.host.pk)), "note": "x" * 300_000}
    page = sign_in(client, cast.host).post(f"/people/memberships/{membership.pk}/{deed}/", sent, follow=True)
    assert page.redirect_chain == [("/people/", 302)]
    assert "Look it over, then send it" in page.text
