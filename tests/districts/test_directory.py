from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from portal.districts.models import District, MailDomain, User
from portal.registry import panels
from tests.conftest import sign_in
from tests.people import Cast, make_district


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=kaneland", ["Kaneland CUSD 302"]),
        ("q=GENEVA 304", ["Geneva CUSD 304"]),
        ("county=dekalb", ["Sycamore CUSD 427"]),
        ("size=2500-4999&county=kane", ["Batavia USD 101", "Geneva CUSD 304", "Kaneland CUSD 302"]),
        ("kind=high", []),
        ("kind=agency", ["Kane County Spec Educ Coop"]),
        ("kind=nonsense&q=sycamore", ["Sycamore CUSD 427"]),
        ("q=%00%22", ["Batavia USD 101", "Geneva CUSD 304", "Kaneland CUSD 302", "Sycamore CUSD 427"]),
    ],
)
def test_a_visitor_finds_districts_by_the_address_of_the_page(
    cast: Cast, client: Client, query: str, names: list[str]
) -> None:
    make_district("Kane County Spec Educ Coop", "1700001", None, None, None, is_district=False)
    response = client.get(f"/districts/?{query}")
    assert response.status_code == 200
    assert [district.name for district in response.context["page"]] == names


@pytest.mark.parametrize(
    ("size", "enrollments"),
    [
        ("under-500", [0, 499]),
        ("500-999", [500, 999]),
        ("1000-2499", [1000, 2499]),
        ("2500-4999", [2500, 4999]),
        ("5000-up", [5000, 30_000]),
    ],
)
def test_a_band_of_size_holds_its_first_number_and_not_the_next_bands(
    client: Client, db: None, size: str, enrollments: list[int]
) -> None:
    for number, enrollment in enumerate((0, 499, 500, 999, 1000, 2499, 2500, 4999, 5000, 30_000)):
        make_district(f"District {number}", f"17{number:05}", None, None, enrollment)
    make_district("Unknown", "1799999", None, None, None)
    assert [district.enrollment for district in client.get(f"/districts/?size={size}").context["page"]] == enrollments


@pytest.mark.parametrize(("letters", "status"), [(40, 302), (41, 422)])
def test_another_name_has_forty_letters_at_most(cast: Cast, client: Client, letters: int, status: int) -> None:
    sent = {"short_name": "Kaneland", "other_names": "x" * letters, "domains": ""}
    url = f"/districts/{cast.kaneland.slug}/edit/"
    assert sign_in(client, cast.officer).post(url, sent).status_code == status


def test_no_hit_says_what_to_try(cast: Cast, client: Client) -> None:
    assert "No district fits" in client.get("/districts/?q=zzz").content.decode()


def test_an_empty_directory_says_who_fills_it(db: None, client: Client) -> None:
    assert "Set up page" in client.get("/districts/").content.decode()


def test_the_list_costs_the_same_for_one_district_and_for_many(
    cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/districts/")  # the chapter itself is kept in the process
    with django_assert_num_queries(3):
        client.get("/districts/?q=kaneland")
    for number in range(30):
        make_district(f"Long {number}", f"{2000000 + number}", cast.kane, cast.roe31, 100)
    with django_assert_num_queries(3):
        client.get("/districts/")


def test_a_visitor_reads_facts_and_no_people(cast: Cast, client: Client) -> None:
    page = client.get(cast.kaneland.get_absolute_url()).content.decode()
    assert "3,736 students" in page
    assert "Kane County" in page
    assert cast.buyer.email not in page
    assert cast.buyer.name not in page


def test_a_stranger_reads_what_a_visitor_reads(cast: Cast, client: Client) -> None:
    page = sign_in(client, cast.stranger).get(cast.kaneland.get_absolute_url()).content.decode()
    assert cast.buyer.email not in page


def test_a_member_sees_whom_to_write_to(
    cast: Cast, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sign_in(client, cast.outsider)
    client.get(cast.kaneland.get_absolute_url())
    features = sum(panel.slot == "district" for panel in panels)  # two queries each
    with django_assert_max_num_queries(6 + 2 * features):
        page = client.get(cast.kaneland.get_absolute_url()).content.decode()
    assert page.count("mailto:" + cast.buyer.email) == 1


def test_a_county_shows_its_districts_and_to_members_its_hosts(cast: Cast, client: Client) -> None:
    page = client.get("/counties/kane/").content.decode()
    assert page.index("Geneva CUSD 304") < page.index("Kaneland CUSD 302")
    assert cast.host.email not in page
    assert cast.host.email in sign_in(client, cast.member).get("/counties/kane/").content.decode()


def test_whose_account_is_closed_is_named_to_nobody(cast: Cast, client: Client) -> None:
    pages = (f"/districts/{cast.kaneland.slug}/", f"/counties/{cast.kane.slug}/")
    sign_in(client, cast.neighbor)
    shown = "".join(client.get(page).content.decode() for page in pages)
    assert cast.member.name in shown
    assert cast.host.name in shown
    User.objects.filter(pk__in=[cast.member.pk, cast.host.pk]).update(is_active=False)
    shown = "".join(client.get(page).content.decode() for page in pages)
    assert cast.member.name not in shown
    assert cast.host.name not in shown


def test_an_officer_edits_names_and_domains_and_the_import_will_leave_them(cast: Cast, client: Client) -> None:
    url = f"/districts/{cast.kaneland.slug}/edit/"
    sent = {"short_name": "Kaneland", "other_names": "D302\nKnights", "domains": "Kaneland.org\n@kaneland.example"}
    assert sign_in(client, cast.officer).post(url, sent).status_code == 302
    kaneland = District.objects.get(pk=cast.kaneland.pk)
    assert (kaneland.aliases, kaneland.names_edited) == (["D302", "Knights"], True)
    assert set(kaneland.mail_domains.values_list("domain", flat=True)) == {"kaneland.org", "kaneland.example"}
    assert list(District.objects.named_like("knights")) == [kaneland]


@pytest.mark.parametrize(
    ("domains", "reason"),
    [("gmail.com", "open to everybody"), ("geneva.example", "another district"), ("nodots", "such as kaneland.org")],
)
def test_a_domain_that_proves_nothing_is_refused(cast: Cast, client: Client, domains: str, reason: str) -> None:
    MailDomain.objects.create(district=cast.geneva, domain="geneva.example")
    sent = {"short_name": "Kaneland", "other_names": "", "domains": domains}
    response = sign_in(client, cast.officer).post(f"/districts/{cast.kaneland.slug}/edit/", sent)
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert domains in response.content.decode()


def test_only_officers_edit_a_district(cast: Cast, client: Client) -> None:
    response = sign_in(client, cast.buyer).get(f"/districts/{cast.kaneland.slug}/edit/")
    assert response.status_code == 403
