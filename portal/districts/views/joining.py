"""Coming in: asking with an address of the district, and the invitation's link."""

from __future__ import annotations

import secrets
import time
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.districts import rules
from portal.districts.deeds.invite import accept
from portal.districts.deeds.join import ask
from portal.districts.forms.joining import CodeForm, JoinForm
from portal.districts.models import District, Invitation, User
from portal.districts.screens.whom_to_ask import host_to_ask
from portal.districts.signed_in import note_here, others_here
from portal.http import posted, read_or_write, show_refusal
from portal.limits import address, limited, spend
from portal.once import once
from portal.refusals import Refused

CODE_SECONDS = 15 * 60
CODE_TRIES = 3
_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
_ASKED = "asked_to_join"


@login_not_required
@limited("join", address)
@never_cache
@read_or_write
def join(request: HttpRequest, slug: str) -> HttpResponse:
    district = get_object_or_404(District.objects.select_related("county", "regional_office"), slug=slug)
    if not rules.may_ask_to_join(request.user, district):
        whom = host_to_ask(request.user, district.regional_office, at=timezone.now())
        raise PermissionDenied(_("You are a member already. To add another district, ask %(whom)s.") % {"whom": whom})
    domains = [row.domain for row in district.mail_domains.all()]
    person = request.user if isinstance(request.user, User) else None
    form = JoinForm(posted(request), domains=domains, person=person)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        asked = {"slug": slug} | {name: form.cleaned_data[name] for name in ("email", "name", "message")}
        try:
            spend("join-code", asked["email"], timezone.now())
            return _send_code(request, asked, district) if person is None else _ask(request, asked, district)
        except Refused as refusal:
            status = show_refusal(form, refusal)
    whom = host_to_ask(None, district.regional_office, at=timezone.now())
    context = {"district": district, "form": form, "whom": whom}
    return render(request, "districts/join.html", context, status=status)


@login_not_required
@never_cache
@read_or_write
def join_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """The code from the email; after three wrong ones, or fifteen minutes, the asking starts over.

    Its session is written when the answer is, and not with the deed: no rollback brings a code or a try back.
    """
    district = get_object_or_404(District, slug=slug)
    asked = request.session.get(_ASKED)
    if not asked or asked["slug"] != slug or asked["until"] < time.time():
        return redirect("districts:join", slug)
    form = CodeForm(posted(request))
    if form.is_valid():
        if constant_time_compare(asked["digest"], _digest(form.cleaned_data["code"])):
            del request.session[_ASKED]
            return _ask(request, asked, district)
        form.add_error("code", _("That is not the code. Check the newest email and try again."))
        asked["tries"] += 1
        request.session[_ASKED] = asked
        if asked["tries"] >= CODE_TRIES:
            del request.session[_ASKED]
    context = {"district": district, "form": form, "email": asked["email"]}
    return render(request, "districts/join_confirm.html", context, status=422 if form.is_bound else 200)


def _ask(request: HttpRequest, asked: dict[str, Any], district: District) -> HttpResponse:
    with once(request) as sent:
        made = ask(asked["email"], asked["name"], district, asked["message"], at=timezone.now())
        answer: HttpResponse = sent.to("districts:join-sent", district.slug)
    note_here(request, answer, made.person)
    return answer


def _send_code(request: HttpRequest, asked: dict[str, Any], district: District) -> HttpResponse:
    """The code is made where a form sent twice is noticed, lest the session keeps one that is not the mail's."""
    code = "-".join("".join(secrets.choice(_ALPHABET) for _i in range(4)) for _part in range(2))
    with once(request) as sent, request_context(request):
        request.session[_ASKED] = asked | {"digest": _digest(code), "tries": 0, "until": time.time() + CODE_SECONDS}
        get_adapter(request).send_mail("account/email/join_code", asked["email"], {"code": code, "district": district})
        return sent.to("districts:join-confirm", district.slug)


def _digest(code: str) -> str:
    """Of the letters alone, so that "bcdf ghjk" is the code too."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return salted_hmac("portal.districts.join", letters, algorithm="sha256").hexdigest()


@login_not_required
@require_GET
def join_sent(request: HttpRequest, slug: str) -> HttpResponse:
    district = get_object_or_404(District.objects.select_related("regional_office"), slug=slug)
    whom = host_to_ask(None, district.regional_office, at=timezone.now())
    return render(request, "districts/join_sent.html", {"district": district, "whom": whom})


@login_not_required
@never_cache
@read_or_write
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Looking at it changes nothing: mail scanners open links. Accepting is a POST, and signs in a fresh account."""
    found = Invitation.objects.by_secret(secret)
    if found is None:
        raise Http404
    now = timezone.now()
    reason, status = found.closed_because(now), 410
    if not reason:
        reason, status = _other_person(request, found), 403
    if not reason and request.method == "POST":
        if found.needs_sign_in() and not request.user.is_authenticated:
            return redirect_to_login(request.path)
        try:
            return _accept(request, found, at=now)
        except Refused as closed:
            reason, status = str(closed), 410
    context = {"invitation": found, "reason": reason, "needs_sign_in": found.needs_sign_in()}
    return render(request, "districts/invitation.html", context, status=status if reason else 200)


def _accept(request: HttpRequest, found: Invitation, *, at: datetime) -> HttpResponse:
    """The session is written after the deed, and not with it."""
    with once(request) as sent:
        person, waiting = accept(found, at=at, here=others_here(request))
        answer: HttpResponse = sent.to("districts:set-up" if person.standing.is_officer else "/")
    if waiting is not None:
        messages.info(
            request,
            _("Thank you. %(why)s So a chapter officer decides first, and we mail you what comes of it.")
            % {"why": waiting.get_why_display()},
        )
    if not request.user.is_authenticated:
        login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return answer


def _other_person(request: HttpRequest, found: Invitation) -> str:
    if isinstance(request.user, User) and request.user.email != found.email:
        return _("This invitation is for %(email)s. Sign out to use it.") % {"email": found.email}
    return ""
