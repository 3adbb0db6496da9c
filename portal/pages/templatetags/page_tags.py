"""What templates ask of the page tree."""

from __future__ import annotations

from typing import Any

from django import template

from portal.pages.screens.menu import MenuItem
from portal.pages.screens.menu import main_menu as menu_of

register = template.Library()


@register.simple_tag(takes_context=True)
def main_menu(context: template.Context) -> list[MenuItem]:
    """`{% main_menu as items %}`: each `.title` and `.url`; empty where there is no request."""
    request: Any = context.get("request")
    return menu_of(getattr(request, "user", None)) if request is not None else []
