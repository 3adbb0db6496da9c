"""The gate of the Wagtail admin, and the day somebody was last here."""

from collections.abc import Callable

import structlog
from django.db import DatabaseError, DataError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone

from portal.districts.models.people import User, seen
from portal.districts.models.standing import standing_of
from portal.districts.signed_in import note_here
from portal.errors import bad_request

log = structlog.get_logger(__name__)
VERBS = ["GET", "HEAD", "OPTIONS", "POST"]


class AdminGateMiddleware:
    """`/admin/` exists for officers whose membership is in force today, whatever groups they were left in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.path.startswith("/admin/")
            and request.user.is_authenticated
            and not standing_of(request.user).is_officer
        ):
            raise Http404
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Wagtail's reports and listings take a date of the year 9999, or an id of 20 digits, for one that can be."""
        asked = request.path.startswith("/admin/") and request.method in {"GET", "HEAD"}
        return bad_request(request, exception) if asked and _cannot_be(exception) else None


def _cannot_be(exception: Exception) -> bool:
    """The database, or the field that would ask it, holds no such value."""
    not_a_number = isinstance(exception, ValueError) and "expected a number but got" in str(exception)
    return not_a_number or isinstance(exception, OverflowError | DataError)


class HereMiddleware:
    """Note in the browser who sent a form from it: signing in, by whatever way, is one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < 500 and isinstance(request.user, User):
            note_here(request, response, request.user)
        return response


class LastSeenMiddleware:
    """Keep the day of a person's last deed. Only a POST writes, and once a day: reading a page takes no write lock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < 500 and request.user.is_authenticated:
            try:
                seen(request.user, on=timezone.localdate())
            except DatabaseError as error:  # what the person sent is done all the same
                log.warning("last_seen_not_kept", exc_info=error)
        return response


class AccountVerbsMiddleware:
    """Pages of signing in know GET and POST; the views behind them would take a PUT for a POST."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/accounts/") and request.method not in VERBS:
            return HttpResponseNotAllowed(VERBS)
        return self.get_response(request)
