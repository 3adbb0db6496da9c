"""Every form of the portal that was sent signed out comes back to be sent, and nothing is written before that."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.districts.models.people import seen
from portal.form_keys import new_key
from portal.typed import may_be_shown
from tests.architecture.routes import PEOPLE, TEXT_SHOWN, Route
from tests.architecture.table import all_routes
from tests.people import Cast

WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE)(?!.*\"django_session\")", re.IGNORECASE)
SENT = [route for route in all_routes() if route.post and route.post["visitor"] in {302, TEXT_SHOWN}]


@pytest.mark.parametrize("route", SENT, ids=lambda route: f"{route.name}{route.query}")
def test_a_form_that_was_sent_signed_out_comes_back_and_writes_nothing(route: Route, cast: Cast) -> None:
    senders = [name for name in PEOPLE if name != "visitor" and route.post and route.post[name] == 302]
    if not senders:
        pytest.skip("nobody's form is taken here")
    person = getattr(cast, senders[-1])
    url, client = route.url(cast), Client()
    form = {name: str(value) for name, value in route.form(cast).items() if isinstance(value, str | int)}
    shown = {name: value for name, value in form.items() if may_be_shown(name)}
    answer = client.post(url, form | {"form_key": str(new_key(person.pk))})
    if not any(value.strip() for value in shown.values()):
        pytest.skip("a button without a word: signing in leads back to its page")
    if "login" not in answer.get("Location", ""):
        pytest.skip("open to visitors")
    client.force_login(person)
    seen(person, on=timezone.localdate())
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url)
    written = [query["sql"] for query in queries if WRITES.match(query["sql"])]
    assert not written, written
    assert page.status_code in {302, 422}, page.status_code
    if page.status_code == 422:
        text = unescape(page.text)
        missing = [name for name, value in shown.items() if value and value not in text]
        assert not missing, missing
        assert "<form" in text.partition("<main")[2]
