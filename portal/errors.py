"""What is said when something cannot be shown or done. Every page names a reference that stands in the log.

In the portal's frame, with menus, which asks the database. Without it where the fault is ours or the frame fails too:
`_bare` asks nothing but a template.
"""

from __future__ import annotations

import sys

import structlog
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal import away
from portal.form_keys import key_of, made_for
from portal.http import theme_of
from portal.refusals import Refused, Stale, TooMany
from portal.typed import kept, typed

RETRY_SECONDS = 5


def _page(
    request: HttpRequest,
    status: int,
    title: str,
    advice: str,
    *,
    exception: BaseException | None = None,
    **said: object,
) -> HttpResponse:
    """The answer is another one where `exception` came of a database that is away."""
    if away.why(exception):
        return unavailable(request, exception)
    said |= {"status": status, "title": title, "advice": advice, "reference": _reference()}
    try:
        response = render(request, "error.html", said, status=status)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the page about one fault must not be the next
        return unavailable(request, fault) if away.why(fault) else _bare(request, status, title, advice, fault)
    return _noted(response, exception)


def _bare(
    request: HttpRequest, status: int, title: str, advice: str, fault: BaseException | None, *, send_again: bool = False
) -> HttpResponse:
    """From a template without context processors; with `send_again` what was typed is a form that can be sent."""
    said = {
        "title": title,
        "advice": advice,
        "reference": _reference(),
        "theme": theme_of(request),
        "request": request,
        "typed": typed(request),
    }
    if send_again and getattr(request, "csrf_processing_done", False):  # nobody is led to send what another site typed
        said |= {"kept": kept(request), "csrf_token": get_token(request)}
    if hasattr(request, "_messages"):
        request._messages.added_new = False  # "Saved" is not true now
    return _noted(HttpResponse(render_to_string("error_bare.html", said), status=status), fault)


def _reference() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def _noted(response: HttpResponse, fault: BaseException | None) -> HttpResponse:
    """The request's own line in the log has the cause: Django need not write another."""
    response.fault = fault  # type: ignore[attr-defined]
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        400,
        _("That address or form was not complete"),
        _("Go back, reload the page and try again."),
        exception=exception,
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        403,
        _("This is not yours to do"),
        str(exception or "") or _("You can read this, but somebody else has the right to change it."),
        exception=exception,
        typed=typed(request),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        404,
        _("There is nothing here"),
        _("The address may be mistyped, or what was here is not open to you. Search for it, or sign in first."),
        exception=exception,
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
        _("What you typed is kept below. Send it from here, or reload the page and sign in if asked.")
        if own
        else _("Nothing was saved. Copy what you typed, which is kept below, then reload the page and send it again."),
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
    """The last resort, called while the error is handled: each middleware and the view end here."""
    fault = sys.exc_info()[1]
    if away.why(fault):
        return unavailable(request, fault)
    return _bare(
        request,
        500,
        _("Something went wrong on our side"),
        _("Go back and try again. If it happens again, send us the reference."),
        fault,
    )


def unavailable(request: HttpRequest, fault: BaseException | None) -> HttpResponse:
    """503: the same request will do in a moment."""
    titles = {
        away.BUSY: _("The portal is busy right now"),
        away.GONE: _("The portal cannot answer right now"),
    }
    advice = _("Wait a few seconds, then try again.")
    if request.method == "POST":
        advice = _("What you typed is kept below. Wait a few seconds, then send it again.")
        if any(name == "form_key" for name, _value in kept(request)):
            advice += " " + _("If it did arrive the first time, it will not be done twice.")
    title = titles.get(away.why(fault), _("Nothing can be saved right now"))
    response = _bare(request, 503, title, advice, fault, send_again=request.method == "POST")
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
