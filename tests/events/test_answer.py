from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import pairwise

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from portal.events import rules
from portal.events.deeds.answer import answer, answer_for, undo, undo_token
from portal.events.deeds.change import change_details
from portal.events.deeds.reschedule import cancel, move
from portal.events.hooks import panels
from portal.events.models import Meeting, Rsvp
from portal.events.models.recurrence import Pattern, Recurrence
from portal.notices.models import Notice
from portal.refusals import Refused
from portal.registry import PanelContext
from portal.templatetags.wording import when
from tests.conftest import sign_in
from tests.events.makers import make_item, make_meeting, make_series
from tests.html import packed
from tests.people import Cast
from tests.signatures import signed_ago

NOW = timezone.now()


def test_one_press_answers_and_a_second_is_the_same_answer(cast: Cast) -> None:
    meeting = make_meeting(cast)
    client, key = sign_in(Client(), cast.member), str(uuid.uuid4())
    for _time in range(2):
        response = client.post(f"/meetings/{meeting.pk}/rsvp/", {"answer": "in_person", "form_key": key})
        assert response.status_code == 302
    client.post(f"/meetings/{meeting.pk}/rsvp/", {"answer": "online"})
    rsvp = Rsvp.objects.get()
    assert (rsvp.answer, rsvp.district, rsvp.person) == ("online", cast.kaneland, cast.member)


def undo_on(page: str) -> str:
    found = re.search(r"/meetings/\d+/rsvp/back/[^\"/]+/", page)
    assert found is not None
    return found[0]


def test_undo_brings_back_what_was_said_before_with_its_note_and_time(cast: Cast) -> None:
    meeting = make_meeting(cast)
    yesterday = NOW - timedelta(days=1)
    answer(meeting, cast.member, "maybe", at=yesterday, note="if the bus comes")
    before = Rsvp.objects.values().get()
    client = sign_in(Client(), cast.member)
    page = client.post(f"/meetings/{meeting.pk}/rsvp/", {"answer": "no"}, follow=True).content.decode()
    assert Rsvp.objects.get().note == ""
    client.post(undo_on(page))
    assert Rsvp.objects.values().get() == before


def test_undo_of_the_first_answer_leaves_none(cast: Cast) -> None:
    meeting = make_meeting(cast)
    client = sign_in(Client(), cast.member)
    page = client.post(f"/meetings/{meeting.pk}/rsvp/", {"answer": "no"}, follow=True).content.decode()
    assert sign_in(Client(), cast.buyer).post(undo_on(page)).status_code == 404
    assert Rsvp.objects.exists()
    client.post(undo_on(page))
    assert not Rsvp.objects.exists()


def test_answering_on_the_home_page_leads_back_there(cast: Cast) -> None:
    meeting = make_meeting(cast)
    client = sign_in(Client(), cast.member)
    response = client.post(
        f"/meetings/{meeting.pk}/rsvp/", {"answer": "online"}, headers={"Referer": "http://testserver/"}
    )
    assert response.headers["Location"] == "/"
    response = client.post(
        f"/meetings/{meeting.pk}/rsvp/", {"answer": "no"}, headers={"Referer": "https://evil.example/"}
    )
    assert response.headers["Location"] == f"/meetings/{meeting.pk}/"


def test_a_district_counts_once_however_many_answer_for_it(cast: Cast) -> None:
    meeting = make_meeting(cast)
    answer(meeting, cast.member, "online", at=NOW)
    answer(meeting, cast.buyer, "in_person", at=NOW)
    answer_for(meeting, cast.kaneland, "maybe", by=cast.host, at=NOW)
    answer_for(meeting, cast.batavia, "no", by=cast.host, at=NOW, note="by phone")
    answer(meeting, cast.host, "in_person", at=NOW)
    page = sign_in(Client(), cast.neighbor).get(f"/meetings/{meeting.pk}/").content.decode()
    assert "2 of 3 districts" in page
    assert "Geneva" in page.split("No answer yet:")[1][:40]


