"""A chapter starts on an empty database, and walks *Set up* to its first meeting."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, open_context
from tests.browser.looking import findings

DATA = Path(__file__).parent.parent / "districts" / "data"


def test_a_chapter_starts_and_plans_its_first_meeting(chromium: Browser, empty_site: Site) -> None:
    said = empty_site.manage(
        "start_chapter",
        "--name=Prairie Chapter",
        "--state=Illinois",
        "--zone=America/Chicago",
        "--officer-email=first@prairie.example",
        "--officer-name=First Officer",
    )
    link = re.search(r"http://\S+/invitations/\S+", said)
    assert link, said
    with open_context(chromium, empty_site, width=390) as context:
        page = context.new_page()
        page.goto(link[0])
        expect(page.get_by_role("heading", level=1)).to_have_text("Your invitation to Prairie Chapter")
        wrong = findings(page)
        page.get_by_role("button", name="Accept and come in").click()
        expect(page.locator("main")).to_contain_text("0 of 5 steps are done.")
        wrong += findings(page)
        give_it_words(page)
        take_in_the_directory(page)
        wrong += findings(page)
        invite_the_first_host(page)
        invite_a_county(page)
        wrong += findings(page)
        plan_the_first_meeting(page)
        wrong += findings(page)
        page.goto("/set-up/")
        expect(page.locator("main")).to_contain_text("5 of 5 steps are done.")
        assert not wrong, "\n".join(wrong)
        assert context.foreign == []  # type: ignore[attr-defined]
    empty_site.manage("mail_worker", "--once")
    the_host_comes_in(chromium, empty_site)


def step(page: Page, title: str) -> None:
    """Open one of the five steps from *Set up*."""
    page.goto("/set-up/")
    todo = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title))
    expect(todo).to_contain_text("To do")
    todo.get_by_role("link").click()


def give_it_words(page: Page) -> None:
    step(page, "Name, logo and words")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Prairie Chapter")
    page.get_by_label("Sentence").fill("Learn from your neighbors.")
    page.locator("main").get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("1 of 5 steps are done.")


def take_in_the_directory(page: Page) -> None:
    step(page, "The directory")
    page.get_by_label("The state's directory").set_input_files(DATA / "directory.csv")
    page.get_by_label("Regional offices").set_input_files(DATA / "offices.csv")
    page.get_by_role("button", name="Take in the file").click()
    expect(page.get_by_role("heading", name="What was done")).to_be_visible()
    page.goto("/districts/?q=kaneland")
    expect(page.locator("main")).to_contain_text("3,736 students")


def invite_the_first_host(page: Page) -> None:
    step(page, "The first host")
    page.get_by_label("Email address").fill("host@prairie.example")
    page.get_by_label("Name").fill("First Host")
    expect(page.get_by_label("Role").locator("option:checked")).to_have_text("Host")
    choose(page, "Regional office", "Kane")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.locator("main")).to_contain_text("host@prairie.example")


def invite_a_county(page: Page) -> None:
    step(page, "A county invited")
    page.get_by_label("Addresses").fill("Kaneland Director <kaneland@prairie.example>\ngeneva@prairie.example\nnobody")
    page.get_by_role("button", name="Invite them").click()
    expect(page.get_by_role("table")).to_contain_text("This is not an email address.")
    choose(page, "Kaneland Director", "Kaneland CUSD 302")
    choose(page, "geneva@prairie.example", "Geneva CUSD 304")
    page.get_by_role("button", name="Invite these").click()
    expect(page.get_by_role("table")).to_contain_text("Invited to Kaneland CUSD 302.")
    expect(page.get_by_role("table")).to_contain_text("Invited to Geneva CUSD 304.")


def plan_the_first_meeting(page: Page) -> None:
    step(page, "First meeting")
    today = datetime.now(ZoneInfo("America/Chicago")).date()
    page.get_by_label("Name", exact=True).fill("Kane County technology directors")
    choose(page, "Regional office", "Kane")
    choose(page, "County", "Kane")
    for name in ("From month", "To month"):
        page.get_by_label(name).select_option("1" if name.startswith("From") else "12")
    page.get_by_label("First date").fill(f"{today + timedelta(days=1)}")
    page.get_by_label("Starts at").fill("13:30")
    page.locator("main").get_by_role("button").last.click()
    expect(page.locator("main")).to_contain_text("Coming up")
    page.get_by_role("link", name="1:30 PM").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kane County technology directors")
    expect(page.locator("main")).to_contain_text(re.compile(r"Thu, \w{3} \d{1,2}.*1:30 PM C[SD]T"))
    expect(page.get_by_role("link", name="Write the agenda")).to_be_visible()


def choose(page: Page, label: str, words: str) -> None:
    """The option of a list that has the words."""
    field = page.get_by_label(label).first
    option = field.locator("option").filter(has_text=words).first
    field.select_option(option.get_attribute("value"))


def the_host_comes_in(chromium: Browser, site: Site) -> None:
    with open_context(chromium, site) as context:
        page = context.new_page()
        page.goto("/demo/outbox/")
        mail = page.locator(".rows > li").filter(has_text="host@prairie.example")
        mail.get_by_role("link").click()
        address = page.locator("main a", has_text="/invitations/").first.get_attribute("href") or ""
        page.goto(urlsplit(address).path)
        page.get_by_role("button", name="Accept and come in").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Needs")
        expect(page.locator("main")).to_contain_text("Kane County technology directors")
