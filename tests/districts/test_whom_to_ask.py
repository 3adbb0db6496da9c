"""Wherever somebody is told to ask somebody, they are told whom; and visitors read no names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.districts.models import Chapter, Membership, RegionalOffice, Role, User
from portal.districts.screens.whom_to_ask import host_to_ask, officer_to_ask
from tests.conftest import sign_in
from tests.districts.makers import make_invitation
from tests.people import Cast, join

HOST = "Technology host, ROE 31 (host of ROE 31: Kane, host@roe31.example)"
OFFICER = "Chapter officer (chapter officer, officer@chapter.example)"


def test_a_member_reads_the_hosts_name_and_an_officers_where_there_is_no_host(cast: Cast) -> None:
    now = timezone.now()
    assert host_to_ask(cast.member, cast.roe31, at=now) == HOST
    assert host_to_ask(cast.member, cast.roe16, at=now) == OFFICER
    assert host_to_ask(cast.member, None, at=now) == officer_to_ask(cast.member, at=now) == OFFICER
    User.objects.filter(pk=cast.host.pk).update(is_active=False)
    assert host_to_ask(cast.member, cast.roe31, at=now) == OFFICER


@pytest.mark.parametrize("who", ["visitor", "stranger"])
def test_a_visitor_reads_the_office_and_its_public_contact_and_no_name(cast: Cast, who: str) -> None:
    person, now = getattr(cast, who), timezone.now()
    Chapter(name="Prairie Chapter").save()
    assert host_to_ask(person, cast.roe31, at=now) == "ROE 31: Kane"
    assert officer_to_ask(person, at=now) == "Prairie Chapter"
    Chapter(name="Prairie Chapter", contact="217-555-0100").save()
    assert host_to_ask(person, cast.roe31, at=now) == "ROE 31: Kane (217-555-0100)"
    cast.roe31.contact = "630-555-0131"
    assert host_to_ask(person, cast.roe31, at=now) == "ROE 31: Kane (630-555-0131)"


def test_three_are_enough_for_a_sentence(cast: Cast) -> None:
    for person in (cast.member, cast.buyer, cast.neighbor):
        join(person, Role.HOST, office=cast.roe31)
    assert host_to_ask(cast.member, cast.roe31, at=timezone.now()).count(" or ") == 2


def test_every_page_leads_to_whom_to_ask(
    cast: Cast, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    RegionalOffice.objects.filter(pk=cast.roe31.pk).update(contact="630-555-0131")
    assert 'href="/help/"' in client.get("/districts/").text
    page = client.get("/help/").text
    assert "630-555-0131" in page
    assert cast.host.email not in page
    assert cast.officer.email not in page
    sign_in(client, cast.member).get("/help/")
    with django_assert_max_num_queries(6):
        page = client.get("/help/").text
    assert page.index(cast.host.email) < page.index(cast.officer.email)


def test_a_member_without_the_right_to_draft_is_told_whom_to_ask(cast: Cast, client: Client) -> None:
    assert HOST in sign_in(client, cast.member).get("/agreements/new/").text
    assert HOST in client.get("/agreements/").text, "no agreement yet"


def test_an_invitation_that_is_too_old_says_who_sent_it(cast: Cast, client: Client) -> None:
    sent_at = timezone.now() - timedelta(days=15)
    _invitation, path = make_invitation("ann@kaneland.example", cast.kaneland, by=cast.host, at=sent_at)
    assert "Ask Technology host, ROE 31 for a new one, for Kaneland CUSD 302." in client.get(path).text


def test_whoever_hosted_until_yesterday_is_not_named(cast: Cast) -> None:
    Membership.objects.filter(person=cast.host).update(until=timezone.localdate() - timedelta(days=1))
    assert host_to_ask(cast.member, cast.roe31, at=timezone.now()) == OFFICER