def test_no_answer_is_taken_for_a_canceled_meeting_or_one_that_is_over(cast: Cast) -> None:
    over = make_meeting(cast, days=-3)
    canceled = make_meeting(cast, series=over.series)
    cancel(canceled, by=cast.host, at=NOW, reason="Snow", quiet=True)
    for meeting in (over, canceled):
        meeting.refresh_from_db()
        with pytest.raises(Refused):
            answer(meeting, cast.member, "online", at=NOW)
        response = sign_in(Client(), cast.member).post(f"/meetings/{meeting.pk}/rsvp/", {"answer": "online"})
        assert response.status_code == 422


def test_answers_are_taken_until_the_instant_at_which_it_ends(cast: Cast) -> None:
    meeting = make_meeting(cast)
    last, end = meeting.ends_at - timedelta(microseconds=1), meeting.ends_at
    assert [meeting.is_over(at) for at in (last, end)] == [False, True]
    assert [rules.may_answer(cast.member, meeting, at) for at in (last, end)] == [True, False]
    assert [rules.may_propose(cast.member, meeting, at) for at in (last, end)] == [True, False]
    assert [Meeting.objects.to_come(at).filter(pk=meeting.pk).exists() for at in (last, end)] == [True, False]
    answer(meeting, cast.member, "online", at=last)
    answer_for(meeting, cast.geneva, "online", by=cast.host, at=last)
    with pytest.raises(Refused):
        answer(meeting, cast.member, "no", at=end)
    with pytest.raises(Refused):
        answer_for(meeting, cast.geneva, "no", by=cast.host, at=end)
    assert set(Rsvp.objects.values_list("answer", flat=True)) == {"online"}


@pytest.mark.parametrize(("seconds", "is_undone"), [(24 * 3600 - 60, True), (24 * 3600 + 60, False)])
def test_an_undo_is_offered_for_a_day(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, seconds: int, is_undone: bool
) -> None:
    meeting = make_meeting(cast)
    with signed_ago(monkeypatch, seconds):
        token = undo_token(meeting, cast.member)
    answer(meeting, cast.member, "no", at=NOW)
    assert undo(meeting, cast.member, token, at=NOW) is is_undone
    assert Rsvp.objects.exists() is not is_undone


def test_an_answer_is_asked_for_from_twenty_one_days_before_and_of_the_next_from_thirty_five(cast: Cast) -> None:
    every_two_weeks = Recurrence(Pattern.WEEKS, weekdays=(3,), interval=2)
    series = make_series(cast, at=datetime(2026, 9, 1, 15, tzinfo=UTC), recurrence=every_two_weeks)
    first, _second, third = series.meetings.order_by("starts_at")[:3]
    for meeting, days in ((first, 35), (third, 21)):
        edge = meeting.starts_at - timedelta(days=days)
        for at, is_asked in ((edge - timedelta(microseconds=1), False), (edge, True)):
            needed = panels.missing_answers(PanelContext(cast.member, at))
            assert (meeting.starts_at in {need.by for need in needed}) is is_asked


def test_home_shows_the_next_meeting_and_needs_an_answer_until_there_is_one(cast: Cast) -> None:
    meeting = make_meeting(cast, days=1, first_date=NOW.date() + timedelta(days=3))
    for title in ("One", "Two", "Three", "Four"):
        make_item(meeting, title)
    context = PanelContext(cast.member, NOW)
    shown = panels.next_meeting(context)
    assert shown is not None
    assert [item.title for item in shown["lines"]] == ["One", "Two", "Three"]
    assert (shown["meeting"].districts_answered, shown["district_count"]) == (0, 3)
    assert panels.missing_answers(context)[0].by == meeting.starts_at
    for needed in meeting.series.meetings.filter(starts_at__lte=NOW + timedelta(days=22), starts_at__gt=NOW):
        answer(needed, cast.buyer, "no", at=NOW)
    assert panels.missing_answers(context) == []
    assert panels.next_meeting(PanelContext(cast.outsider, NOW)) is None


