"""Headers that depend on the kind of page, and the way of a visitor to the front door."""

import logging
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from csp.constants import SELF
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.again import bring_back, keep
from portal.errors import refused, signed_out
from portal.logs import cause_of, path_of
from portal.metrics import count
from portal.refusals import Refused
from portal.typed import typed

log = structlog.get_logger(__name__)
A_FEW_LETTERS = 20
"""What nobody minds typing again: a form of no more leads straight to the sign-in page."""


class RequestLogMiddleware:
    """One line for each request, with what it came to; its `request_id` is the reference on the page of an error.

    Outermost of those that may fail. Nothing is asked for the line: the person is named where somebody else asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=str(uuid.uuid4())):
            response = self.get_response(request)
            seconds, status = time.monotonic() - began, response.status_code
            count(request, status, seconds)
            fault = getattr(response, "fault", None)
            cause = {} if fault is None or isinstance(fault, Resolver404) else {"cause": cause_of(fault)}
            log.log(
                logging.ERROR if status >= 500 else logging.WARNING if status >= 400 else logging.INFO,
                "request",
                method=request.method,
                path=path_of(request),
                status=status,
                milliseconds=round(seconds * 1000),
                person=getattr(getattr(request, "_cached_user", None), "pk", None),
                **({"exc_info": fault} if status >= 500 else cause),
            )
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response


class PolicyMiddleware(CSPMiddleware):
    """The strict content policy on portal pages, the admin's own on `/admin/` and on previews; no shared caching.

    A page rendered for Wagtail's preview panel sits in a same-origin frame; the preview view marks its response by
    `allow_framing`.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith("/admin/"):
            response._csp_replace = settings.ADMIN_CSP  # type: ignore[attr-defined]
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        elif getattr(response, "allow_framing", False):
            response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        if not response.has_header("Cache-Control") and not request.path.startswith(settings.STATIC_URL):
            patch_cache_control(response, private=True, no_store=True)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return super().process_response(request, response)


class SignInMiddleware(LoginRequiredMiddleware):
    """Signing in leads back to the page one came from, and a form that was sent signed out is filled in again there."""

    def process_view(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        answer: HttpResponseBase | None = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is None and request.method == "GET" and getattr(view_func, "login_required", True):
            return bring_back(request)
        return answer

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        if typed(request) and keep(request, _page_before(request)):
            messages.warning(request, _("You were signed out. Sign in, and what you typed comes back."))
            return redirect_to_login(request.get_full_path())
        to_sign_in = redirect_to_login(_page_before(request))
        has_text = any(len(one.value) > A_FEW_LETTERS for one in typed(request))
        return signed_out(request, to_sign_in.url) if has_text else to_sign_in


class RefusalMiddleware:
    """A page of its own for what a deed refused and its view did not show on the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return refused(request, exception) if isinstance(exception, Refused) else None


def _page_before(request: HttpRequest) -> str:
    """The page of this site where the form stood, else the home page: what takes only a POST cannot be led back to."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return (urlsplit(page)._replace(scheme="", netloc="", fragment="").geturl() if ours else "") or "/"
