"""Strange text through every form, search and feed: always an answer, and never markup that was typed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client

from portal.districts.models import User
from tests.architecture.routes import PEOPLE, Route
from tests.architecture.table import all_routes
from tests.conftest import sign_in
from tests.hostile import STRINGS
from tests.people import Cast

RAW = [
    b"<script>alert(1)",
    b"<img src=x onerror",
    b"<svg onload",
    b"<iframe src=//example.org",
    b"<a href=javascript:",
    b"<b>bold",
    b"<mark>x</mark>",
    b"</title><script",
    b'href="javascript:',
    b'src="javascript:',
]
FORMS = [route for route in all_routes() if route.post]
LISTS = {
    "/search/": (
        "q",
        "kind",
        "tag",
        "county",
        "district",
        "product",
        "status",
        "size",
        "fresh",
        "after",
        "before",
        "exact",
    ),
    "/districts/": ("q", "county", "size", "kind"),
    "/practices/": ("q", "kind", "tag", "product", "county", "size", "status", "sort"),
    "/questions/": ("q", "answers", "tag"),
    "/agreements/": ("q", "state", "county", "year"),
    "/meetings/": ("q", "year", "county"),
}
"""The lists and what each is filtered by."""
NEARLY = [
    *("0020260", "2026x", "-1", "0", "00", "1e9", "\u00b2", "\u0663", "9" * 19, "9" * 5000, "2147483648", "2026-02-30"),
    *("0000-00-00", "9999-12-31", "\x00", "None", "all", "1,2", "[]", " "),
]
ADMIN_SEARCHES = [
    "/admin/pages/search/",
    "/admin/images/",
    "/admin/documents/",
    "/admin/users/",
    "/admin/snippets/knowledge/practice/",
]
"""What each finds is at `results/`, as the page asks for it while somebody types: without the admin around it."""


def check(response: Any, sent: str) -> None:
    assert response.status_code < 500, f"{response.status_code} for {sent!r}"
    if "html" in response.headers.get("Content-Type", ""):
        raw = [markup for markup in RAW if markup in response.content]
        assert not raw, f"{raw} on the page after {sent[:200]!r}"


def batches(strings: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(strings), size):
        yield (strings[start : start + size] * size)[:size]


def share_of(route: Route, fields: int) -> list[str]:
    """All, but of forms with few fields, each a quarter of them, and another quarter on the other database.

    Eighteen of those ask for one text and would take half the time of the suite. `script/drill strings` sends all.
    """
    if fields > 3 or "HOSTILE_STRINGS" in os.environ:
        return STRINGS
    first = FORMS.index(route) + (2 if connection.vendor == "postgresql" else 0)
    return STRINGS[first % 4 :: 4]


def test_there_are_three_hundred_of_them() -> None:
    assert len(set(STRINGS)) >= 300


@pytest.mark.parametrize("route", FORMS, ids=lambda route: route.name)
def test_every_form_answers_every_string(route: Route, cast: Cast) -> None:
    """Each text field of the form gets a string in turn, several fields at once, by somebody who may send it."""
    url = route.url(cast)
    form = route.form(cast)
    fields = [name for name, value in form.items() if isinstance(value, str)]
    senders = [name for name in PEOPLE if route.post and route.post[name] < 400 and name != "visitor"]
    if not fields or not senders:
        pytest.skip("nothing can be typed here, or nobody sends it")
    client = sign_in(Client(), getattr(cast, senders[-1]))
    for strings in batches(share_of(route, len(fields)), len(fields)):
        with transaction.atomic():
            check(client.post(url, form | dict(zip(fields, strings, strict=True)), follow=True), repr(strings))
            transaction.set_rollback(True)


@pytest.mark.parametrize("path", LISTS)
def test_every_list_answers_every_query(path: str, cast: Cast, client: Client) -> None:
    sign_in(client, cast.member)
    for sent in STRINGS:
        check(client.get(path + "?" + urlencode(dict.fromkeys(("page", *LISTS[path]), sent))), sent)


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in LISTS.items() for name in names])
def test_every_filter_alone_answers_what_is_nearly_a_value(path: str, name: str, cast: Cast, client: Client) -> None:
    """Together with a filter that is refused, another may never be read."""
    sign_in(client, cast.member)
    for sent in NEARLY:
        check(client.get(path, {name: sent}), f"{name}={sent}")


@pytest.mark.parametrize("path", ADMIN_SEARCHES)
def test_the_admin_s_search_answers_every_query(path: str, cast: Cast) -> None:
    client = sign_in(Client(), User.objects.create_superuser("root@chapter.example", name="Superuser"))
    for number, sent in enumerate(STRINGS):
        where = path if number % 20 == 0 else f"{path}results/"
        response = client.get(where + "?" + urlencode({"q": sent}))
        assert response.status_code == 200, f"{response.status_code} for {sent!r}"
