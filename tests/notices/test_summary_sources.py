"""The Monday summary's lines: each from what its reader may see, in a constant number of queries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.districts.models import User
from portal.events.deeds.circulate import circulate
from portal.events.deeds.reschedule import add_extra
from portal.events.models.recurrence import Pattern, Recurrence
from portal.notices.deeds.weekly_summary import send_weekly
from portal.notices.models import Notice
from portal.registry import summary_sources
from purchasing.deeds.open import open_agreement
from tests.events.makers import make_meeting, make_series
from tests.knowledge.makers import make_adoption, make_practice, make_question
from tests.people import LONG_AGO, Cast
from tests.purchasing.makers import make_draft

UNTIL = datetime(2026, 11, 23, 13, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=7)
WEDNESDAY = SINCE + timedelta(days=2)
BEFORE = SINCE - timedelta(days=2)
QUIET: dict[str, Any] = {"at": BEFORE, "quiet": True}


def lines(person: User) -> list[str]:
    """What the person would read, all sections, without the addresses."""
    fresh = User.objects.get(pk=person.pk)
    sections = [source.load(fresh, SINCE, UNTIL) for source in sorted(summary_sources, key=lambda s: s.order)]
    return [text for section in sections if section is not None for text, _path in section.lines]


def test_new_practices_and_confirmations_of_my_county(cast: Cast) -> None:
    old = make_practice(cast.geneva, title="Old one", at=BEFORE)
    make_practice(cast.geneva, title="New one", at=WEDNESDAY)
    make_practice(cast.sycamore, title="Another county's", at=WEDNESDAY)
    make_practice(cast.geneva, title="Geneva's alone", audience="district", at=WEDNESDAY)
    make_adoption(old, cast.batavia, at=WEDNESDAY)
    assert lines(cast.member) == ["New from Geneva: New one", "Batavia does this too: Old one"]
    assert lines(cast.outsider) == []
    assert lines(cast.neighbor) == ["Batavia does this too: Old one"], "not told of one's own"
    assert "New from Sycamore: Another county's" in lines(cast.officer)


def test_a_confirmation_of_a_hidden_practice_is_not_told(cast: Cast) -> None:
    hidden = make_practice(cast.sycamore, title="DeKalb's alone", audience="county", at=BEFORE)
    make_adoption(hidden, cast.batavia, at=WEDNESDAY)
    assert lines(cast.member) == []


def test_questions_without_an_answer(cast: Cast) -> None:
    hidden = make_practice(cast.geneva, title="Geneva's alone", audience="district", at=BEFORE)
    make_question(title="Which dock lasts?", district=cast.geneva, by=cast.neighbor, at=BEFORE)
    make_question(title="Hidden with its practice", practice=hidden, district=cast.geneva, at=WEDNESDAY)
    make_question(title="Too long ago", district=cast.geneva, at=UNTIL - timedelta(days=60))
    assert lines(cast.member) == ["Geneva asks: Which dock lasts?"]
    assert lines(cast.outsider) == []
    assert lines(cast.neighbor) == ["Geneva asks: Hidden with its practice"], "not one's own question"


def test_meetings_that_come_and_minutes_that_are_ready(cast: Cast) -> None:
    make_series(cast, at=UNTIL - timedelta(days=40), first_date=(UNTIL - timedelta(days=40)).date())
    held = cast.roe31.meeting_series.get().meetings.order_by("starts_at").first()
    assert held is not None
    circulate(held, by=cast.host, at=WEDNESDAY, quiet=True)
    told = lines(cast.member)
    assert told[0] == "Minutes are ready: Kane technology directors, Nov 12, 2026"
    assert lines(cast.outsider) == []
    assert lines(cast.host) == told


def test_a_draft_of_minutes_is_not_told_and_a_far_meeting_neither(cast: Cast) -> None:
    make_series(cast, at=UNTIL, first_date=(UNTIL + timedelta(days=14)).date())
    assert lines(cast.member) == []


def test_agreements_opened_or_closing_soon(cast: Cast) -> None:
    districts = [cast.kaneland, cast.batavia]
    for title, opened, closes in (
        ("Opened now", WEDNESDAY, UNTIL + timedelta(days=60)),
        ("Closing", UNTIL - timedelta(days=30), UNTIL + timedelta(days=9)),
        ("Neither", UNTIL - timedelta(days=30), UNTIL + timedelta(days=60)),
        ("Closed", UNTIL - timedelta(days=30), UNTIL - timedelta(days=1)),
    ):
        agreement = make_draft(cast, title=title, districts=districts, at=opened - timedelta(days=1))
        open_agreement(agreement, by=cast.host, at=opened, closes_at=closes)
    make_draft(cast, title="A draft", districts=districts, at=WEDNESDAY)
    told = lines(cast.member)
    assert [line.split(",")[0] for line in told] == ["Closing closes Wed", "New: Opened now"]
    assert lines(cast.host) == told
    assert lines(cast.neighbor) == [], "not asked"
    assert lines(cast.outsider) == []


MOMENT = timedelta(microseconds=1)
WEEK = [("before", SINCE - MOMENT), ("first", SINCE), ("last", UNTIL - MOMENT), ("after", UNTIL)]
"""The week's first instant is its own, its last one is the next week's."""


def named_in(told: list[str], titles: list[str]) -> list[str]:
    return [title for title in titles if any(f" {title}" in f" {line}" for line in told)]


def test_a_week_is_half_open_for_what_districts_share(cast: Cast) -> None:
    old = {name: make_practice(cast.geneva, title=f"said {name}", at=BEFORE - timedelta(days=90)) for name, _at in WEEK}
    for name, at in WEEK:
        make_practice(cast.geneva, title=f"posted {name}", at=at)
        make_adoption(old[name], cast.batavia, at=at)
    told = lines(cast.member)
    assert named_in(told, [f"posted {name}" for name, _at in WEEK]) == ["posted first", "posted last"]
    assert named_in(told, [f"said {name}" for name, _at in WEEK]) == ["said first", "said last"]


def test_a_week_is_half_open_for_minutes_and_the_next_fourteen_days(cast: Cast) -> None:
    never = Recurrence(Pattern.DATES, dates=(LONG_AGO,))
    series = make_series(cast, at=BEFORE, recurrence=never)
    for name, at in WEEK:
        held = add_extra(series, title=f"held {name}", starts_at=at - timedelta(days=9), by=cast.host, **QUIET)
        circulate(held, by=cast.host, at=at, quiet=True)
    edge = UNTIL + timedelta(days=14)
    for name, at in (("in time", edge - MOMENT), ("too late", edge)):
        add_extra(series, title=f"coming {name}", starts_at=at, by=cast.host, **QUIET)
    told = lines(cast.member)
    assert named_in(told, [f"held {name}" for name, _at in WEEK]) == ["held first", "held last"]
    assert named_in(told, ["coming in time", "coming too late"]) == ["coming in time"]


def test_a_week_is_half_open_for_agreements_and_the_next_fourteen_days(cast: Cast) -> None:
    far, edge = UNTIL + timedelta(days=60), UNTIL + timedelta(days=14)
    opened = [(f"opened {name}", at, far) for name, at in WEEK]
    closing = [("closing in time", BEFORE, edge - MOMENT), ("closing too late", BEFORE, edge)]
    for title, opens, closes in [*opened, *closing]:
        agreement = make_draft(cast, title=title, districts=[cast.kaneland], at=opens - timedelta(days=1))
        open_agreement(agreement, by=cast.host, at=opens, closes_at=closes)
    told = lines(cast.member)
    assert named_in(told, [title for title, _o, _c in opened]) == ["opened first", "opened last"]
    assert named_in(told, [title for title, _o, _c in closing]) == ["closing in time"]


def test_a_question_without_an_answer_is_named_for_just_four_weeks(cast: Cast) -> None:
    edge = UNTIL - timedelta(days=28)
    for title, at in (("too old", edge - MOMENT), ("oldest", edge), ("newest", UNTIL - MOMENT), ("to come", UNTIL)):
        make_question(title=f"Asked {title}", district=cast.geneva, at=at)
    told = lines(cast.member)
    assert told == ["Geneva asks: Asked newest", "Geneva asks: Asked oldest"]


def _busy(cast: Cast, rows: int) -> None:
    practice = make_practice(cast.geneva, title="Before", at=BEFORE)
    for n in range(rows):
        make_practice(cast.batavia, title=f"Practice {n}", at=WEDNESDAY + timedelta(minutes=n))
        make_question(title=f"Question {n}?", district=cast.geneva, at=WEDNESDAY + timedelta(minutes=n))
    make_adoption(practice, cast.batavia, at=WEDNESDAY)


@pytest.mark.parametrize("rows", [1, 20])
def test_a_person_s_week_costs_the_same_however_much_happened(cast: Cast, rows: int) -> None:
    _busy(cast, rows)
    person = User.objects.get(pk=cast.member.pk)
    assert person.standing.is_member
    with CaptureQueriesContext(connection) as queries:
        sections = [source.load(person, SINCE, UNTIL) for source in summary_sources]
    assert len(queries) <= 6
    assert all(len(section.lines) <= 5 for section in sections if section is not None)


def test_the_mail_has_each_line_with_its_address(cast: Cast) -> None:
    practice = make_practice(cast.geneva, title="Wi-Fi & 'more' <now>", at=WEDNESDAY)
    assert send_weekly(UNTIL) > 0
    body = Notice.objects.get(kind="weekly-summary", person=cast.member).body
    assert f"- New from Geneva: Wi-Fi & 'more' <now>\n  http://testserver{practice.get_absolute_url()}" in body
    assert not Notice.objects.filter(kind="weekly-summary", person=cast.outsider).exists()


def test_an_extra_meeting_is_among_them(cast: Cast) -> None:
    meeting = make_meeting(cast, days=5)
    source = summary_sources["events.meetings"]
    until = meeting.starts_at - timedelta(days=3)
    section = source.load(User.objects.get(pk=cast.member.pk), until - timedelta(days=7), until)
    assert section is not None
    assert meeting.get_absolute_url() in [path for _text, path in section.lines]
