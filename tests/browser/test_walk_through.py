"""The demo's walk-through, row by row: a county shares, buys and meets together, with and without JavaScript."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import WIDTHS, Site, open_context, sign_in_as
from tests.browser.looking import findings

CHROMEBOOKS = "Chromebooks 2026: 11.6-inch, touch, 8 GB"
CLOSES = r"closes \w{3}, \w{3} \d{1,2}(, \d{4})?, 3:00 PM C[SD]T"
REPAIR = "Students repair Chromebooks for credit"


@dataclass
class Walk:
    """One window on its way. Each stop is photographed where ROUNDTABLE_SCREENSHOTS names a folder."""

    page: Page
    site: Site
    width: int
    javascript: bool
    stops: int = 0

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    # Words may be read before styles and scripts are there: what needs those waits for the whole page.
    def stop(self, name: str) -> None:
        self.stops += 1
        self.page.wait_for_load_state()
        sideways = (
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if self.javascript
            else 0
        )
        assert sideways <= 0, f"{name} scrolls sideways by {sideways} px at {self.width}"
        if folder := os.environ.get("ROUNDTABLE_SCREENSHOTS"):
            script = "js" if self.javascript else "nojs"
            path = Path(folder) / f"{self.width}-{script}-{self.stops:02}-{name}.png"
            self.page.screenshot(path=path, full_page=True)

    def sees(self, *sentences: str | re.Pattern[str]) -> None:
        for sentence in sentences:
            expect(self.main).to_contain_text(sentence)

    def press(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        (within or self.main).get_by_role("button", name=name).first.click()

    def follow(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        (within or self.main).get_by_role("link", name=name).first.click()

    def header_search(self, words: str) -> None:
        """By the `/` key, or by hand where there is no script."""
        box = self.page.get_by_role("banner").locator("input[type=search]")
        if self.javascript:
            self.page.wait_for_load_state()
            self.page.keyboard.press("/")
            expect(box).to_be_focused()
            self.page.keyboard.type(words)
        else:
            box.fill(words)
        box.press("Enter")

    def sign_out(self) -> None:
        narrow = self.width < 600
        menu = self.page.locator("details.menu-narrow" if narrow else ".account-wide details.menu")
        menu.locator("summary").click()
        menu.get_by_role("button", name="Sign out").click()
        if "/accounts/logout" in self.page.url:
            self.press("Sign out")


def today() -> date:
    return datetime.now(ZoneInfo("America/Chicago")).date()


def number(text: str) -> int:
    return int(text.replace(",", "") or 0)


# --- the rows, in order -----------------------------------------------------------------------------------------------
def a_visitor_finds_a_district(walk: Walk) -> None:
    walk.page.goto("/")
    walk.sees("See what works in districts like yours. Meet monthly. Buy together.", "What districts share")
    meetings = walk.main.locator("section", has=walk.page.get_by_role("heading", name="Next meetings"))
    expect(meetings).to_contain_text("Kane County technology directors")
    walk.stop("visitor-home")
    walk.main.get_by_role("searchbox", name="Find your district").fill("kaneland")
    walk.press("Find")
    walk.sees("Kaneland CUSD 302")
    walk.stop("districts-found")
    walk.follow("Kaneland CUSD 302")
    walk.sees("3,736 students", "Kane County")
    expect(walk.main.get_by_role("link", name="Ask to join")).to_be_visible()
    for hidden in ("People", "Buys together", "Does this too"):
        expect(walk.main.get_by_role("heading", name=hidden)).to_have_count(0)
    expect(walk.main).not_to_contain_text("@")
    walk.stop("district-as-a-visitor")


def kaneland_sees_what_it_needs(walk: Walk) -> None:
    sign_in_as(walk.page, "Kaneland")
    expect(walk.page.get_by_role("heading", level=1, name="Needs Kaneland")).to_be_visible()
    needs = walk.main.locator(".needs > li")
    expect(needs).to_have_count(3)
    chromebooks = needs.filter(has_text=re.compile(rf"Chromebooks 2026.*{CLOSES}\. 37 more take \$12\.00 off each\."))
    expect(chromebooks.get_by_role("link", name="See our price")).to_be_visible()
    expect(needs.filter(has_text="Kane County technology directors")).to_have_count(1)
    expect(needs.filter(has_text=" asks: ")).to_have_count(1)
    walk.sees("7 of 9 districts", "Since you were here")
    walk.stop("member-home")


def kaneland_says_that_it_comes(walk: Walk) -> None:
    walk.press("In person")
    walk.sees("8 of 9 districts", "Your answer: In person.")
    expect(walk.main.get_by_role("button", name=re.compile("^Undo"))).to_be_visible()
    expect(walk.main.get_by_role("button", name="In person", pressed=True)).to_be_visible()
    walk.stop("answered-on-home")


def kaneland_finds_a_practice(walk: Walk) -> None:
    walk.header_search("students repairing chromebooks")
    kinds = walk.main.get_by_role("navigation", name="Kinds")
    for kind in ("Practices", "Questions", "Meetings"):
        expect(kinds.get_by_role("link", name=re.compile(rf"^{kind} \d+$"))).to_be_visible()
    first = walk.main.locator(".hits > li").first
    expect(first.get_by_role("link")).to_have_text(REPAIR)
    expect(first).to_contain_text("In use in 6 districts, 3 like yours")
    walk.stop("search")
    walk.follow(REPAIR, first)


def kaneland_does_this_too(walk: Walk) -> None:
    counts = "In use in 6 districts, {} piloting, 1 stopped; 3 like yours"
    walk.sees(counts.format(2))
    table = walk.page.locator("#districts table")
    stopped = table.get_by_role("row").filter(has=walk.page.locator(".badge", has_text="Stopped"))
    expect(stopped).to_contain_text("Aurora West")
    assert len(stopped.get_by_role("cell").last.inner_text()) > 40, "why it stopped"
    walk.stop("practice")
    walk.press("We do this too")
    expect(walk.page.locator(".toast")).to_be_in_viewport()
    walk.sees("Kaneland CUSD 302: in use.", "In use in 7 districts, 2 piloting, 1 stopped")
    walk.follow("Change what we say")
    walk.main.get_by_label("Piloting").check()
    walk.main.get_by_label("Note").fill("Two seniors started in October, screens only.")
    walk.stop("what-we-say")
    walk.press("Save")
    walk.sees(counts.format(3))
    ours = table.get_by_role("row").filter(has_text="Kaneland CUSD 302")
    expect(ours).to_contain_text("Piloting")
    expect(ours).to_contain_text("Two seniors started in October, screens only.")
    walk.stop("practice-with-us")


def kaneland_sees_its_price(walk: Walk) -> None:
    walk.page.get_by_role("link", name="Illinois Chapter").first.click()
    walk.follow(re.compile("^See our price"))
    walk.sees(CHROMEBOOKS, "37 more take $12.00 off each", "6 of 9 answered", "913")
    walk.stop("agreement")
    walk.main.get_by_label("How many devices?").fill("240")
    walk.press("See our price")
    ours = walk.page.locator("#ours")
    expect(ours.locator(".figures > div")).to_have_text(
        re.compile(r"for 240 devices, at \$306\.00 each for everyone\s*\$73,440\.00")
    )
    expect(ours).to_contain_text("Without us: $83,760.00 at $349.00 each")
    expect(ours).to_contain_text("1,153 devices are committed in all; $318.00 becomes $306.00 each for everyone")
    walk.stop("our-price")


def kaneland_commits(walk: Walk) -> None:
    walk.press("Go on to commit")
    board = today() - timedelta(days=13)
    expect(walk.main.get_by_label("How many devices?")).to_have_value("240")
    walk.main.get_by_label("Board date").fill(board.isoformat())
    walk.stop("commit")
    walk.press("Check")
    walk.sees("Check your answers", "240 devices", f"{board:%b} {board.day}", "$73,440.00 at $306.00 each")
    walk.stop("check")
    walk.press("Commit 240 devices")
    walk.sees(re.compile(r"1,153 devices.*\$318\.00 becomes \$306\.00 for everyone"))
    walk.sees("1,153 committed", "7 of 9 answered", re.compile(r"950 and up, now 1,153\s*\$306\.00\s*Reached"))
    walk.sees("240 devices committed")
    walk.stop("committed")
    walk.follow("Withdraw our commitment")
    walk.sees("Kaneland")
    walk.stop("withdraw")
    if walk.javascript:
        assert findings(walk.page) == []
    walk.page.go_back()
    walk.sees("240 devices committed")


def the_host_sees_who_is_missing(walk: Walk) -> None:
    walk.sign_out()
    sign_in_as(walk.page, "ROE 31")
    walk.sees("Needs ROE 31", "Next meeting")
    walk.stop("host-home")
    open_part(walk, "Agreements")
    walk.sees("1,153 devices committed")
    walk.stop("agreements")
    walk.follow(CHROMEBOOKS)
    expect(walk.main.locator(".legend")).to_contain_text("1,153 committed")
    walk.stop("agreement-as-host")
    walk.follow("All quantities")
    walk.sees("7 of 9 answered. Not yet: Central 301, St. Charles")
    assert [row[2:4] for row in grid_rows(walk) if row[0] == "Total"] == [["1,153", "0"]]
    walk.stop("grid")


def the_host_enters_a_district(walk: Walk) -> None:
    walk.follow("Enter for district Central 301")
    walk.main.get_by_label("How many devices?").fill("60")
    walk.main.get_by_label("Who said it").fill("Business manager")
    walk.main.get_by_label("by phone").check()
    walk.stop("enter-for-a-district")
    walk.press("Enter")
    walk.sees("Entered as planned for Central 301")
    rows = {row[0]: row for row in grid_rows(walk)}
    assert rows["Central CUSD 301"][2:4] == ["0", "60"]
    assert rows["Total"][2:4] == ["1,153", "60"], "planned moves no price"
    assert "phone" in rows["Central CUSD 301"][4]
    walk.stop("grid-with-central")
    with walk.page.expect_download() as download:
        walk.follow("Download CSV")
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text)))
    shown = [[cell.replace(",", "") for cell in row] for row in grid_rows(walk)]
    assert [[cell.replace(",", "") for cell in row] for row in table[1:]] == shown, "the file is what the screen shows"


def the_host_closes_and_awards(walk: Walk) -> None:
    walk.page.get_by_role("link", name=CHROMEBOOKS).first.click()
    expect(walk.main.locator(".ladder tr[aria-current]")).to_contain_text("$306.00")
    walk.follow("Close early")
    walk.sees("1,153 devices committed, at $306.00 each: $352,818.00 in all", "Not answered: St. Charles.")
    expect(walk.main.get_by_role("link", name="Keep the agreement open")).to_be_visible()
    walk.main.get_by_label("Reason").fill("Everybody who wanted some has answered by now.")
    walk.stop("close-early")
    walk.press("Close early")
    walk.sees("Closed, quantities fixed")
    walk.stop("closed")
    walk.follow("Award")
    walk.main.get_by_label("Vendor", exact=True).fill("Prairie Device Supply")
    walk.main.get_by_label("Where the price comes from").fill("Quote 2026-118")
    walk.main.get_by_label("Price held until").fill(f"{today() + timedelta(days=120)}")
    walk.main.get_by_label("Why this vendor").fill("Lowest of four quotes, and the only one with a liftgate.")
    walk.stop("award")
    if walk.javascript:
        assert findings(walk.page) == []
    walk.press("Award")
    expect(walk.main.locator("header .badge")).to_have_text("Awarded")
    history = walk.page.get_by_role("region", name="History").or_(walk.page.locator("section[aria-labelledby=history]"))
    for words in ("Closed, quantities fixed", "Technology host, ROE 31", "Everybody who wanted some", "Lowest of four"):
        expect(history.first).to_contain_text(words)
    walk.stop("awarded")


def the_host_moves_the_meeting(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("link", name="Illinois Chapter").first.click()
    walk.follow("Kane County technology directors")
    starts = datetime.fromisoformat(page.locator("main time").first.get_attribute("datetime") or "")
    walk.stop("meeting")
    walk.follow("Write the agenda")
    walk.sees("On the agenda")
    before = walk.main.locator(".agenda > li").count()
    walk.press("Start from last month")
    expect(walk.main.locator(".agenda > li").nth(before)).to_be_visible()
    walk.sees("carried over")
    walk.press(f"Add to the agenda {CHROMEBOOKS}")
    expect(walk.main.locator(".agenda")).to_contain_text(CHROMEBOOKS)
    walk.stop("agenda")
    page.get_by_role("link", name="Kane County technology directors").first.click()
    mails = outbox(walk, "moved")
    walk.follow("Move")
    later = starts + timedelta(days=7)
    walk.main.get_by_label("Date").fill(f"{later:%Y-%m-%d}")
    walk.main.get_by_label("Reason").fill("The room is taken by the county's election judges.")
    walk.stop("move")
    walk.press("Move and tell everyone")
    old = page.locator("main s").first
    expect(old).to_contain_text(f"{starts:%b} {starts.day}")
    walk.sees("Moved", f"{later:%b} {later.day}", "The room is taken by the county's election judges.")
    walk.stop("moved")
    where = page.url
    walk.site.manage("mail_worker", "--once")
    assert outbox(walk, "moved") - mails == 9, "everybody invited but the host who moved it"
    walk.page.goto("/demo/outbox/")
    walk.stop("outbox")
    page.goto(where)
    feed = page.request.get("/calendar/kane-county-technology-directors.ics").text()
    assert f"DTSTART;TZID=America/Chicago:{later:%Y%m%dT%H%M%S}" in feed
    assert f"DTSTART;TZID=America/Chicago:{starts:%Y%m%dT%H%M%S}" not in feed


def a_visitor_finds_less(walk: Walk) -> None:
    walk.header_search("chromebook")
    members = {kind: number(count) for kind, count in tabs(walk)}
    assert members["Agreements"] >= 1
    walk.sign_out()
    walk.page.goto("/")
    walk.header_search("chromebook")
    visitors = {kind: number(count) for kind, count in tabs(walk)}
    assert 0 < visitors["Practices"] < members["Practices"]
    assert not {"Agreements", "Questions", "Meetings"} & set(visitors)
    expect(walk.main.locator(".hits")).not_to_contain_text("Chromebooks 2026")
    walk.stop("search-as-a-visitor")


# --- what they read ---------------------------------------------------------------------------------------------------
def grid_rows(walk: Walk) -> list[list[str]]:
    """The grid's body and foot as text, without the column of deeds."""
    walk.page.wait_for_load_state()
    rows = walk.page.locator("#grid :is(tbody, tfoot) tr")
    return [[text.strip() for text in row.locator("th, td").all_inner_texts()[:-1]] for row in rows.all()]


