"""What is nearly a value (a date of the year 9999, an id of 20 digits) fails in no report or listing of the admin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.urls import resolve, reverse
from django_filters import DateFromToRangeFilter, RangeFilter

from tests.architecture.test_admin_gate import admin_paths
from tests.conftest import sign_in
from tests.people import Cast

VALUES = ("9999-12-31", "0001-01-01", "9" * 20, "9" * 5000, "-1", "1e400", "NaN", "x", "\x00")
ANYWHERE = ("p", "offset", "limit", "ordering", "q", "id")
"""What pages of results, choosers and the admin's API read; each ignores what is not its own."""
SUFFIXES = {DateFromToRangeFilter: ("_from", "_to"), RangeFilter: ("_min", "_max")}


def _filters(path: str) -> Iterator[str]:
    """What the page of results behind this address is filtered by."""
    view = getattr(resolve(path).func, "view_class", None)
    filters = getattr(getattr(view, "filterset_class", None), "base_filters", {})
    for name, kind in filters.items():
        for suffix in SUFFIXES.get(type(kind), ("",)):
            yield name + suffix


def _listings() -> list[str]:
    """Reports and listings without the page around them, and what the admin's choosers read."""
    ends = ("/results/", "/find/", "/chosen-multiple/", "/api/main/pages/", "/api/main/images/", "/api/main/documents/")
    return [path for path in admin_paths() if path.endswith(ends)]


@pytest.mark.parametrize("path", [path for path in _listings() if list(_filters(path))])
def test_no_report_fails_at_a_filter_that_is_nearly_a_value(cast: Cast, path: str) -> None:
    """Each filter alone: one that is refused turns the others off."""
    client = sign_in(Client(raise_request_exception=False), cast.officer)
    asked = [(name, value) for name in _filters(path) for value in VALUES]
    assert [one for one in asked if client.get(path, dict([one])).status_code >= 500] == []


@pytest.mark.parametrize("value", VALUES, ids=[repr(value[:20]) for value in VALUES])
def test_no_listing_fails_at_a_page_or_an_id_that_is_nearly_one(cast: Cast, value: str) -> None:
    client = sign_in(Client(raise_request_exception=False), cast.officer)
    assert len(_listings()) > 20
    asked = dict.fromkeys(ANYWHERE, value)
    assert [path for path in _listings() if client.get(path, asked).status_code >= 500] == []


def test_what_cannot_be_is_said_to_be_no_address(cast: Cast) -> None:
    client = sign_in(Client(), cast.officer)
    page = client.get(reverse("wagtailadmin_reports:site_history"), {"timestamp_to": "9999-12-31"})
    if connection.vendor == "postgresql":  # which knows what comes after that day
        assert page.status_code == 200
        return
    assert page.status_code == 400
    assert "That address or form was not complete" in page.text


def test_wagtails_view_that_only_fails_is_nowhere(cast: Cast) -> None:
    assert sign_in(Client(), cast.officer).get(reverse("wagtailadmin_error_test")).status_code == 404


def test_an_officers_own_account_asks_for_nothing_that_it_does_not_have(cast: Cast) -> None:
    page = sign_in(Client(), cast.officer).get(reverse("wagtailadmin_account")).text
    assert 'name="notifications-' in page
    assert not any(f'-{name}"' in page for name in ("first_name", "last_name", "avatar"))
