"""What templates ask of the page tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language

from portal.districts.models.standing import standing_of
from portal.pages.screens.menu import main_menu
from portal.templatetags.parts import part

register = template.Library()


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    language: str
    name: str
    """Of the person who is signed in, else ""."""
    short_name: str
    nav: SafeString
    account: SafeString
    """The person's menu, or for a visitor the way to sign in."""


@register.simple_tag(takes_context=True)
def frame(context: template.Context) -> Frame:
    """`{% frame as frame %}`."""
    request: Any = context.get("request")
    user = getattr(request, "user", None)
    standing = standing_of(user)
    name = str(user) if standing.person_id else ""
    items = main_menu(user, request.path) if request is not None else ()
    account = part(
        "frame/account.html",
        is_signed_in=bool(name),
        district=standing.district.get_absolute_url() if standing.district else "",
        is_member=standing.is_member,
        is_host=bool(standing.office_ids),
        is_officer=standing.is_officer,
    )
    return Frame(get_language(), name, Truncator(name).chars(36), part("frame/nav.html", items=items), account)
