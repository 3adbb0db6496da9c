"""What every view needs of a request."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.views.decorators.http import require_http_methods

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
"""A page with a form: shown by GET, sent by POST. Its form is bound to `posted(request)`."""


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, to bind a form to; None where the page is only looked at. An empty form that was sent is sent."""
    return request.POST if request.method == "POST" else None
