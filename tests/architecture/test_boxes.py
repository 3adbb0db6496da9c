"""Every box of every form is one of `portal.boxes`: bounded, clean, and with messages of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms.forms import BaseForm
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from portal import boxes
from portal.districts.models import Chapter
from tests.architecture.routes import PEOPLE, Route
from tests.architecture.table import all_routes
from tests.conftest import sign_in
from tests.people import Cast

ROOT = Path(__file__).parents[2]
OURS = ("portal.", "knowledge.", "purchasing.")
NEARLY_NUMBERS = [
    "1_0",
    "\uff11\uff10",
    "\u0661",
    "1e3",
    "NaN",
    "Infinity",
    "-Infinity",
    "0x10",
    "9" * 21,
    "9" * 5000,
    "-1",
]
NEARLY_DAYS = [
    *("0202-12-10", "0001-01-01", "9999-12-31", "9999-12-31T23:59", "0001-01-01T00:00", "2026-02-30", "20206-01-01"),
    "\uff12026-12-10",
]
UNSEEN = ["\u200b", "\u3164", "\u2800", "\u200b \u2060", "\ufe0f", "\x00"]
STOCK = ("This field", "Select a valid", "Enter a valid", "Enter a whole number.", "Ensure th", "Enter a number.")
SENT = [route for route in all_routes() if route.post]


def _below(one: Any) -> Iterator[Any]:
    for below in one.__subclasses__():
        yield below
        yield from _below(below)


def _forms() -> list[Any]:
    """Every form class of ours but those that Wagtail's admin builds and words, and an account's: what allauth's say
    stands in `tests/districts/test_account_forms.py`."""
    assert get_resolver().url_patterns, "all views, and so all forms, are read"
    theirs = ("wagtail", "allauth")
    found = {
        one
        for one in _below(BaseForm)
        if one.__module__.startswith(OURS) and not any(name in str(one.__mro__) for name in theirs)
    }
    return sorted(found, key=lambda one: (one.__module__, one.__qualname__))


def _fields() -> Iterator[tuple[str, Any]]:
    for form in _forms():
        for name, field in form.base_fields.items():
            yield f"{form.__module__}.{form.__qualname__}.{name}", field


def _plain(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        named = [node.func] if isinstance(node, ast.Call) else node.bases if isinstance(node, ast.ClassDef) else []
        for one in map(ast.unparse, named):
            if one.startswith("forms.") and one.endswith("Field"):
                yield f"{path}: {one}"


def test_no_form_has_a_plain_field_of_django() -> None:
    plain = [name for name, field in _fields() if not isinstance(field, boxes.Box)]
    assert not plain


def test_nor_is_one_made_anywhere() -> None:
    """A form may make fields when it is opened, which no class shows."""
    sources = [path for package in OURS for path in (ROOT / package.rstrip(".")).rglob("*.py")]
    assert not [place for path in sources if path != Path(boxes.__file__) for place in _plain(path)]


@pytest.mark.parametrize("kind", boxes.COLUMNS)
def test_every_kind_of_column_that_has_a_box_gets_it(kind: Any) -> None:
    told = (Chapter, models.CASCADE) if kind is models.ForeignKey else ()
    column = kind(*told, name="column", verbose_name="column")
    assert type(boxes.of_column(column)) is boxes.COLUMNS[kind]


@pytest.mark.parametrize("sent", [*NEARLY_NUMBERS, *NEARLY_DAYS], ids=lambda sent: sent[:20])
def test_what_is_nearly_a_value_is_refused_or_within_the_bounds(sent: str, cast: Cast) -> None:
    for name, field in _fields():
        try:
            found: Any = field.clean(sent)
        except ValidationError:
            continue
        if isinstance(found, date | datetime):
            assert boxes.FIRST_YEAR <= found.year <= boxes.LAST_YEAR, name
        elif isinstance(found, int | Decimal) and not isinstance(found, bool):
            assert sent.isascii(), name
            assert "_" not in sent, name
            assert -(2**63) < found < 2**63, name


def test_a_text_in_which_nothing_can_be_seen_is_none() -> None:
    for name, field in _fields():
        if type(field) is boxes.CharField and field.required:
            for sent in UNSEEN:
                with pytest.raises(ValidationError) as refused:
                    field.clean(sent)
                assert refused.value.error_list[0].code == "required", name


def test_a_line_break_counts_once_and_a_letter_has_one_form() -> None:
    field = boxes.CharField(max_length=5, widget=forms.Textarea)
    assert field.clean("ab\r\ncd") == "ab\ncd"
    assert field.clean("e\u0301\u200b") == "\u00e9"
    assert boxes.CharField().clean("two\r\nlines") == "two lines"


@pytest.mark.parametrize("sent", ["", "x" * 200_000, "nonsense", "-1", *NEARLY_NUMBERS[:3], *NEARLY_DAYS])
def test_no_message_is_django_s(sent: Any, cast: Cast) -> None:
    for name, field in _fields():
        try:
            field.clean(sent)
        except ValidationError as error:
            for said in error.messages:
                assert not said.startswith(STOCK), (name, said)
                assert "%(" not in said, (name, said)


def _sender(route: Route, cast: Cast) -> Client | None:
    senders = [name for name in PEOPLE if route.post and route.post[name] < 400 and name != "visitor"]
    return sign_in(Client(), getattr(cast, senders[-1])) if senders else None


def _kin(value: str) -> list[str]:
    if value.isdecimal():
        return ["9" * 21, "1_0"]
    try:
        timezone.datetime.fromisoformat(value)  # type: ignore[attr-defined]
    except ValueError:
        return []
    return ["9999-12-31T23:59" if "T" in value else "9999-12-31", "0001-01-01T00:00" if "T" in value else "0001-01-01"]


@pytest.mark.parametrize("route", SENT, ids=lambda route: f"{route.name}{route.query}")
def test_no_number_or_date_that_is_sent_breaks_a_page(route: Route, cast: Cast) -> None:
    url, form, client = route.url(cast), route.form(cast), _sender(route, cast)
    if client is None:
        pytest.skip("nobody sends it")
    for name, value in form.items():
        for sent in _kin(value) if isinstance(value, str) else _kin(str(value)) if isinstance(value, int) else []:
            with transaction.atomic():
                assert client.post(url, form | {name: sent}).status_code < 500, (name, sent)
                transaction.set_rollback(True)


@pytest.mark.parametrize("route", all_routes(), ids=lambda route: f"{route.name}{route.query}")
def test_no_id_in_an_address_breaks_a_page(route: Route, cast: Cast) -> None:
    parts = route.url(cast).split("?")[0].split("/")
    if not any(part.isdecimal() for part in parts):
        pytest.skip("no id in it")
    client = sign_in(Client(), cast.officer)
    for huge in ("9" * 19, "9" * 21):
        for place in [number for number, part in enumerate(parts) if part.isdecimal()]:
            url = "/".join(huge if number == place else part for number, part in enumerate(parts))
            assert client.get(url).status_code < 500, url
            assert client.post(url).status_code < 500, url


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/practices/new/", ["Give the practice a title.", "Say what you do."]),
        ("/questions/new/", ["Ask your question in one sentence."]),
        ("/meetings/series/new/", ["Give the series a name.", "Fill in \u201cFirst date\u201d."]),
        ("/agreements/new/", ["Give the agreement a title.", "Choose the districts to ask."]),
    ],
)
def test_what_is_missing_is_asked_for_by_its_name(path: str, told: list[str], cast: Cast) -> None:
    asks = cast.member if path.startswith(("/practices/", "/questions/")) else cast.host
    answer = sign_in(Client(), asks).post(path, {"items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0"})
    assert answer.status_code == 422
    assert not [sentence for sentence in told if sentence not in answer.text]
    assert "This field" not in answer.text
