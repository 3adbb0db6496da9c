"""Coming in: asking with an address of the district, and the invitation's link."""

from __future__ import annotations

import secrets
import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.core.context import request_context
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.districts import rules
from portal.districts.deeds import invite
from portal.districts.deeds import join as deeds
from portal.districts.forms.people import CodeForm, JoinForm
from portal.districts.models import District, Invitation, User
from portal.once import once

CODE_SECONDS = 15 * 60
CODE_TRIES = 3
_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
_ASKED = "asked_to_join"


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@once
def join(request: HttpRequest, slug: str) -> HttpResponse:
    district = get_object_or_404(District.objects.select_related("county"), slug=slug)
    if not rules.may_ask_to_join(request.user, district):
        raise PermissionDenied(_("You are a member already. Ask the host of your county to add another district."))
    domains = [row.domain for row in district.mail_domains.all()]
    person = request.user if isinstance(request.user, User) else None
    form = JoinForm(request.POST if request.method == "POST" else None, domains=domains, person=person)
    if not (form.is_bound and form.is_valid()):
        context = {"district": district, "domains": domains, "form": form}
        return render(request, "districts/join.html", context, status=422 if form.is_bound else 200)
    asked = {"slug": slug} | {name: form.cleaned_data[name] for name in ("email", "name", "message")}
    if not ratelimit.consume(request, action="join", key=asked["email"]):
        return render(request, "429.html", status=429)
    if person is not None:
        return _request(request, asked, district)
    _send_code(request, asked, district)
    return redirect("districts:join-confirm", slug)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@once
def join_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """The code from the mail; after three wrong ones, or fifteen minutes, the asking starts over."""
    district = get_object_or_404(District, slug=slug)
    asked = request.session.get(_ASKED)
    if not asked or asked["slug"] != slug or asked["until"] < time.time():
        return redirect("districts:join", slug)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if constant_time_compare(asked["digest"], _digest(form.cleaned_data["code"])):
            del request.session[_ASKED]
            return _request(request, asked, district)
        form.add_error("code", _("That is not the code. Look at the newest mail and try again."))
        asked["tries"] += 1
        request.session[_ASKED] = asked
        if asked["tries"] >= CODE_TRIES:
            del request.session[_ASKED]
    context = {"district": district, "form": form, "email": asked["email"]}
    return render(request, "districts/join_confirm.html", context, status=422 if form.is_bound else 200)


def _request(request: HttpRequest, asked: dict[str, Any], district: District) -> HttpResponse:
    deeds.ask(asked["email"], asked["name"], district, asked["message"], at=timezone.now())
    return redirect("districts:join-sent", district.slug)


def _send_code(request: HttpRequest, asked: dict[str, Any], district: District) -> None:
    """Mailed after the commit: on SQLite everybody else's writes would wait for the mail server's answer."""
    code = "-".join("".join(secrets.choice(_ALPHABET) for _i in range(4)) for _part in range(2))
    request.session[_ASKED] = asked | {"digest": _digest(code), "tries": 0, "until": time.time() + CODE_SECONDS}

    def send() -> None:
        with request_context(request):
            mail = {"code": code, "district": district}
            get_adapter(request).send_mail("account/email/join_code", asked["email"], mail)

    transaction.on_commit(send)


def _digest(code: str) -> str:
    """Of the letters alone, so that "bcdf ghjk" is the code too."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return salted_hmac("portal.districts.join", letters, algorithm="sha256").hexdigest()


@login_not_required
@require_http_methods(["GET"])
def join_sent(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "districts/join_sent.html", {"district": get_object_or_404(District, slug=slug)})


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@once
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Looking at it changes nothing: mail scanners open links. Accepting is a POST, and signs in a fresh account."""
    found = invite.find(secret)
    if found is None:
        raise Http404
    now = timezone.now()
    reason, status = found.closed_because(now), 410
    if not reason:
        reason, status = _other_person(request, found), 403
    if not reason and request.method == "POST":
        if invite.needs_sign_in(found) and not request.user.is_authenticated:
            return redirect_to_login(request.path)
        try:
            person = invite.accept(found, at=now)
        except invite.ClosedInvitationError as closed:
            reason, status = str(closed), 410
        else:
            if not request.user.is_authenticated:
                login(request, person, backend="django.contrib.auth.backends.ModelBackend")
            return redirect("districts:set-up" if person.standing.is_officer else "/")
    context = {"invitation": found, "reason": reason, "needs_sign_in": invite.needs_sign_in(found)}
    return render(request, "districts/invitation.html", context, status=status if reason else 200)


def _other_person(request: HttpRequest, found: Invitation) -> str:
    if isinstance(request.user, User) and request.user.email != found.email:
        return _("This invitation is for %(email)s. Sign out to use it.") % {"email": found.email}
    return ""
