from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.models import ModelLogEntry

from portal.districts.deeds.import_directory import import_directory
from portal.districts.deeds.mail_domains import confirm_proposed
from portal.districts.forms.directory_file import read_files
from portal.districts.models import District, MailDomain, RefusedDomain
from portal.districts.models.website_domains import website_domain
from portal.districts.screens.proposed_domains import proposals, sure
from tests.conftest import sign_in
from tests.districts.makers import make_domain
from tests.people import Cast, make_district

PAGE = "/set-up/mail-domains/"


@pytest.mark.parametrize(
    ("website", "domain", "is_wider"),
    [
        ("http://www.kaneland.org", "kaneland.org", False),
        ("https://WWW2.Kaneland.org./", "kaneland.org", False),
        ("http://home.lamoilleschools.org", "lamoilleschools.org", False),
        ("http://schools.pps.org", "pps.org", True),
        ("http://d231.rochelle.net", "rochelle.net", True),
        ("http://www.ccsd93.com/pages/CCSD93", "ccsd93.com", True),
        ("http://www.dwight.k12.il.us", "dwight.k12.il.us", False),
        ("http://www.wilmington.will.k12.il.us", "wilmington.will.k12.il.us", False),
        ("http://www.verona.k12.wi.us", "verona.k12.wi.us", False),
        ("http://logan.k12.il.us/hartem", "logan.k12.il.us", True),
        ("http://k12.il.us", "", False),
        ("http://sites.google.com/a/ltec41.org/home", "", False),
        ("http://www.facebook.com/ourschool", "", False),
        ("http://www.edline.net/pages/trico", "", False),
        ("http://earlville.il.schoolwebpages.com", "", False),
        ("http://school.apptegy.us", "", False),
        ("http://albersschool.dyndns.org", "", False),
        ("http://ourschool.blogspot.com", "", False),
        ("http://www.idoc.state.il.us", "", False),
        ("http://www.isbe.il.gov", "", False),
        ("http://gmail.com", "", False),
        ("http://http:www.galatiak12.org", "", False),
        ("http://192.0.2.7", "", False),
        ("http://[", "", False),
        ("", "", False),
    ],
)
def test_a_website_proposes_what_its_district_registered(website: str, domain: str, is_wider: bool) -> None:
    assert website_domain(website) == (domain, is_wider and bool(domain))


def with_websites(cast: Cast, **websites: str) -> None:
    for name, website in websites.items():
        District.objects.filter(pk=getattr(cast, name).pk).update(website=website)


def test_a_domain_of_two_is_shown_as_such_and_one_of_three_is_nobodys(cast: Cast) -> None:
    shared = "http://www.shared.org"
    with_websites(cast, kaneland=shared, geneva=shared, batavia="http://www.bps101.net")
    found = proposals()
    assert [(p.district, p.domain, p.doubt) for p in found] == [
        (cast.geneva, "shared.org", "Shared with Kaneland CUSD 302."),
        (cast.kaneland, "shared.org", "Shared with Geneva CUSD 304."),
        (cast.batavia, "bps101.net", ""),
    ]
    assert sure(found) == {cast.batavia.pk: "bps101.net"}
    with_websites(cast, sycamore=shared)
    assert [p.domain for p in proposals()] == ["bps101.net"]


def test_a_regional_offices_domain_is_no_districts(cast: Cast) -> None:
    with_websites(cast, kaneland="http://www.kaneroe.org/kaneland", geneva="http://roe31.k12.il.us")
    make_district(
        *("Kane ROE", "1700222", None, None, None),
        website="http://www.kaneroe.org",
        is_district=False,
        kind="Other local education agency",
    )
    (geneva,) = proposals()
    assert (geneva.domain, geneva.doubt) == ("roe31.k12.il.us", "It is named like a regional office.")


def test_a_domain_that_another_district_has_is_doubtful(cast: Cast) -> None:
    with_websites(cast, kaneland="http://www.shared.org")
    make_domain(cast.geneva, "shared.org")
    assert [p.doubt for p in proposals()] == ["Shared with Geneva CUSD 304."]


def press(client: Client, path: str = PAGE, **sent: Any) -> Any:
    return client.post(path, sent, follow=True)


def test_one_press_confirms_what_was_shown_and_keeps_who_and_when(cast: Cast, client: Client) -> None:
    with_websites(cast, kaneland="http://www.kaneland.org", geneva="http://www.geneva304.org")
    with_websites(cast, batavia="http://d231.rochelle.net")
    page = sign_in(client, cast.officer).get(PAGE)
    assert "Confirm 2 mail domains" in page.text
    before = timezone.now()
    done = press(client, seen=page.context["seen"])
    assert "2 mail domains are confirmed." in done.text
    rows = {row.domain: row for row in MailDomain.objects.all()}
    assert rows.keys() == {"kaneland.org", "geneva304.org"}
    assert {row.confirmed_by for row in rows.values()} == {cast.officer}
    assert all(before <= row.confirmed_at <= timezone.now() for row in rows.values() if row.confirmed_at)
    (entry,) = ModelLogEntry.objects.filter(action="districts.confirm_mail_domains")
    assert entry.data["domains"] == {
        str(cast.kaneland.pk): "kaneland.org",
        str(cast.geneva.pk): "geneva304.org",
    }
    assert "confirmed by Chapter officer" in client.get(f"/districts/{cast.kaneland.slug}/edit/").text


