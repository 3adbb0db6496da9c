"""Redirects: nobody is led to a page that is not theirs to see, however its address is written."""

from __future__ import annotations

import unicodedata
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client, override_settings
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.contrib.redirects.models import Redirect

from portal.pages.models import Audience, StandardPage
from tests.conftest import sign_in
from tests.pages.makers import make_document, make_page
from tests.people import Cast

TITLE = "Übersicht-geheim"
SLUG = "übersicht-geheim"
ENCODED = quote(SLUG)
WRITTEN = [
    f"/{SLUG}/",
    f"/{SLUG}",
    f"/./{SLUG}/",
    f"/{ENCODED}/",
    f"/{ENCODED.lower()}",
    f"/{quote(unicodedata.normalize('NFD', SLUG))}/",
    f"/{quote(ENCODED)}/",
    f"/about/../{ENCODED}/",
    f"/about/%2e%2e/{ENCODED}/",
    f"/about%2F..%2F{ENCODED}/",
    f"//testserver/{ENCODED}/",
    f"http://testserver/{ENCODED}/?year=1#seats",
    f"https://TESTSERVER:8443/{ENCODED}",
    f"http://someone@testserver./{ENCODED}/",
    f"http://localhost/{ENCODED}/",
    f"{ENCODED}/",
    f"/{ENCODED}/more/",
]


def secret(**fields: Any) -> StandardPage:
    return make_page(TITLE, **{"slug": SLUG, "audience": Audience.OFFICERS} | fields)


def rename(page: StandardPage, slug: str, committed: DjangoCaptureOnCommitCallbacks) -> None:
    page.slug = slug
    with committed(execute=True):
        page.save_revision().publish()


def led(client: Client, address: str) -> str:
    """Where the address leads, "" where it is answered as one that never was."""
    response = client.get(address)
    if response.status_code == 404:
        assert "bersicht" not in str(response.headers)
        return ""
    return str(response.headers["Location"])


@pytest.mark.parametrize("address", WRITTEN)
def test_no_way_to_write_a_hidden_page_s_address_tells_it(client: Client, db: None, address: str) -> None:
    secret()
    Redirect.add_redirect("/old", redirect_to=address)
    with override_settings(PORTAL_URL="http://testserver"):
        assert led(client, "/old/") == ""


def test_a_renamed_page_leads_only_those_who_see_it(
    cast: Cast, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    rename(secret(slug="plan"), SLUG, django_capture_on_commit_callbacks)
    assert led(client, "/plan/") == ""
    assert led(sign_in(client, cast.member), "/plan/") == ""
    assert led(sign_in(client, cast.officer), "/plan/") == f"/{ENCODED}/"


@pytest.mark.parametrize("address", [f"/{SLUG}/", f"/{ENCODED}", f"http://testserver/{ENCODED}/?a=b#c"])
def test_a_page_that_is_theirs_to_see_is_still_led_to(client: Client, db: None, address: str) -> None:
    secret(audience=Audience.PUBLIC)
    Redirect.add_redirect("/old", redirect_to=address)
    assert led(client, "/old/") != ""


def test_a_redirect_to_a_redirect_is_judged_by_where_it_ends(
    cast: Cast, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """The page was renamed: what an officer wrote still leads to its name before."""
    rename(secret(slug="plan"), SLUG, django_capture_on_commit_callbacks)
    Redirect.add_redirect("/old", redirect_to="/plan/")
    assert led(client, "/old/") == ""
    assert led(sign_in(client, cast.officer), "/old/") == "/plan/"


def test_a_redirect_in_a_circle_leads_nowhere(client: Client, db: None) -> None:
    Redirect.add_redirect("/one", redirect_to="/two/")
    Redirect.add_redirect("/two", redirect_to="/one/")
    assert led(client, "/one/") == ""


@pytest.mark.parametrize("gone", ["deleted", "unpublished"])
def test_nobody_is_led_to_the_address_of_a_page_that_is_gone(client: Client, db: None, gone: str) -> None:
    page = secret(audience=Audience.PUBLIC)
    Redirect.add_redirect("/old", redirect_to=page.url)
    if gone == "deleted":
        page.delete()
    else:
        page.unpublish()
    assert led(client, "/old/") == ""


@pytest.mark.parametrize("address", ["https://www.cosn.org/", "/practices/", "/", "/search/?q=wifi", "/healthz"])
def test_other_sites_and_the_portal_s_own_parts_are_led_to(client: Client, db: None, address: str) -> None:
    Redirect.add_redirect("/old", redirect_to=address)
    assert led(client, "/old/") == address


@pytest.mark.parametrize(("audience", "is_led"), [(Audience.PUBLIC, True), (Audience.OFFICERS, False)])
def test_a_document_s_name_is_told_to_those_who_see_it(client: Client, db: None, audience: str, is_led: bool) -> None:
    document = make_document(audience, "merger-plan.txt")
    Redirect.add_redirect("/old", redirect_to=document.url)
    assert bool(led(client, "/old/")) == is_led


def test_the_way_to_a_page_names_no_page_that_is_not_published(client: Client, db: None) -> None:
    above = make_page("Übernahme im Sommer", slug="summer")
    below = make_page("Dates", parent=above)
    assert b"bernahme" in client.get(below.url).content
    above.unpublish()
    assert b"bernahme" not in client.get(below.url).content
