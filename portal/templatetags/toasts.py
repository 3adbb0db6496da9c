"""What a toast's template asks about a message."""

from __future__ import annotations

from django import template
from django.contrib.messages.storage.base import Message
from django.utils.http import url_has_allowed_host_and_scheme

register = template.Library()

OFFERED = "undo "
"""How `portal.undo.offer` marks a message; the path follows."""


@register.filter
def undo_path(message: Message) -> str:
    """Where the toast's Undo button posts, "" where none is offered. The form's token never leaves the site."""
    tags = message.extra_tags or ""
    path = tags.removeprefix(OFFERED)
    if tags.startswith(OFFERED) and path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return path
    return ""
