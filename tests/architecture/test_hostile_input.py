"""Strange text through every form, search and feed: always an answer, and never markup that was typed."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client

from portal.districts.models import User
from portal.search.facets import FACETS
from tests.architecture.routes import PEOPLE, Route
from tests.architecture.table import all_routes
from tests.conftest import sign_in
from tests.hostile import STRINGS, check, share
from tests.people import Cast

FORMS = [route for route in all_routes() if route.post]
LISTS = {
    "/search/": ("q", *FACETS, "after", "before", "exact"),
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


def batches(strings: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(strings), size):
        yield (strings[start : start + size] * size)[:size]


def share_of(route: Route, fields: int) -> list[str]:
    """All, but of forms with few fields, each an eighth of them, and another on the other database.

    Forty of those ask for one text and would take a third of the time of the suite.
    """
    return STRINGS if fields > 3 else share(8, first=FORMS.index(route))


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


@pytest.mark.parametrize("path", [path for path in LISTS if path != "/search/"])  # see tests/search/test_search_page.py
def test_every_list_answers_every_query(path: str, cast: Cast, client: Client) -> None:
    sign_in(client, cast.member)
    for sent in share():
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
    for number, sent in enumerate(share()):
        where = path if number % 10 == 0 else f"{path}results/"
        response = client.get(where + "?" + urlencode({"q": sent}))
        assert response.status_code == 200, f"{response.status_code} for {sent!r}"
