from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from portal.districts.models import District
from portal.events.deeds.agenda import accept_item, add_item, change_item, link_item
from portal.events.deeds.attend import take_attendance
from portal.events.deeds.carry_over import start_from_last
from portal.events.deeds.circulate import approve, circulate
from portal.events.deeds.close_action import close_action, reopen_action
from portal.events.deeds.write_minutes import add_action, record_decision, write_notes
from portal.events.models import ActionItem, AgendaItem, Attendance, Decision
from portal.events.models.meetings import Meeting, MinutesState, Status
from portal.refusals import Refused
from portal.search.asking.finding import find
from tests.conftest import sign_in
from tests.events.makers import make_item, make_meeting, make_minutes
from tests.people import Cast

NOW = timezone.now()


def sheet(client: Client, meeting: Meeting, **typed: Any) -> Any:
    """What a browser sends of the page that `client` is shown now, with these fields typed over: `item_1_notes`."""
    fields: dict[str, Any] = {}
    for row in client.get(f"/meetings/{meeting.pk}/minutes/").context["rows"]:
        for field in (field for one in row.forms() for field in one):
            value = field.value()
            shown = "" if value is None or value is False else str(value)
            if value is not False:
                fields[field.html_name] = shown
            if field.field.show_hidden_initial:
                fields[field.html_initial_name] = "False" if value is False else shown
    return fields | {name.replace("_", "-", 2): value for name, value in typed.items()}


def test_a_stale_save_is_a_page_with_both_texts_and_nothing_is_lost(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-2)
    item, other = make_item(meeting), make_item(meeting, "Other business")
    url, name = f"/meetings/{meeting.pk}/minutes/", f"item_{item.pk}_notes"
    host, officer = sign_in(Client(), cast.host), sign_in(Client(), cast.officer)
    opened = sheet(officer, meeting, **{name: "What the officer wrote", f"item_{other.pk}_notes": "Under the other"})
    assert host.post(url, sheet(host, meeting, **{name: "What the host wrote"})).status_code == 302
    stale = officer.post(url, opened | {"form_key": str(uuid.uuid4())})
    assert stale.status_code == 409
    for text in ("What the host wrote", "What the officer wrote", "Under the other"):
        assert text in stale.text
    assert f'name="item-{item.pk}-version" value="1"' in stale.text
    assert [i.notes for i in meeting.items.accepted()] == ["What the host wrote", ""]
    again = opened | {f"item-{item.pk}-notes": "Both together", f"item-{item.pk}-version": 1}
    assert officer.post(url, again).status_code == 302
    assert [(i.notes, i.version) for i in meeting.items.accepted()] == [("Both together", 2), ("Under the other", 1)]


def test_any_button_saves_all_that_was_typed_and_touches_nothing_else(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-2)
    one, two, three = (make_item(meeting, title) for title in ("One", "Two", "Three"))
    client, url = sign_in(Client(), cast.host), f"/meetings/{meeting.pk}/minutes/"
    typed: dict[str, Any] = {
        f"item_{one.pk}_notes": "Under one",
        f"decide_{two.pk}_text": "Buy together",
        f"act_{two.pk}_text": "Ask the vendor",
        f"act_{two.pk}_owner": cast.geneva.pk,
        "to": two.pk,
    }
    assert client.post(url, sheet(client, meeting, **typed))["Location"] == f"{url}#item-{two.pk}"
    assert list(meeting.items.accepted().values_list("notes", "version")) == [("Under one", 1), ("", 0), ("", 0)]
    assert (two.decisions.get().text, two.actions.get().owner) == ("Buy together", cast.geneva)
    assert not three.decisions.exists()
    refused = client.post(
        url, sheet(client, meeting, **{f"act_{one.pk}_due": "2026-12-01", f"item_{two.pk}_notes": "Kept"})
    )
    assert refused.status_code == 422
    assert "Kept" in refused.text


