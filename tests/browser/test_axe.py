"""axe on every page, found by following links as each person: no finding, at two widths, light and dark."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, BrowserContext

from tests.browser.conftest import THEMES, WIDTHS, Site, open_context, sign_in_as

LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')
PEOPLE = ("Kaneland",)
"""By a part of their name on `/demo/`: a director and buyer."""


def pages_of(context: BrowserContext, site: Site) -> dict[str, str]:
    """One address for each route that this person's links lead to."""
    found: dict[str, str] = {}
    waiting, seen = ["/"], {"/"}
    while waiting:
        path = waiting.pop(0)
        response = context.request.get(site.url + path)
        if response.status != 200 or "text/html" not in response.headers.get("content-type", ""):
            continue
        name = route_of(path)
        found.setdefault(name, path)
        for link in LINK.findall(response.text()):
            target = urlsplit(urljoin(site.url + path, unescape(link)))
            address = target.path + (f"?{target.query}" if target.query else "")
            if target.netloc != urlsplit(site.url).netloc or address in seen or target.path.startswith("/admin"):
                continue
            if route_of(address) not in found:
                seen.add(address)
                waiting.append(address)
    return found


def route_of(address: str) -> str:
    path = urlsplit(address).path
    try:
        name = resolve(path).view_name
    except Resolver404:
        return path
    return path if name == "wagtail_serve" else name


def findings(context: BrowserContext, path: str) -> list[str]:
    page = context.new_page()
    wrong: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.goto(path)
            for violation in Axe().run(page).response["violations"]:
                nodes = [node["html"][:200] for node in violation["nodes"][:3]]
                wrong.append(f"{path} {width} {theme}: {violation['id']} ({violation['impact']}): {nodes}")
            sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if sideways > 0:
                wrong.append(f"{path} {width} {theme}: scrolls sideways by {sideways} px")
    page.close()
    return wrong


@pytest.mark.parametrize("who", PEOPLE)
def test_axe_finds_nothing_on_any_page(chromium: Browser, site: Site, who: str) -> None:
    context = open_context(chromium, site)
    if who:
        page = context.new_page()
        sign_in_as(page, who)
        page.close()
    pages = pages_of(context, site)
    assert len(pages) > 8
    wrong = [finding for path in pages.values() for finding in findings(context, path)]
    assert not wrong, "\n".join(wrong)
    assert context.foreign == [], "every request stays on this origin"  # type: ignore[attr-defined]
    context.close()
