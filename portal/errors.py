"""What is said when something cannot be shown or done. Every page names a reference that stands in the log."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.form_keys import key_of, made_for
from portal.refusals import Refused, Stale, TooMany
from portal.typed import kept, typed


def _page(request: HttpRequest, status: int, title: str, advice: str, **context: object) -> HttpResponse:
    reference = structlog.contextvars.get_contextvars().get("request_id", "")
    return render(
        request,
        "error.html",
        {"status": status, "title": title, "advice": advice, "reference": reference} | context,
        status=status,
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, _("That address or form was not complete"), _("Go back, reload the page and try again."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        403,
        _("This is not yours to do"),
        str(exception or "") or _("You can read this, but somebody else has the right to change it."),
        typed=typed(request),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        404,
        _("There is nothing here"),
        _("The address may be mistyped, or what was here is not open to you. Search for it, or sign in first."),
        typed=typed(request) if request.resolver_match else [],  # an unknown address has read no form
    )


def conflict(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        409,
        _("This form was already sent with other contents"),
        _("What you sent first is kept. Go back, reload the page and make your change there."),
        typed=typed(request),
    )


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """What a deed refused, where its view has no page of its own for that. What was typed can be sent from here."""
    title = _("That cannot be done now")
    if isinstance(refusal, Stale):
        title = _("Somebody changed this meanwhile")
    elif isinstance(refusal, TooMany):
        title = _("Not so fast")
    page = _page(request, refusal.status, title, str(refusal), typed=typed(request), kept=kept(request))
    if isinstance(refusal, TooMany):
        page.headers["Retry-After"] = str(refusal.seconds)
    return page


def too_many(request: HttpRequest) -> HttpResponse:
    """Where a limit of signing in is reached; of those in `portal.limits` the refusal itself says when to go on."""
    return _page(
        request,
        429,
        _("Too many tries"),
        _("Wait a few minutes, then send it again. What you typed is kept, passwords and codes aside."),
        typed=typed(request),
        kept=kept(request),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What another site may have typed is shown, and led nowhere; a form of the person's own can be sent from here."""
    own = request.user.is_authenticated and made_for(key_of(request)) == request.user.pk
    return _page(
        request,
        403,
        _("This form was open too long, or cookies are off"),
        _("What you typed is kept below. Send it from here, or reload the page and sign in if asked."),
        typed=typed(request),
        kept=kept(request) if own else None,
    )


def signed_out(request: HttpRequest, sign_in: str) -> HttpResponse:
    """Where a form ends whose session ran out: what was typed is shown, so that it can be copied."""
    return _page(
        request,
        403,
        _("You are signed out"),
        _("Nothing was saved. Copy what you typed, which is kept below, then sign in and send it again."),
        typed=typed(request),
        sign_in=sign_in,
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        500,
        _("Something went wrong on our side"),
        _("Nothing you typed was lost on purpose: go back and try again. If it happens again, send us the reference."),
    )
