"""axe on every page, found by following links as each person: no finding, at two widths, light and dark."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, BrowserContext

from tests.architecture.table import all_routes
from tests.browser.conftest import Site, open_context, sign_in_as
from tests.browser.looking import findings

LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')
PEOPLE = ("", "Kaneland", "officer", "ROE 31")
"""A visitor, a director and buyer, an officer, a host, by a part of their name on `/demo/`."""

DIRECT: dict[str, tuple[str, ...]] = {
    "": (
        "/accounts/inactive/",
        "/accounts/login/code/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/done/",
        "/accounts/signup/",
        "/demo/",
        "/demo/outbox/",
        "/districts/kaneland-cusd-302-1724480/join/sent/",
        "/no-such-page/",
        "/search/?q=chromebook",
        "/search/?q=zzzzz",
        "/style-guide/",
    ),
    "Kaneland": (
        "/accounts/email/",
        "/accounts/logout/",
        "/accounts/password/set/",
        "/agreements/{chromebooks}/?quantity=240",
        "/agreements/{chromebooks}/commit/?quantity=240",
        "/agreements/{chromebooks}/commit/?quantity=&check=1",
        "/agreements/{chromebooks}/commit/?quantity=240&check=1&authority=delegated&evidence=Policy+4:60",
        "/answers/{answer}/edit/",
        "/practices/?tag=nothing-has-this",
        "/questions/{question}/edit/",
        "/search/?q=students+repairing+chromebooks",
        "/set-up/",
    ),
    "officer": ("/answers/{answer}/hide/", "/notes/1/hide/", "/practices/1/hide/", "/questions/{question}/hide/"),
    "ROE 31": (),
}
"""Pages behind a form or a flow, without rights, or not there. The tests of the form in error are below."""

SWITCH_OFF = """
from portal.districts.models import User
from portal.notices.deeds.switch import off_url
print(off_url(User.objects.filter(name__contains="Kaneland").first(), "weekly-summary"))
"""
"""Prints the link that stands at the end of each mail."""

OWN_WORDS = """
from knowledge.models import Answer, Question
for model in (Question, Answer):
    print(model.objects.filter(author__email="director@kaneland.example").first().pk)
"""
"""Prints the numbers of a question and an answer that Kaneland's director wrote."""

NOT_PAGES = {
    "admin-account": "Wagtail's page, with fewer of its panels",
    "districts:invitation": "walked in test_start_chapter.py: its link is in a mail",
    "districts:membership-allow": "no host of the demo is a buyer; the form is that of every other page",
    "districts:set-up-directory-file": "a CSV file",
    "events:meeting-file": "a calendar file",
    "events:meeting-reinstate": "no meeting of the demo that is to come is canceled; the form is that of canceling",
    "events:my-series-feed": "a calendar file",
    "events:series-feed": "a calendar file",
    "healthz": "plain text",
    "pages:document": "leads to a file",
    "pages:media": "an image",
    "pages:page": "leads to a page",
    "pages:robots": "plain text",
    "pages:sitemap": "XML",
    "purchasing:agreement-award": "axe looks at it in test_walk_through.py, where one is awarded",
    "purchasing:agreement-evaluate": "no agreement of the demo is out for bids; the form is that of the other verbs",
    "purchasing:agreement-grid-file": "a CSV file",
    "purchasing:agreement-resume": "no agreement of the demo is suspended; the form is that of the other verbs",
    "purchasing:agreement-revise": "no survey of the demo is under way; the form is that of the other verbs",
    "purchasing:agreement-withdraw": "axe looks at it in test_walk_through.py, where one has committed",
    "readyz": "JSON",
    "saved:feed": "an Atom feed",
    "saved:my-feed": "an Atom feed",
    "search:suggest": "the list under the box; see test_search_box.py",
    "wagtaildocs_serve": "a file",
}
"""Routes that answer GET with something else than a page, or only within a flow that has a test of its own."""

ERRORS = {
    "": ("/accounts/login/", "/districts/kaneland-cusd-302-1724480/join/"),
    "Kaneland": ("/practices/new/", "/questions/new/"),
    "officer": ("/people/invite/", "/set-up/directory/"),
    "ROE 31": ("/agreements/new/", "/meetings/series/new/"),
}
"""Forms, sent empty."""

