"""The search box while somebody types: by keys, by ear, by pointer, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import THEMES, WIDTHS, Site, open_context, sign_in_as


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    context = open_context(chromium, site)
    page = context.new_page()
    sign_in_as(page, "Kaneland")
    yield page
    assert context.foreign == [], "every request stays on this origin"  # type: ignore[attr-defined]
    context.close()


def typed(page: Page, path: str, words: str) -> None:
    """The page with the words typed into its first search box and the list open."""
    page.goto(path)
    page.keyboard.press("/")
    expect(page.get_by_role("combobox").first).to_be_focused()
    # letter by letter, and fast on a busy machine too
    page.evaluate("words => [...words].forEach(letter => document.execCommand('insertText', false, letter))", words)
    expect(page.get_by_role("listbox")).to_be_visible()


def test_the_arrow_keys_lead_through_the_list_and_enter_follows(page: Page) -> None:
    typed(page, "/practices/", "chromeb")
    box = page.get_by_role("combobox").first
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "true")
    options = page.get_by_role("listbox").get_by_role("option")
    count = options.count()
    assert 2 <= count <= 11
    expect(page.locator(".search [role=status]").first).to_contain_text(f"{count} suggestions")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(options.first.get_attribute("id")))
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(box).to_have_value("chromeb")
    page.keyboard.press("Home")
    assert box.get_attribute("aria-activedescendant") is None
    assert box.evaluate("input => input.selectionStart") == 0
    page.keyboard.press("ArrowUp")
    target = str(options.last.get_attribute("data-url"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{target}")


def test_escape_closes_the_list_and_leaves_the_words(page: Page) -> None:
    typed(page, "/search/", "chromeb")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box = page.get_by_role("combobox")
    expect(box).to_have_value("chromeb")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=chromeb*")


def test_a_word_is_searched_for_and_a_title_is_opened_by_a_press(page: Page) -> None:
    typed(page, "/", "chromeb")
    page.get_by_role("listbox").get_by_role("option").filter(has_text="Search").first.click()
    page.wait_for_url("**/search/?q=chromebook*")
    typed(page, "/", "chromeb")
    option = page.locator("[role=option][data-url]").first
    url = option.get_attribute("data-url")
    option.click()
    page.wait_for_url(f"**{url}")


def test_leaving_the_box_closes_the_list(page: Page) -> None:
    typed(page, "/practices/", "chromeb")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_fast_typing_asks_once_and_a_late_answer_is_dropped(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/search/suggest/" in request.url else None)
    typed(page, "/practices/", "chromebooks")
    assert len(asked) == 1, asked

    def late(route: Route) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    page.route("**/search/suggest/**", late)
    page.keyboard.type(" rep")
    page.wait_for_timeout(250)
    page.keyboard.press("Control+A")
    page.keyboard.type("x")
    page.wait_for_timeout(900)
    expect(page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize("path", ["/practices/", "/search/?q=chromebook&tag=repair&county=1"])
def test_axe_finds_nothing_while_the_list_is_open(page: Page, path: str) -> None:
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            typed(page, path, "chromeb")
            page.keyboard.press("ArrowDown")
            wrong += [
                f"{width} {theme} {violation['id']}: {[node['html'][:160] for node in violation['nodes'][:3]]}"
                for violation in Axe().run(page).response["violations"]
            ]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wrong.append(f"{width} {theme}: scrolls sideways")
    assert not wrong, "\n".join(wrong)


def test_without_scripts_the_box_and_the_filters_are_forms(chromium: Browser, site: Site) -> None:
    context = open_context(chromium, site, javascript=False, width=390)
    page = context.new_page()
    page.goto("/search/")
    page.get_by_role("searchbox").fill("chromebook county:Kane")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("searchbox")).to_have_value("chromebook")
    chip = page.get_by_role("link", name=re.compile("County: Kane ?, remove this filter"))
    expect(chip).to_be_visible()
    page.locator(".panel-of-filters > summary").click()
    page.locator(".panel-of-filters input[name=tag]").first.check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".chips .chip")).to_have_count(2)
    chip.click()
    expect(page.locator(".chips .chip")).to_have_count(1)
    context.close()


def test_filters_stand_open_beside_the_results_and_closed_below_them(chromium: Browser, site: Site) -> None:
    for width, is_open in ((1280, True), (390, False)):
        context = open_context(chromium, site, width=width)
        page = context.new_page()
        page.goto("/search/?q=chromebook")
        expect(page.get_by_role("button", name="Show")).to_be_visible(visible=is_open)
        if not is_open:
            page.get_by_role("link", name="Filter").click()
            expect(page.get_by_role("button", name="Show")).to_be_visible()
        context.close()