def test_what_was_not_shown_is_not_confirmed(cast: Cast, client: Client) -> None:
    with_websites(cast, kaneland="http://www.kaneland.org")
    seen = sign_in(client, cast.officer).get(PAGE).context["seen"]
    with_websites(cast, geneva="http://www.geneva304.org")
    assert client.post(PAGE, {"seen": seen}).status_code == 409
    assert client.post(PAGE).status_code == 409
    assert not MailDomain.objects.exists()


def test_what_was_decided_meanwhile_stays_as_it_was_decided(cast: Cast) -> None:
    RefusedDomain.objects.create(
        district=cast.kaneland, domain="kaneland.org", refused_by=cast.officer, refused_at=timezone.now()
    )
    make_domain(cast.geneva, "geneva304.org")
    asked = {cast.kaneland.pk: "kaneland.org", cast.batavia.pk: "geneva304.org", cast.geneva.pk: "geneva304.org"}
    assert confirm_proposed(asked, by=cast.officer, at=timezone.now()) == 0


def test_one_is_refused_and_opened_again_and_one_in_doubt_confirmed(cast: Cast, client: Client) -> None:
    with_websites(cast, kaneland="http://www.kaneland.org", geneva="http://d231.rochelle.net")
    sign_in(client, cast.officer)
    refused = press(client, f"{PAGE}{cast.kaneland.pk}/refuse/kaneland.org/")
    assert f"{PAGE}{cast.kaneland.pk}/reopen/kaneland.org/" in refused.text
    assert [p.domain for p in proposals()] == ["rochelle.net"]
    press(client, f"{PAGE}{cast.kaneland.pk}/reopen/kaneland.org/")
    assert [p.domain for p in proposals()] == ["rochelle.net", "kaneland.org"]
    press(client, f"{PAGE}{cast.geneva.pk}/confirm/rochelle.net/")
    assert MailDomain.objects.get().confirmed_by == cast.officer
    press(client, f"{PAGE}{cast.geneva.pk}/reopen/rochelle.net/")
    assert not MailDomain.objects.exists()


@pytest.mark.parametrize("domain", ["gmail.com", "no..dots", "10.0.0.1"])
def test_what_is_no_districts_domain_cannot_be_confirmed(cast: Cast, client: Client, domain: str) -> None:
    sign_in(client, cast.officer)
    assert client.post(f"{PAGE}{cast.kaneland.pk}/confirm/{domain}/").status_code == 422
    assert not MailDomain.objects.exists()


def test_a_domain_that_an_officer_takes_away_is_not_proposed_again(cast: Cast, client: Client) -> None:
    with_websites(cast, kaneland="http://www.kaneland.org")
    make_domain(cast.kaneland, "kaneland.org")
    sent = {"short_name": "Kaneland", "other_names": "", "domains": "kaneland302.org"}
    assert sign_in(client, cast.officer).post(f"/districts/{cast.kaneland.slug}/edit/", sent).status_code == 302
    assert proposals() == []
    client.post(f"/districts/{cast.kaneland.slug}/edit/", sent | {"domains": "kaneland.org"})
    assert not RefusedDomain.objects.filter(domain="kaneland.org").exists()


def test_a_shared_domain_stays_when_its_districts_names_are_edited(cast: Cast, client: Client) -> None:
    make_domain(cast.kaneland, "shared.org")
    make_domain(cast.geneva, "shared.org")
    sent = {"short_name": "Kaneland", "other_names": "Knights", "domains": "shared.org"}
    assert sign_in(client, cast.officer).post(f"/districts/{cast.kaneland.slug}/edit/", sent).status_code == 302
    assert MailDomain.objects.filter(domain="shared.org").count() == 2


def test_proposals_cost_the_same_for_many(
    cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sign_in(client, cast.officer).get(PAGE)
    for number in range(60):
        make_district(f"Long {number}", f"{2000000 + number}", None, None, 1, website=f"http://long{number}.org")
    with django_assert_num_queries(3):
        proposals()
    page = client.get(PAGE)
    assert "10 more: find them by name." in page.text
    assert [p.domain for p in client.get(f"{PAGE}?q=long59").context["named"]] == ["long59.org"]


@pytest.mark.skipif("ROUNDTABLE_DIRECTORY" not in os.environ, reason="ROUNDTABLE_DIRECTORY names no file")
@pytest.mark.django_db
def test_the_state_directory_proposes_a_domain_for_nine_districts_of_ten() -> None:
    import_directory(*read_files(Path(os.environ["ROUNDTABLE_DIRECTORY"])))
    found = proposals()
    clear = sure(found)
    assert len(clear) == len(set(clear.values())) > 740
    assert len(found) - len(clear) < 40
    doubts = {proposal.domain for proposal in found if proposal.doubt}
    assert {"dwight.k12.il.us", "rochelle.net", "qps.org", "12.il.us", "logan.k12.il.us"} <= doubts
    nobodys = {"google.com", "leeogle.org", "roe26.net", "dyndns.org", "state.il.us", "edline.net"}
    assert not nobodys & {proposal.domain for proposal in found}


def test_a_shared_domain_is_nobodys_on_the_way_to_a_release_that_knows_one_district_for_it(cast: Cast) -> None:
    for district, domain in ((cast.kaneland, "shared.org"), (cast.geneva, "shared.org"), (cast.geneva, "geneva.org")):
        make_domain(district, domain)
    with connection.cursor() as cursor:
        cursor.execute(import_module("portal.districts.migrations.0006_one_district_a_domain").FORGET)
    assert set(MailDomain.objects.filter(domain__endswith=".org").values_list("domain", flat=True)) == {"geneva.org"}