def tabs(walk: Walk) -> list[tuple[str, str]]:
    """Each kind of the search page with its count."""
    expect(walk.main.get_by_role("heading", level=1, name="Search")).to_be_visible()
    walk.page.wait_for_load_state()
    links = walk.main.get_by_role("navigation", name="Kinds").get_by_role("link").all_inner_texts()
    return [(found[1], found[2]) for link in links if (found := re.match(r"(\D+?)\s*([\d,]+)$", link))]


def outbox(walk: Walk, word: str) -> int:
    """How many of the outbox's mails have the word in their subject, over all of its pages."""
    found, path = 0, "/demo/outbox/"
    reader: BrowserContext = walk.page.context
    while path:
        text = reader.request.get(walk.site.url + path).text()
        subjects = re.findall(r'<a href="/demo/outbox/\d+/">([^<]*)</a>', text)
        found += sum(word in subject.lower() for subject in subjects)
        further = re.search(r'<a[^>]*rel="next"[^>]*href="([^"]+)"|<a[^>]*href="([^"]+)"[^>]*rel="next"', text)
        path = "/demo/outbox/" + (further[1] or further[2]).replace("&amp;", "&") if further else ""
    return found


def open_part(walk: Walk, name: str) -> None:
    """A part of the portal from its navigation, which at a phone's width is in the menu."""
    if walk.width < 600:
        walk.page.locator("details.menu-narrow > summary").click()
    walk.page.get_by_role("banner").get_by_role("link", name=name).locator("visible=true").click()


ROWS: tuple[Callable[[Walk], None], ...] = (
    a_visitor_finds_a_district,
    kaneland_sees_what_it_needs,
    kaneland_says_that_it_comes,
    kaneland_finds_a_practice,
    kaneland_does_this_too,
    kaneland_sees_its_price,
    kaneland_commits,
    the_host_sees_who_is_missing,
    the_host_enters_a_district,
    the_host_closes_and_awards,
    the_host_moves_the_meeting,
    a_visitor_finds_less,
)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_a_county_shares_buys_and_meets_together(
    chromium: Browser, fresh_site: Site, javascript: bool, width: int
) -> None:
    context = open_context(chromium, fresh_site, width=width, javascript=javascript)
    walk = Walk(context.new_page(), fresh_site, width, javascript)
    for row in ROWS:
        row(walk)
    assert context.foreign == [], "every request stays on this origin"  # type: ignore[attr-defined]
    context.close()
