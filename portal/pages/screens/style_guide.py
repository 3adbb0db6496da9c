"""Made-up rows for every component."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.paging import Page

COLORS = [
    "ground",
    "surface",
    "tint",
    "line",
    "edge",
    "ink",
    "ink-soft",
    "accent",
    "accent-strong",
    "accent-tint",
    "closing",
    "closing-tint",
    "good",
    "good-tint",
    "wait",
    "wait-tint",
    "stop",
    "stop-tint",
    "mark",
]


def samples() -> dict[str, Any]:
    """The variables of the components that are no form."""
    return {
        "crumbs": [(_("Practices"), "/practices/"), (_("Devices"), "/practices/?tag=devices")],
        "page": Page(rows=[], next="next", previous="previous"),
        "cells": [
            {"label": "Kaneland", "state": "pilot", "title": "Kaneland CUSD 302", "own": True},
            {"label": "Geneva", "state": "yes", "title": "Geneva CUSD 304"},
            {"label": "Batavia", "state": "yes", "title": "Batavia USD 101"},
            {"label": "St. Charles", "state": "yes", "title": "St. Charles CUSD 303"},
            {"label": "Central 301", "state": "no", "title": "Central CUSD 301"},
            {"label": "U-46", "state": "stopped", "title": "School District U-46"},
            {"label": "D300", "state": "yes", "title": "Community Unit School District 300"},
            {"label": "West Aurora", "state": "no", "title": "West Aurora USD 129"},
            {"label": "East Aurora", "state": "yes", "title": "East Aurora USD 131"},
        ],
        "breaks": [
            {"quantity": 1, "price": "$329.00"},
            {"quantity": 500, "price": "$318.00"},
            {"quantity": 950, "price": "$306.00"},
        ],
        "tags": ["Chromebooks", "student help desk", {"name": "repair", "slug": "repair"}],
        "colors": COLORS,
    }
