"""What holds for every page: its headers, and that looking at it changes nothing."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.architecture.routes import Route
from tests.architecture.table import all_routes
from tests.conftest import sign_in
from tests.people import Cast

SEEN = [route for route in all_routes() if route.get and not route.name.startswith("admin-")]
"""The admin's pages have the admin's policy."""
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|SAVEPOINT|BEGIN|TRUNCATE)", re.IGNORECASE)


ROLLED_BACK = {"readyz": "sees whether it can write; tests/test_health.py shows that nothing stays"}


def _check_headers(response: object) -> None:
    headers = response.headers  # type: ignore[attr-defined]
    policy = headers["Content-Security-Policy"]
    for directive in ("default-src 'self'", "script-src 'self'", "object-src 'none'", "base-uri 'none'"):
        assert directive in policy, policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Permissions-Policy" in headers


@pytest.mark.parametrize("route", SEEN, ids=lambda route: f"{route.name}{route.query}")
def test_page_has_its_headers_and_reading_writes_nothing(route: Route, cast: Cast) -> None:
    url = route.url(cast)
    for person in (cast.visitor, cast.buyer, cast.host, cast.officer):
        client = sign_in(Client(), person)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url)
        _check_headers(response)
        if person is not cast.visitor and response.status_code == 200:
            caching = response.headers["Cache-Control"]
            assert "private" in caching or "no-store" in caching, caching
        written = [query["sql"] for query in queries if WRITES.match(query["sql"])]
        assert not written or route.name in ROLLED_BACK, written


@pytest.mark.parametrize("path", ["/nothing-here/", "/practices/999999/", "/agreements/999999/", "/media/../manage.py"])
def test_error_pages_have_the_headers_too(path: str, cast: Cast, client: Client) -> None:
    response = sign_in(client, cast.member).get(path)
    assert response.status_code == 404
    _check_headers(response)


def test_strict_transport_is_asked_for_over_https(client: Client, settings: object) -> None:
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600  # type: ignore[attr-defined]
    response = client.get("/healthz", secure=True)
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")
