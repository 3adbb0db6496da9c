"""What axe and a ruler find wrong with a page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import THEMES, WIDTHS

COLORS_ONLY = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What a theme can change: it is colors and nothing else."""


def findings(page: Page, *, thorough: bool = True) -> list[str]:
    """The open page at both widths, light and dark; not thorough: narrow and light only."""
    size = page.viewport_size
    assert size is not None
    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    wrong = []
    for width in WIDTHS if thorough else WIDTHS[:1]:
        page.set_viewport_size({"width": width, "height": 900})
        for theme in THEMES if thorough else THEMES[:1]:
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            where = f"{page.url} {width} {theme}"
            wrong += [f"{where}: {said}" for said in _axe(page, {} if theme == "light" else COLORS_ONLY)]
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if sideways > 0:
            wrong.append(f"{page.url} {width}: scrolls sideways by {sideways} px")
    page.set_viewport_size(size)
    return wrong


def _axe(page: Page, options: dict[str, Any]) -> list[str]:
    result = page.evaluate("options => axe.run(document, {resultTypes: ['violations'], ...options})", options)
    return [
        f"{violation['id']} ({violation['impact']}): {[node['html'][:200] for node in violation['nodes'][:3]]}"
        for violation in result["violations"]
    ]
