"""The pages above the one that is shown."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("components/crumbs.html")
def crumbs(*pairs: Any) -> dict[str, Any]:
    """The top page first: a label and its address in turn; a label without an address is left out."""
    return {"crumbs": [(label, url) for label, url in zip(pairs[::2], pairs[1::2], strict=True) if url]}