def test_a_decision_and_an_action_are_put_right_and_taken_out_until_approval(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-2)
    item = make_minutes(cast, meeting)
    decision, action = item.decisions.get(), item.actions.get()
    client, url = sign_in(Client(), cast.host), f"/meetings/{meeting.pk}/minutes/"
    typed = {f"decision_{decision.pk}_text": "Share two parts lists", f"action_{action.pk}_owner": cast.batavia.pk}
    assert client.post(url, sheet(client, meeting, **typed)).status_code == 302
    assert (item.decisions.get().text, item.actions.get().owner) == ("Share two parts lists", cast.batavia)
    assert {hit.kind for hit in find('"share two parts lists"', user=cast.member).hits} == {"minutes"}
    emptied = {f"decision_{decision.pk}_text": "", f"action_{action.pk}_text": ""}
    assert client.post(url, sheet(client, meeting, **emptied)).status_code == 302
    assert not item.decisions.exists()
    assert not item.actions.exists()
    said = [row.data["was"] for row in ModelLogEntry.objects.filter(action="events.change_decision").order_by("pk")]
    assert said == ["Share one parts list", "Share two parts lists"]


def test_an_action_stays_with_a_district_that_left_the_area(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-2)
    item = make_minutes(cast, meeting)
    action = item.actions.get()
    District.objects.filter(pk=cast.geneva.pk).update(county=cast.dekalb, regional_office=cast.roe16)
    client, url = sign_in(Client(), cast.host), f"/meetings/{meeting.pk}/minutes/"
    assert client.get(url).content.decode().count(f'<option value="{cast.geneva.pk}"') == 1, "its own list has it"
    typed = {f"action_{action.pk}_text": "Send both lists"}
    assert client.post(url, sheet(client, meeting, **typed)).status_code == 302
    action.refresh_from_db()
    assert (action.text, action.owner) == ("Send both lists", cast.geneva)


def test_after_the_meeting_decisions_come_first_and_attendance_is_by_district(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-2)
    make_minutes(cast, meeting)
    page = sign_in(Client(), cast.member).get(f"/meetings/{meeting.pk}/").content.decode()
    assert page.index("Share one parts list") < page.index("Batavia lends its bench.")
    assert "2 of 3 districts" in page
    assert "Not there:" in page


def test_attendance_taken_twice_is_what_was_said_last(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-2)
    client = sign_in(Client(), cast.host)
    url = f"/meetings/{meeting.pk}/attendance/"
    client.post(url, {f"people_{cast.geneva.pk}": 2, f"people_{cast.batavia.pk}": 1})
    client.post(url, {f"people_{cast.geneva.pk}": 3, f"people_{cast.batavia.pk}": 0})
    assert list(Attendance.objects.values_list("district", "people")) == [(cast.geneva.pk, 3)]
    meeting.refresh_from_db()
    assert meeting.status == Status.HELD


def test_who_was_there_is_asked_from_the_start_on(cast: Cast) -> None:
    """A slip on the page of next month's meeting would otherwise end it for good."""
    meeting = make_meeting(cast, days=5)
    client = sign_in(Client(), cast.host)
    page, url = f"/meetings/{meeting.pk}/", f"/meetings/{meeting.pk}/attendance/"
    assert url not in client.get(page).content.decode()
    answer = client.post(url, {f"people_{cast.geneva.pk}": 2})
    assert answer.status_code == 422
    assert "has not begun" in answer.content.decode()
    client.post(f"/meetings/{meeting.pk}/circulate/")
    meeting.refresh_from_db()
    assert (meeting.status, meeting.minutes_state) == (Status.SCHEDULED, MinutesState.DRAFT)
    people = {cast.geneva: 2}
    with pytest.raises(Refused):
        take_attendance(meeting, people, by=cast.host, at=meeting.starts_at - timedelta(seconds=1))
    take_attendance(meeting, people, by=cast.host, at=meeting.starts_at)
    begun = make_meeting(cast, days=-1, series=meeting.series)
    assert f"/meetings/{begun.pk}/attendance/" in client.get(f"/meetings/{begun.pk}/").content.decode()


