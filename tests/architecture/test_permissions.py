"""Every route, crossed with the cast and the verbs, answers what the table says. No route is without a row."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from portal.districts.models import User
from portal.limits import LIMITS
from portal.notices.models import Notice
from portal.once import FormKey
from tests.architecture.routes import PEOPLE, Route
from tests.architecture.table import all_routes
from tests.architecture.urlconf import own_routes
from tests.conftest import sign_in
from tests.people import Cast

ROUTES = all_routes()
REFUSALS = {302, 403, 404, 405}
SENT_TWICE_AS_IT_IS = {
    "districts:join-confirm": "without its code nothing is asked",
    "events:agenda-take": "the table's row takes nothing",
    "pages:theme": "a cookie is set",
    "purchasing:agreement-decline": "it is refused there, and a refusal keeps no key",
}
"""Forms that keep no key in the table's case, and why they need none."""
THEIRS = ("account_", "admin-")
"""Signing in is allauth's, with limits of its own."""


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert {route.name for route in ROUTES} == set(own_routes())


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert len(ROUTES) * (len(PEOPLE) + 2) * 5 >= 1500


def everybody_and_two_more(cast: Cast) -> dict[str, tuple[Any, str]]:
    """The cast, a superuser, who stands where an officer stands, and a deactivated officer, who is nobody."""
    people = {name: (person, name) for name, person in cast.everyone().items()}
    people["superuser"] = (User.objects.create_superuser("root@chapter.example", name="Superuser"), "officer")
    people["deactivated"] = (
        User.objects.create_user("gone@chapter.example", name="Former officer", is_active=False),
        "visitor",
    )
    return people


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.name}{route.query}")
def test_route_answers_as_the_table_says(route: Route, cast: Cast) -> None:
    url = route.url(cast)
    form = {name: value for name, value in route.form(cast).items() if value is not None}
    wrong = []
    for name, (person, stands_as) in everybody_and_two_more(cast).items():
        client = sign_in(Client(), person)
        for verb in ("get", "get htmx", "post", "put", "delete"):
            answer = _ask(client, verb, url, form)
            expected = _expected(route, verb, stands_as)
            if answer not in expected:
                wrong.append(f"{name} {verb}: {answer}, not {sorted(expected)}")
    assert not wrong, "\n".join(wrong)


def _ask(client: Client, verb: str, url: str, form: dict[str, Any]) -> int:
    """As somebody who has just signed in: what an answer leaves behind, in the database or in a cookie, is undone."""
    cookies = dict(client.cookies)
    with transaction.atomic():
        match verb:
            case "get":
                response = client.get(url)
            case "get htmx":
                response = client.get(url, headers={"HX-Request": "true"})
            case "post":
                response = client.post(url, form)
            case "put":
                response = client.put(url)
            case _:
                response = client.delete(url)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)
    return response.status_code


def _expected(route: Route, verb: str, who: str) -> set[int]:
    table = {"get": route.get, "get htmx": route.get, "post": route.post}.get(verb)
    if table is None:
        return REFUSALS
    return {table[who]}


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.post and not route.name.startswith(THEIRS)],
    ids=lambda route: route.name,
)
def test_what_writes_keeps_its_form_s_key_and_what_mails_others_has_a_limit(route: Route, cast: Cast) -> None:
    """So that the form sent again is done once, and nobody is buried in mail; see `portal.once` and `portal.limits`."""
    url, form = route.url(cast), route.form(cast)
    senders = [name for name in PEOPLE if name != "visitor" and route.post and route.post[name] == 302]
    if not senders:
        pytest.skip("nobody's form is taken here")
    client, told = sign_in(Client(), getattr(cast, senders[-1])), Notice.objects.count()
    client.post(url, {name: value for name, value in form.items() if value is not None} | {"form_key": str(uuid4())})
    assert FormKey.objects.exists() is (route.name not in SENT_TWICE_AS_IT_IS)
    if Notice.objects.count() > told:
        assert getattr(resolve(url.partition("?")[0]).func, "limit", None) in LIMITS
