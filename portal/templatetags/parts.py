"""Parts of a page that are the same wherever the same is shown in them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.districts.models.chapter import Chapter

register = template.Library()
MOST_KEPT = 5000


@register.simple_tag
def part(name: str, **shown: Any) -> SafeString:
    """`{% part "frame/nav.html" items=menu %}`: that template, rendered once for equal values.

    It sees nothing but the values named here, the language and the chapter's zone: no request, person or row, and it
    may not ask how late it is. So what is kept can never be out of date: with other rights, or after a change, the
    values are others. They are plain texts, whole numbers, dates, and tuples or frozen dataclasses of these: what is
    equal and looks different (two decimals, a text and the same as safe HTML) only by itself, where its type tells.
    """
    render = _rendered.__wrapped__ if settings.DEBUG else _rendered
    values = tuple((key, type(value), value) for key, value in shown.items())
    return render(name, get_language(), Chapter.current().zone, values)


@lru_cache(maxsize=MOST_KEPT)
def _rendered(name: str, language: str, zone: str, shown: tuple[tuple[str, type, Any], ...]) -> SafeString:
    return render_to_string(name, {key: value for key, _, value in shown})
