"""Undo instead of "are you sure": a message that carries the deed which takes the last one back."""

from django.contrib import messages
from django.http import HttpRequest


def offer(request: HttpRequest, text: str, url: str) -> None:
    """Say `text` on the next page, with a button that POSTs to `url` (a path of this site)."""
    messages.success(request, text, extra_tags=f"undo {url}")
