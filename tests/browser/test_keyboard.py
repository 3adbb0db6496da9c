"""Keys, the skip link, and a choice of colors that is there before the page is drawn."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, open_context


def fresh(chromium: Browser, site: Site, **options: object) -> Page:
    return open_context(chromium, site, **options).new_page()  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [390, 1280])
def test_slash_leads_to_the_search_box(chromium: Browser, site: Site, width: int) -> None:
    page = fresh(chromium, site, width=width)
    page.goto("/practices/")
    page.keyboard.press("/")
    box = page.get_by_role("banner").locator("input[type=search]")
    expect(box).to_be_focused()
    expect(box).to_have_value("")


def test_a_slash_typed_into_a_field_stays_there(chromium: Browser, site: Site) -> None:
    page = fresh(chromium, site)
    page.goto("/")
    field = page.get_by_role("searchbox", name="Find your district")
    field.press_sequentially("a/b?")
    expect(field).to_have_value("a/b?")
    expect(field).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_question_mark_shows_the_shortcuts_and_escape_closes_them(chromium: Browser, site: Site) -> None:
    page = fresh(chromium, site)
    page.goto("/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    page.keyboard.press("/")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_single_keys_can_be_switched_off(chromium: Browser, site: Site) -> None:
    page = fresh(chromium, site)
    page.goto("/")
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Single keys work on this device").uncheck()
    page.get_by_role("button", name="Close").click()
    page.goto("/practices/")
    page.keyboard.press("?")
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("banner").locator("input[type=search]")).not_to_be_focused()


def test_the_first_tab_leads_past_the_header(chromium: Browser, site: Site) -> None:
    page = fresh(chromium, site)
    page.goto("/practices/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_tab_goes_through_the_page_and_is_never_caught(chromium: Browser, site: Site) -> None:
    page = fresh(chromium, site)
    page.goto("/practices/")
    last = page.get_by_role("button", name="Keyboard shortcuts")
    for _press in range(200):
        page.keyboard.press("Tab")
        if last.evaluate("element => element === document.activeElement"):
            return
        visible = page.evaluate(
            "(() => { const box = document.activeElement.getBoundingClientRect();"
            " return box.width > 0 && box.bottom > 0 && box.top < innerHeight; })()"
        )
        assert visible, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    raise AssertionError("the last control of the page was not reached")


@pytest.mark.parametrize("javascript", [True, False])
def test_chosen_colors_come_with_the_page_itself(chromium: Browser, site: Site, javascript: bool) -> None:
    """The attribute is in what the server sends, so no other color flashes first; the device's own choice is dark."""
    page = fresh(chromium, site, theme="dark", javascript=javascript)
    page.goto("/practices/")
    page.get_by_role("button", name="Light").click()
    expect(page).to_have_url(f"{site.url}/practices/")
    expect(page.get_by_role("button", name="Light", pressed=True)).to_be_visible()
    for path in ("/", "/search/?q=wifi", "/no-such-page/"):
        sent = page.context.request.get(f"{site.url}{path}").text()
        assert '<html lang="en-us" data-theme="light">' in sent
        page.goto(path)
        expect(page.locator("body")).to_have_css("color-scheme", "light")
    page.get_by_role("button", name="As my device").click()
    expect(page.locator("body")).to_have_css("color-scheme", "light dark")
    assert page.context.foreign == []  # type: ignore[attr-defined]