DIFFERENT = {"events:meeting-detail", "purchasing:agreement-detail"}
"""What leads on from these depends on their state: the links of each are followed, though axe looks at one."""

Found = dict[str, dict[str, str]]


def pages_of(context: BrowserContext, site: Site, direct: tuple[str, ...]) -> dict[str, str]:
    """One address for each route that this person's links lead to, and each of the given addresses."""
    found: dict[str, str] = {}
    waiting = ["/", *direct]
    seen = set(waiting)
    while waiting:
        path = waiting.pop(0)
        name = route_of(path)
        if name in found and name not in DIFFERENT and path not in direct:
            continue
        response = context.request.get(site.url + path)
        if "text/html" not in response.headers.get("content-type", ""):
            continue
        if path in direct:
            found[path] = path
        if response.status != 200:
            continue
        found.setdefault(route_of(urlsplit(response.url).path), path)
        for link in LINK.findall(response.text()):
            target = urlsplit(urljoin(site.url + path, unescape(link)))
            address = target.path + (f"?{target.query}" if target.query else "")
            if target.netloc == urlsplit(site.url).netloc and address not in seen and target.path[:7] != "/admin/":
                seen.add(address)
                if route_of(address) not in found or route_of(address) in DIFFERENT:
                    waiting.append(address)
    return found


def route_of(address: str) -> str:
    """The route's name; of pages of the tree, and of the demo's own, what they lie under."""
    path = urlsplit(address).path
    try:
        name = resolve(path).view_name
    except Resolver404:
        return re.sub(r"\d+", "n", path)
    if name != "wagtail_serve":
        return name
    return f"wagtail_serve {path}" if path.count("/") < 3 else f"wagtail_serve {path.split('/')[1]}/*"


@pytest.fixture(scope="module")
def reached(chromium: Browser, site: Site) -> Found:
    """Each person's pages, by route."""
    found: Found = {}
    question, answer = site.manage("shell", "--no-imports", "--command", OWN_WORDS).split()
    switch_off = urlsplit(site.manage("shell", "--no-imports", "--command", SWITCH_OFF).strip()).path
    for who in PEOPLE:
        with as_person(chromium, site, who) as context:
            agreements = context.request.get(f"{site.url}/agreements/").text()
            chromebooks = re.search(r'"/agreements/(\d+)/">Chromebooks 2026', agreements)
            numbers = {"chromebooks": chromebooks[1] if chromebooks else "", "question": question, "answer": answer}
            direct = [path.format(**numbers) for path in DIRECT[who]]
            found[who] = pages_of(context, site, (*direct, switch_off) if who == "" else tuple(direct))
    return found


def as_person(chromium: Browser, site: Site, who: str) -> BrowserContext:
    context = open_context(chromium, site)
    if who:
        page = context.new_page()
        sign_in_as(page, who)
        page.get_by_role("heading", level=1, name="Needs").wait_for()
        page.close()
    return context


@pytest.mark.parametrize("who", PEOPLE)
def test_axe_finds_nothing_on_any_page(chromium: Browser, site: Site, reached: Found, who: str) -> None:
    """A page that a later person sees too, with more on it, is looked at as that person in both themes and widths."""
    assert len(reached[who]) > 15
    later = {name for other in PEOPLE[PEOPLE.index(who) + 1 :] for name in reached[other]}
    wrong = []
    with as_person(chromium, site, who) as context:
        page = context.new_page()
        for name, path in reached[who].items():
            page.goto(path)
            wrong += findings(page, thorough=name not in later)
        for path in ERRORS[who]:
            page.goto(path)
            page.locator("main form[method=post]").last.evaluate("form => { form.noValidate = true; }")
            page.locator("main form[method=post] [type=submit]").last.click()
            page.locator("[data-errors], .errors").first.wait_for()
            wrong += findings(page)
        assert context.foreign == [], "every request stays on this origin"  # type: ignore[attr-defined]
    assert not wrong, "\n".join(wrong)


def test_every_page_of_the_permission_table_is_reached(reached: Found) -> None:
    names = {name.split(" ")[0] for found in reached.values() for name in found}
    shown = {route.name for route in all_routes() if route.get and 200 in route.get.values()}
    missed = sorted(shown - names - set(NOT_PAGES))
    assert not missed, f"no link leads to {', '.join(missed)}"
    assert set(NOT_PAGES) & names == set(), "these are reached after all"