def test_an_action_is_closed_once_though_two_press(cast: Cast) -> None:
    """Who did it first, and when, stays; it can be opened and closed again."""
    meeting = make_meeting(cast, days=-2)
    action = add_action(meeting, "Send the parts list", owner=cast.geneva, by=cast.host)
    stale = ActionItem.objects.get(pk=action.pk)
    close_action(action, by=cast.neighbor, at=NOW)
    close_action(action, by=cast.host, at=NOW + timedelta(hours=1))
    close_action(stale, by=cast.host, at=NOW + timedelta(hours=1))
    stored = ActionItem.objects.get()
    assert (stored.closed_by, stored.closed_at) == (cast.neighbor, NOW)
    reopen_action(stored, by=cast.host)
    close_action(stored, by=cast.host, at=NOW + timedelta(hours=2))
    assert ActionItem.objects.get().closed_by == cast.host


def test_minutes_are_sent_round_once_though_two_press(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    """Each judges the stored row, not the one it read before."""
    meeting = make_meeting(cast, days=-2)
    stale = type(meeting).objects.get(pk=meeting.pk)
    circulate(meeting, by=cast.host, at=NOW, quiet=True)
    with pytest.raises(Refused):
        circulate(stale, by=cast.officer, at=NOW, quiet=True)


def test_minutes_go_from_draft_to_circulated_to_approved_and_then_stand(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    meeting = make_meeting(cast, days=-2)
    item = make_item(meeting)
    client = sign_in(Client(), cast.host)
    with pytest.raises(Refused):
        approve(meeting, by=cast.host, at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/meetings/{meeting.pk}/circulate/")
        client.post(f"/meetings/{meeting.pk}/circulate/")
    assert len(mail.outbox) == 3
    client.post(f"/meetings/{meeting.pk}/approve/")
    meeting.refresh_from_db()
    assert meeting.minutes_state == MinutesState.APPROVED
    assert client.post(f"/meetings/{meeting.pk}/minutes/", {f"item-{item.pk}-notes": "Afterthought"}).status_code == 403


@pytest.mark.parametrize(
    "deed", ["notes", "decision", "action", "attendance", "add", "change", "accept", "link", "start"]
)
def test_what_races_the_approval_changes_nothing(cast: Cast, deed: str) -> None:
    """Each deed judges the stored meeting, not the one its view found before somebody approved the minutes."""
    meeting = make_meeting(cast, days=-2)
    item = make_item(meeting)
    circulate(meeting, by=cast.host, at=NOW, quiet=True)
    approve(meeting, by=cast.officer, at=NOW)
    deeds: dict[str, Callable[[], object]] = {
        "notes": lambda: write_notes(item, "Afterthought", version=0, by=cast.host),
        "decision": lambda: record_decision(meeting, "Afterthought", item=item, by=cast.host),
        "action": lambda: add_action(meeting, "Afterthought", item=item, by=cast.host),
        "attendance": lambda: take_attendance(meeting, {cast.geneva: 9}, by=cast.host, at=NOW),
        "add": lambda: add_item(meeting, "Afterthought", by=cast.host),
        "change": lambda: change_item(item, {"title": "Afterthought"}, over=item.fingerprint(), by=cast.host),
        "accept": lambda: accept_item(item, by=cast.host),
        "link": lambda: link_item(item, ("practice", 1), by=cast.host),
        "start": lambda: start_from_last(meeting, by=cast.host),
    }
    assert meeting.minutes_state == MinutesState.DRAFT  # what the view found
    with pytest.raises(Refused, match="approved"):
        deeds[deed]()
    assert not Decision.objects.exists()
    assert not Attendance.objects.exists()
    assert (AgendaItem.objects.get().title, AgendaItem.objects.get().notes) == (item.title, "")


def test_a_decision_sent_twice_is_recorded_once(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-2)
    item, key = make_item(meeting), str(uuid.uuid4())
    client = sign_in(Client(), cast.host)
    for _time in range(2):
        client.post(f"/meetings/{meeting.pk}/minutes/", {f"decide-{item.pk}-text": "Buy together", "form_key": key})
    assert Decision.objects.count() == 1