def test_the_next_of_a_monthly_meeting_is_asked_about_once_the_last_is_over(cast: Cast) -> None:
    dates = list(make_series(cast, at=datetime(2026, 9, 1, 15, tzinfo=UTC)).meetings.order_by("starts_at"))
    assert len(dates) == 12
    for last, following in pairwise(dates):
        needed = panels.missing_answers(PanelContext(cast.member, last.ends_at))
        assert [need.by for need in needed] == [following.starts_at]
    two_in_sight = dates[2].starts_at - timedelta(days=5)
    assert [need.by for need in panels.missing_answers(PanelContext(cast.member, two_in_sight))] == [dates[2].starts_at]


def test_an_extra_meeting_does_not_hide_the_one_after_it(cast: Cast) -> None:
    extra = make_meeting(cast, days=1)
    following = extra.series.meetings.exclude(pk=extra.pk).to_come(NOW).first()
    assert following is not None
    at = following.starts_at - timedelta(days=20)
    extra.series.meetings.filter(pk=extra.pk).update(starts_at=at + timedelta(days=1), ends_at=at + timedelta(days=1.1))
    extra.refresh_from_db()
    needed = panels.missing_answers(PanelContext(cast.member, at))
    assert [need.by for need in needed] == [extra.starts_at, following.starts_at]


def test_visitors_see_the_next_public_dates_only(cast: Cast) -> None:
    make_series(cast)
    assert panels.public_dates(PanelContext(cast.visitor, NOW)) is None
    series = make_series(cast, name="Open", dates_public=True)
    shown = panels.public_dates(PanelContext(cast.visitor, NOW))
    assert shown is not None
    assert {m.series_id for m in shown["meetings"]} == {series.pk}


# --- answers are for a date ------------------------------------------------------------------------------------------
LATER = timedelta(days=1)


def test_a_moved_meeting_is_asked_about_anew_and_shows_each_what_they_said(cast: Cast) -> None:
    meeting = make_meeting(cast, days=1)
    was = meeting.starts_at
    answer(meeting, cast.member, "in_person", at=NOW)
    answer_for(meeting, cast.batavia, "no", by=cast.host, at=NOW)
    moved = move(meeting, was + LATER, by=cast.host, at=NOW, reason="Testing week")
    assert panels.missing_answers(PanelContext(cast.member, NOW))[0].by == moved.starts_at
    member = sign_in(Client(), cast.member)
    for url in (moved.get_absolute_url(), "/"):
        page = packed(member.get(url))
        assert "0 of 3 districts" in page, url
        assert "have answered for the new date" in page, url
        assert f"You said “In person” for {when(was, moved.zone)}. Are you coming on the new date?" in page, url
    assert "2 districts had answered for another date and are asked again." in packed(
        sign_in(Client(), cast.neighbor).get(moved.get_absolute_url())
    )
    member.post(f"/meetings/{moved.pk}/rsvp/", {"answer": "online"})
    page = packed(member.get(moved.get_absolute_url()))
    assert "1 of 3 districts" in page
    assert "You said" not in page
    assert "1 district had answered for another date and is asked again." in page
    assert set(Rsvp.objects.values_list("answer", "starts_at")) == {
        ("in_person", was),
        ("no", was),
        ("online", moved.starts_at),
    }


def test_who_had_answered_is_told_that_it_was_for_the_old_date(cast: Cast) -> None:
    meeting = make_meeting(cast)
    answer(meeting, cast.member, "in_person", at=NOW)
    move(meeting, meeting.starts_at + LATER, by=cast.host, at=NOW, reason="Testing week")
    told = {notice.email: notice.body for notice in Notice.objects.filter(kind="meeting-moved")}
    again = "Your answer was for the old date."
    assert {email for email, body in told.items() if again in body} == {cast.member.email}
    assert "Say whether you can come:" in told[cast.neighbor.email]


