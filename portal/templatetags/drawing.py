"""Figures drawn by the server: SVG takes percentages, so no style attribute is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import cos, pi, sin
from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def percent(part: int | Decimal, whole: int | Decimal) -> str:
    """`part` of `whole` as an SVG length, between "0%" and "100%"; "0%" of nothing."""
    if not whole or part <= 0:
        return "0%"
    return f"{min(100 * part / whole, 100):.2f}%"


@dataclass(frozen=True, slots=True)
class Seat:
    """One place at the drawn table, in the units of a 400 x 300 drawing."""

    cell: Any
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    """SVG's text-anchor: a label grows away from the table."""


@register.filter
def seated(cells: Iterable[Any]) -> list[Seat]:
    """The cells around a table, the first at the top, then clockwise."""
    taken = list(cells)
    near_the_axis = 0.4 if len(taken) <= 10 else 0.2
    seats = []
    for place, cell in enumerate(taken):
        angle = 2 * pi * place / len(taken) - pi / 2
        across, down = cos(angle), sin(angle)
        anchor = "middle" if abs(across) < near_the_axis else "start" if across > 0 else "end"
        seats.append(
            Seat(
                cell,
                x=round(200 + 100 * across, 1),
                y=round(150 + 100 * down, 1),
                label_x=round(200 + 121 * across, 1),
                label_y=round(154 + (128 if anchor == "middle" else 121) * down, 1),
                anchor=anchor,
            )
        )
    return seats
