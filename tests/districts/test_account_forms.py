"""Every box of signing in says what to do in the portal's words, and takes an address as people write it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from allauth.account import app_settings
from allauth.account.forms import BaseSignupForm, ChangePhoneForm, UserTokenForm, VerifyPhoneForm
from django import forms
from django.conf import settings
from django.test import Client

from portal.districts.models import User
from tests.conftest import Browser, sign_in
from tests.people import Cast

PASSWORD = "four plain words here"
STORED, WRITTEN = "ann@xn--schle-mva.example", "Ann@schüle.example"
NOT_USED = (BaseSignupForm, ChangePhoneForm, VerifyPhoneForm, UserTokenForm)


@pytest.fixture
def ann(cast: Cast) -> User:
    cast.member.email = STORED
    cast.member.set_password(PASSWORD)
    cast.member.save()
    cast.member.own_address(confirmed=True)
    return cast.member


def test_every_form_of_allauth_that_is_used_is_ours() -> None:
    theirs = import_module("allauth.account.forms")
    used = {
        form
        for form in vars(theirs).values()
        if isinstance(form, type) and issubclass(form, forms.Form) and not issubclass(form, NOT_USED)
    }
    ours = [_class(path) for path in settings.ACCOUNT_FORMS.values()]
    left = {form for form in used if not any(issubclass(one, form) for one in ours)}
    assert left == set()
    assert app_settings.FORMS == settings.ACCOUNT_FORMS


def _class(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


@pytest.mark.parametrize("path", settings.ACCOUNT_FORMS.values())
def test_no_box_of_an_account_says_what_django_says(path: str) -> None:
    form = _class(path)
    made = form(**({"user": User()} if path.endswith("ReauthenticateForm") else {}))
    django = {str(text) for text in forms.EmailField().error_messages.values()} | {"Enter a valid email address."}
    said = {
        str(field.error_messages[code])
        for field in made.fields.values()
        for code in ("required", "invalid")
        if field.required and (code == "required" or isinstance(field, forms.EmailField))
    }
    assert said
    assert not said & django


@pytest.mark.parametrize("written", [WRITTEN, STORED])
def test_an_address_in_unicode_signs_in(ann: User, written: str) -> None:
    client = Browser()
    client.post("/accounts/login/", {"login": written, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(ann.pk)


def test_an_address_in_unicode_is_added_as_mail_servers_know_it(cast: Cast) -> None:
    cast.member.own_address(confirmed=True)
    client = sign_in(Client(), cast.member)
    answer = client.post("/accounts/email/", {"email": WRITTEN, "action_add": ""}, follow=True)
    assert STORED in answer.content.decode()