def test_answers_count_again_once_the_meeting_is_back_on_their_date(cast: Cast) -> None:
    meeting = make_meeting(cast)
    was = meeting.starts_at
    answer(meeting, cast.member, "in_person", at=NOW)
    moved = move(meeting, was + LATER, by=cast.host, at=NOW, reason="Testing week", quiet=True)
    move(moved, was, by=cast.host, at=NOW, reason="It is over", quiet=True)
    assert "1 of 3 districts" in sign_in(Client(), cast.member).get(meeting.get_absolute_url()).content.decode()


def test_another_place_or_link_asks_nobody_again(cast: Cast) -> None:
    meeting = make_meeting(cast)
    answer(meeting, cast.member, "in_person", at=NOW)
    change_details(meeting, {"room": "Gym", "join_link": "https://meet.example/new"}, by=cast.host, at=NOW)
    assert "1 of 3 districts" in sign_in(Client(), cast.member).get(meeting.get_absolute_url()).content.decode()


def test_an_answer_for_a_date_that_moved_meanwhile_is_not_taken_for_the_new_one(cast: Cast) -> None:
    meeting = make_meeting(cast)
    member, host = sign_in(Client(), cast.member), sign_in(Client(), cast.host)
    page = member.get(meeting.get_absolute_url()).content.decode()
    asked_for = re.search(r'name="asked_for" value="([^"]+)"', page)
    assert asked_for is not None
    moved = move(meeting, meeting.starts_at + LATER, by=cast.host, at=NOW, reason="Testing week", quiet=True)
    sent = {"answer": "online", "asked_for": asked_for[1]}
    stale = member.post(f"/meetings/{meeting.pk}/rsvp/", sent)
    assert stale.status_code == 409
    assert f"Answer for the new date: {when(moved.starts_at, moved.zone)}." in stale.content.decode()
    phoned = host.post(f"/meetings/{meeting.pk}/answers/", sent | {"district": cast.batavia.pk})
    assert phoned.status_code == 409
    assert not Rsvp.objects.exists()
    again = re.search(r'name="asked_for" value="([^"]+)"', phoned.content.decode())
    assert again is not None
    sent |= {"district": str(cast.batavia.pk), "asked_for": again[1]}
    assert host.post(f"/meetings/{meeting.pk}/answers/", sent).status_code == 302
    assert Rsvp.objects.get().starts_at == moved.starts_at


def test_undo_brings_back_the_answer_for_its_own_date(cast: Cast) -> None:
    meeting = make_meeting(cast)
    token = undo_token(meeting, cast.member)
    answer(meeting, cast.member, "no", at=NOW)
    moved = move(meeting, meeting.starts_at + LATER, by=cast.host, at=NOW, reason="Testing week", quiet=True)
    answer(moved, cast.member, "online", at=NOW)
    assert undo(moved, cast.member, token, at=NOW)
    assert [(rsvp.answer, rsvp.starts_at) for rsvp in Rsvp.objects.all()] == [("online", moved.starts_at)]


def test_answers_given_before_there_were_dates_are_for_the_date_that_is_planned(cast: Cast) -> None:
    meeting = make_meeting(cast)
    answer(meeting, cast.member, "in_person", at=NOW)
    Rsvp.objects.update(starts_at=NOW)
    migration = import_module("portal.events.migrations.0005_answers_get_their_date")
    migration.date_the_answers(apps, None)
    assert Rsvp.objects.get().starts_at == meeting.starts_at
    moved = move(meeting, meeting.starts_at + LATER, by=cast.host, at=NOW, reason="Testing week", quiet=True)
    answer(moved, cast.member, "no", at=NOW)
    migration.forget_other_dates(apps, None)
    assert [(rsvp.answer, rsvp.starts_at) for rsvp in Rsvp.objects.all()] == [("no", moved.starts_at)]
