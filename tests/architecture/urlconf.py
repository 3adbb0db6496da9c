"""The portal's own routes, read from the URLconf."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

THEIRS = {"admin/"}
"""Prefixes whose routes are Wagtail's; `test_admin_gate.py` holds what is asked of them."""


def own_routes() -> dict[str, Callable[..., Any]]:
    """Name, with its namespace, to view, of every route that this project answers for."""
    return dict(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[Any], namespace: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if str(pattern.pattern) not in THEIRS:
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from _walk(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or pattern.pattern}", pattern.callback
