"""Figures drawn by the server: SVG takes percentages, so no style attribute is needed."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.simple_tag
def percent(part: int | Decimal, whole: int | Decimal) -> str:
    """`part` of `whole` as an SVG length, between "0%" and "100%"; "0%" of nothing."""
    if not whole or part <= 0:
        return "0%"
    return f"{min(100 * part / whole, 100):.2f}%"
