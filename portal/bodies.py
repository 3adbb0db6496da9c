"""How much one request may bring. What is larger is answered before anything reads, parses or judges it.

A body over `BODY_BYTES` on a view that takes no files is refused unparsed, without asking the database. Of a form over
`FORM_BYTES` the longest fields are cut, and it comes back to be looked over (`portal.again`): nothing of it is written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from portal.again import show_again
from portal.formats import number
from portal.typed import label_of

BODY_BYTES = 1_000_000
FORM_BYTES = 200_000
CUTS = (20_000, 5_000, 1_000)
"""How many letters each field keeps: the first of these with which the whole form fits."""
MOST_FORMS = 1000
"""Parts that one form may say it has; Django's formsets and Wagtail's blocks go through as many as they are told."""
COUNTS = ("-TOTAL_FORMS", "-count")

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(most: int) -> Callable[[View], View]:
    """Let a view take a body of so many bytes from who is signed in. The outermost of its decorators."""

    def mark(view: View) -> View:
        view.body_bytes = most  # type: ignore[attr-defined]
        return view

    return mark


class BodyMiddleware:
    """Stands before whatever reads a body, which the check of a form's token already does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        size = _size(request)
        if size > BODY_BYTES and size > _most(request.path_info):
            return _too_large()
        response = self.get_response(request)
        if getattr(request, "was_cut", False) and response.status_code in {200, 422}:
            response.status_code = 413
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        size = _size(request)
        if size > BODY_BYTES and not request.user.is_authenticated:
            request.POST = QueryDict()  # type: ignore[assignment] # whoever looks at the answer parses nothing either
            return _too_large()
        if request.method != "POST":
            return None
        _refuse_counts(request.POST)
        return _cut(request) if size > FORM_BYTES else None


def _size(request: HttpRequest) -> int:
    """What the request says it brings; no more than that is ever read."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdecimal() else 0


def _most(path: str) -> int:
    if path.startswith("/admin/"):
        return settings.ADMIN_BODY_BYTES
    try:
        return getattr(resolve(path).func, "body_bytes", BODY_BYTES)
    except Resolver404:
        return BODY_BYTES


def _too_large() -> HttpResponse:
    text = _("This is too large to be sent. Nothing was saved. Go back and shorten it, or send it in parts.")
    return HttpResponse(text, status=413, content_type="text/plain; charset=utf-8")


def _refuse_counts(fields: QueryDict) -> None:
    for name in fields:
        if name.endswith(COUNTS) and any(len(one) > 4 or int(one or 0) > MOST_FORMS for one in _numbers(fields, name)):
            raise BadRequest("A form says that it has more parts than any has.")


def _numbers(fields: QueryDict, name: str) -> list[str]:
    return [one.strip() for one in fields.getlist(name) if one.strip().isdecimal()]


def _cut(request: HttpRequest) -> HttpResponse | None:
    """The form with its longest fields cut, only to be shown; None too where it is not too large after all."""
    sent = request.POST
    if _bytes_of(sent) <= FORM_BYTES:
        return None
    if "form_key" not in sent:
        return None if request.path.startswith("/admin/") else _too_large()
    for most in CUTS:
        kept = _each_cut(sent, most)
        if _bytes_of(kept) <= FORM_BYTES:
            break
    else:
        return _too_large()
    names = [label_of(name, sent) for name, values in sent.lists() if any(len(value) > most for value in values)]
    request.POST = kept  # type: ignore[assignment]
    request.was_cut = True  # type: ignore[attr-defined]
    words = {"fields": ", ".join(names[:10]), "most": number(most)}
    show_again(request, _("This form was too large. Cut to %(most)s letters: %(fields)s.") % words)
    return None


def _bytes_of(fields: QueryDict) -> int:
    """Of the text itself, whatever it took to send it: a letter of another alphabet takes up to nine on the way."""
    return sum(len(name.encode()) + len(value.encode()) for name, values in fields.lists() for value in values)


def _each_cut(fields: QueryDict, most: int) -> QueryDict:
    kept = fields.copy()
    for name, values in fields.lists():
        kept.setlist(name, [value[:most] for value in values])
    return kept
