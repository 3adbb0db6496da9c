"""Reading a page as a browser does: how a template is wrapped makes no difference."""

from __future__ import annotations

from typing import Any


def packed(page: Any) -> str:
    """Of a response, or of its text: one space for each run of white space, and none inside or beside a tag."""
    html: str = page if isinstance(page, str) else page.content.decode()
    return " ".join(html.split()).replace("> ", ">").replace(" <", "<").replace('" >', '">')
