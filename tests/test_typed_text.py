"""What somebody typed with care is shown again where it could not be taken."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account import forms as account_forms
from django.forms.forms import BaseForm
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django.utils import timezone

from portal.events.deeds.circulate import approve
from portal.typed import Typed, is_secret, kept, typed, without_secrets
from tests.conftest import sign_in
from tests.events.makers import make_item, make_meeting, make_minutes
from tests.people import Cast

TYPED = "What we agreed about the firewalls, in four sentences"


def test_a_form_whose_session_ended_shows_what_was_typed_and_the_way_back(cast: Cast) -> None:
    meeting = make_meeting(cast)
    url = reverse("events:agenda-propose", args=[meeting.pk])
    answer = Client().post(
        url, {"title": "Firewalls", "body": TYPED}, headers={"Referer": f"http://testserver{url}?a=1"}
    )
    assert answer.status_code == 403
    assert TYPED in answer.text
    assert f'href="{reverse("account_login")}?next={url}%3Fa%3D1"' in answer.text


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/meetings/", "javascript:alert(1)"])
def test_without_a_page_of_ours_before_it_signing_in_leads_home(cast: Cast, referer: str) -> None:
    url = reverse("events:approve", args=[make_meeting(cast).pk])
    answer = Client().post(url, {"form_key": "x" * 36}, headers={"Referer": referer})
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next=/")


def test_notes_of_minutes_that_were_approved_meanwhile_are_shown(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-2)
    item = make_minutes(cast, meeting)
    approve(meeting, by=cast.officer, at=timezone.now())
    url = reverse("events:minutes", args=[meeting.pk])
    answer = sign_in(Client(), cast.host).post(url, {f"item-{item.pk}-notes": TYPED})
    assert answer.status_code == 403
    assert TYPED in answer.text


def test_notes_under_an_item_that_was_taken_off_are_shown(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-2)
    item = make_item(meeting)
    url = reverse("events:minutes", args=[meeting.pk])
    name = f"item-{item.pk}-notes"
    item.delete()
    answer = sign_in(Client(), cast.host).post(url, {name: TYPED})
    assert answer.status_code == 404
    assert TYPED in answer.text


def test_an_unknown_address_reads_no_form(db: None) -> None:
    answer = Client().post("/no.such.address", {"notes": TYPED})
    assert answer.status_code == 404
    assert TYPED not in answer.text


def test_every_field_is_shown_with_its_label_however_short_its_value() -> None:
    request = RequestFactory().post(
        "/",
        {"board_date": "2026-12-18", "items-0-price": "7", "items-TOTAL_FORMS": "1", "item-57-notes": "So", "no": ""},
    )
    assert typed(request) == [
        Typed("board_date", "Board date", "2026-12-18"),
        Typed("items-0-price", "Items 1: price", "7"),
        Typed("item-57-notes", "Item 57: notes", "So"),
    ]


def _names_of_fields() -> set[str]:
    assert get_resolver().url_patterns, "all views, and so all forms, are read"
    assert account_forms
    forms, found = [BaseForm], set()
    while forms:
        form = forms.pop()
        forms += form.__subclasses__()
        found |= {*getattr(form, "base_fields", {})}
    return found


SECRETS = {
    *("code", "key"),  # to sign in, to confirm an address, to ask to join; in the address of a reset
    *("password", "password1", "password2", "oldpassword", "old_password", "new_password1", "new_password2"),
    "usable_password",
}
NONE = {"keyboard_shortcuts"}


def test_every_field_with_the_name_of_a_secret_is_known_to_be_one_or_none() -> None:
    like_one = re.compile("pass|pwd|token|code|secret|key|otp|pin$|credential", re.IGNORECASE)
    named = {name for name in _names_of_fields() if like_one.search(name)}
    assert {name for name in named if is_secret(name)} == SECRETS
    assert {name for name in named if not is_secret(name)} == NONE


@pytest.mark.parametrize(
    "name", [*sorted(SECRETS), "Code", "signup-code", "x-0-password1", "api_token", "client_secret_2"]
)
def test_a_secret_is_neither_shown_nor_kept(name: str) -> None:
    request = RequestFactory().post("/", {name: "canary", "csrfmiddlewaretoken": "canary", "title": "Wiring"})
    assert [field.name for field in typed(request)] == ["title"]
    assert kept(request) == []
    assert without_secrets(request.POST).dict() == {"title": "Wiring"}


@pytest.mark.parametrize(
    "name",
    [
        "zip_code",
        "state_code",
        "office_code",
        "secretary",
        "items-0-unit_code",
        "software_version",
        "oversight_seen_by",
    ],
)
def test_a_name_that_holds_the_word_of_a_secret_is_given_back(name: str) -> None:
    request = RequestFactory().post("/", {name: "62704"})
    assert [(field.name, field.value) for field in typed(request)] == [(name, "62704")]
    assert name in without_secrets(request.POST)


@pytest.mark.parametrize("name", ["form_key", "seen", "item-57-version", "initial-starts_at", "items-TOTAL_FORMS"])
def test_what_a_form_goes_by_is_kept_and_not_shown(name: str) -> None:
    request = RequestFactory().post("/", {name: "7"})
    assert (typed(request), kept(request)) == ([], [(name, "7")])


def test_of_a_body_that_cannot_be_read_nothing_is_shown(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    assert typed(RequestFactory().post("/", {"one": "1", "two": "2"})) == []


@pytest.mark.parametrize(
    "name", ["password", "password1", "password2", "oldpassword", "code", "token", "csrfmiddlewaretoken", "form_key"]
)
def test_what_only_its_owner_knows_is_never_shown(name: str) -> None:
    request = RequestFactory().post("/accounts/signup/", {name: "correct horse battery staple", "message": TYPED})
    assert [one.value for one in typed(request)] == [TYPED]
