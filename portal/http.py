"""What every view does with a request and its form."""

from __future__ import annotations

from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.views.decorators.http import require_http_methods

from portal.refusals import Refused

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
"""A page with a form: shown by GET, sent by POST. Its form is bound to `posted(request)`."""


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, to bind a form to; None where the page is only looked at. An empty form that was sent is sent."""
    return request.POST if request.method == "POST" else None


def theme_of(request: HttpRequest) -> str:
    """The colors that the reader chose: "light", "dark", or "" for the device's own."""
    theme = request.COOKIES.get("theme", "")
    return theme if theme in {"light", "dark"} else ""


def show_refusal(form: BaseForm, refusal: Refused) -> int:
    """Put what a deed refused on the form; the status of the page that shows it again."""
    form.add_error(None, str(refusal))
    return refusal.status
