"""The host's pages with something on every line of them: each button says for whom or what it is."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone

from portal.events.deeds.agenda import propose_item
from portal.events.deeds.circulate import circulate
from portal.events.deeds.write_minutes import add_action
from tests.conftest import sign_in
from tests.events.makers import make_item, make_meeting
from tests.html import packed
from tests.knowledge.makers import make_practice
from tests.people import Cast


def test_each_button_of_the_agenda_says_which_item_it_is_about(cast: Cast, client: Client) -> None:
    meeting = make_meeting(cast)
    make_item(meeting, "Repairs by students")
    make_item(meeting, "E-Rate calendar")
    propose_item(meeting, "Phishing tests", by=cast.member, at=timezone.now())
    page = sign_in(client, cast.host).get(f"/meetings/{meeting.pk}/agenda/").content.decode()
    for about in ("Repairs by students", "E-Rate calendar", "Phishing tests"):
        assert f'<span class="visually-hidden"> {about}</span>' in page


def test_each_open_action_has_its_own_button(cast: Cast, client: Client) -> None:
    meeting = make_meeting(cast, days=-3)
    add_action(meeting, "Send the parts list", owner=cast.geneva, by=cast.host)
    circulate(meeting, by=cast.host, at=meeting.ends_at, quiet=True)
    sign_in(client, cast.host)
    for url in (meeting.get_absolute_url(), meeting.series.get_absolute_url()):
        page = client.get(url).content.decode()
        assert '<span class="visually-hidden"> Send the parts list</span>' in page, url


def test_what_the_chosen_pattern_asks_for_is_not_called_optional(cast: Cast, client: Client) -> None:
    page = packed(sign_in(client, cast.host).get("/meetings/series/new/"))
    for label in ("Every how many weeks", "Day of the month", "Single dates"):
        assert f">{label}</label>" in page
    for label in ("Which ones of the month", "Weekdays"):
        assert f"<legend>{label}</legend>" in page
    for label in ("From month", "To month"):
        assert f">{label}</label>" in page, "there is no empty choice"
    assert '>Last date<span class="optional">' in page


def test_a_linked_item_can_be_unlinked(cast: Cast, client: Client) -> None:
    meeting = make_meeting(cast)
    practice = make_practice(cast.kaneland)
    item = make_item(meeting, link=("practice", practice.pk))
    page = sign_in(client, cast.host).get(f"/meetings/{meeting.pk}/items/{item.pk}/link/")
    assert "Take the link off" in page.content.decode()
