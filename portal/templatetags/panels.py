"""Panels of other features on a page; see `portal.registry.Panel`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Engine
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def show_panels(context: template.Context, panels: list[dict[str, Any]]) -> SafeString:
    """Each panel's template, in order, with the panel's own variables on top of the page's."""
    engine = Engine.get_default()
    shown = []
    for panel in panels:
        with context.push(**panel):
            shown.append(engine.get_template(panel["template"]).render(context))
    return mark_safe("".join(shown))
