"""A chapter starts on an empty database, and walks *Set up* to its first meeting and its first request to join.

With the state's directory where `ROUNDTABLE_DIRECTORY` names it, else with twenty rows of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import Site, open_context
from tests.browser.looking import findings

DATA = Path(__file__).parent.parent / "districts" / "data"
DIRECTORY = Path(os.environ.get("ROUNDTABLE_DIRECTORY", DATA / "directory.csv"))
OFFICES = next(DIRECTORY.parent.glob("*offices.csv"))
COUNT_PRESSES = "addEventListener('click', event => event.isTrusted && window.pressed(), true)"


def test_a_chapter_starts_and_plans_its_first_meeting(
    chromium: Browser, empty_site: Site, record_property: Callable[[str, object], None]
) -> None:
    presses: list[int] = []
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
        count(context, presses)
        page = context.new_page()
        page.goto(link[0])
        expect(page.get_by_role("heading", level=1)).to_have_text("Your invitation to Prairie Chapter")
        wrong = findings(page)
        page.get_by_role("button", name="Accept and come in").click()
        expect(page.locator("main")).to_contain_text("0 of 6 steps are done.")
        wrong += findings(page)
        give_it_words(page)
        take_in_the_directory(page)
        wrong += findings(page)
        wrong += confirm_the_domains(page)
        invite_the_first_host(page)
        wrong += invite_a_county(page)
        wrong += findings(page)
        plan_the_first_meeting(page)
        wrong += findings(page)
        page.goto("/set-up/")
        expect(page.locator("main")).to_contain_text("6 of 6 steps are done.")
        assert not wrong, "\n".join(wrong)
        assert context.foreign == []  # type: ignore[attr-defined]
    record_property("presses of the officer from the invitation to the first meeting", len(presses))
    somebody_asks_to_join_and_the_host_takes_them_in(chromium, empty_site)


def count(context: BrowserContext, presses: list[int]) -> None:
    context.expose_function("pressed", lambda: presses.append(1))
    context.add_init_script(COUNT_PRESSES)


def step(page: Page, title: str) -> None:
    """Open one of the steps from *Set up*."""
    page.goto("/set-up/")
    todo = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title))
    expect(todo).to_contain_text("To do")
    todo.get_by_role("link").click()


def give_it_words(page: Page) -> None:
    step(page, "Name, logo and words")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Prairie Chapter")
    page.get_by_label("Sentence").fill("Learn from your neighbors.")
    page.locator("main").get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("1 of 6 steps are done.")


def take_in_the_directory(page: Page) -> None:
    step(page, "The directory")
    page.get_by_label("The state's directory").set_input_files(DIRECTORY)
    page.get_by_label("Regional offices").set_input_files(OFFICES)
    page.get_by_role("button", name="Take in the file").click()
    expect(page.get_by_role("heading", name="What was done")).to_be_visible()
    page.goto("/districts/?q=knaeland")
    expect(page.locator("main")).to_contain_text("Shown for “kaneland”")
    expect(page.locator("main")).to_contain_text("3,736 students")


def confirm_the_domains(page: Page) -> list[str]:
    step(page, "Mail domains")
    wrong = findings(page)
    page.get_by_role("button", name=re.compile(r"Confirm \d+ mail domains")).click()
    expect(page.locator("[data-toasts]")).to_contain_text("mail domains are confirmed.")
    return wrong


def invite_the_first_host(page: Page) -> None:
    step(page, "The first host")
    page.get_by_label("Email address").fill("host@prairie.example")
    page.get_by_label("Name").fill("First Host")
    expect(page.get_by_label("Role").locator("option:checked")).to_have_text("Host")
    choose(page, "Regional office", "Kane")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.locator("main")).to_contain_text("host@prairie.example")


def invite_a_county(page: Page) -> list[str]:
    """As the list came: numbered, several to a line, a name in the wrong order, and one whose domain tells nothing."""
    step(page, "A county invited")
    page.get_by_label("Addresses").fill(
        "Kane County directors\n1. it@kaneland.org\n2. Lee, Ann <ann@d303.org>; bo@u-46.org\n3. geneva@prairie.example"
    )
    page.get_by_role("button", name="See who will be invited").click()
    people = page.get_by_role("list", name="Who will be invited")
    for words in ("it@kaneland.org", "Kaneland CUSD 302", "Ann Lee", "St Charles CUSD 303", "SD U-46"):
        expect(people).to_contain_text(words)
    expect(page.locator("main")).to_contain_text("There is no address in it.")
    wrong = findings(page)
    page.get_by_label("No district has this mail domain").fill("geneva 304")
    page.get_by_role("button", name="Invite these").click()
    for name in ("Kaneland CUSD 302", "St Charles CUSD 303", "SD U-46", "Geneva CUSD 304"):
        expect(page.get_by_role("table")).to_contain_text(f"Invited to {name}.")
    return wrong


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
    page.get_by_role("button", name=re.compile(r"Plan \d+ meetings")).click()
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


def somebody_asks_to_join_and_the_host_takes_them_in(chromium: Browser, site: Site) -> None:
    with open_context(chromium, site, width=390) as visitor, open_context(chromium, site) as at_the_office:
        asker, host = visitor.new_page(), at_the_office.new_page()
        asker.goto("/districts/?q=60151")
        asker.locator("main").get_by_role("link", name="Kaneland CUSD 302").click()
        asker.get_by_role("link", name="Ask to join").click()
        wrong = findings(asker, thorough=False)
        asker.get_by_label("Your name").fill("Cy Young")
        asker.get_by_label("Your work email").fill("cy@kaneland.org")
        asker.locator("main").get_by_role("button", name="Ask to join").click()
        expect(asker.get_by_role("heading", level=1)).to_have_text("Confirm your address")
        site.manage("mail_worker", "--once")
        code = re.search(r"[A-Z]{4}-[A-Z]{4}", mail_to(host, "cy@kaneland.org").inner_text())
        assert code
        asker.get_by_label("The code from the email").fill(code[0])
        asker.get_by_role("button", name="Confirm").click()
        expect(asker.locator("main")).to_contain_text("Kane")
        address = mail_to(host, "host@prairie.example").locator("a", has_text="/invitations/").first
        host.goto(urlsplit(address.get_attribute("href") or "").path)
        host.get_by_role("button", name="Accept and come in").click()
        expect(host.get_by_role("heading", level=1)).to_contain_text("Needs")
        expect(host.locator("main")).to_contain_text("Kane County technology directors")
        host.get_by_role("listitem").filter(has_text="Cy Young asks to join").get_by_role("link", name="Answer").click()
        host.get_by_role("button", name="Approve").click()
        expect(host.locator("[data-toasts]")).to_contain_text("Cy Young is a member of Kaneland CUSD 302.")
        assert not wrong, "\n".join(wrong)


def mail_to(page: Page, address: str) -> Locator:
    """The newest mail to somebody, opened."""
    page.goto("/demo/outbox/")
    page.locator(".rows > li").filter(has_text=address).first.get_by_role("link").click()
    return page.locator("main")
