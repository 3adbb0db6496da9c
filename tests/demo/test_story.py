"""The demo built under the suite's own settings, so on both databases: what the walk-through counts on."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from demo.building import build
from demo.building.ground import ZONE, Ground
from demo.content import read, read_practices
from demo.people import FIVE
from knowledge.models import Practice, Question
from portal.districts.models import District, User
from portal.events.models import Meeting, MeetingSeries
from portal.events.models.feed_secret import FeedSecret
from portal.notices.models import Notice
from portal.search.asking.finding import find
from purchasing.models import Agreement
from purchasing.models.ladder import Ladder, Step
from purchasing.models.quantities import ParticipationState
from tests.demo import directors
from tests.events.test_feed import by_icalendar, by_vobject, stored

TODAY = datetime(2026, 12, 1, 9, tzinfo=ZONE)


@pytest.mark.django_db
def test_the_demo_tells_the_story_of_the_walk_through() -> None:
    said: list[str] = []
    ground = build(TODAY, say=said.append)
    assert len(said) == 8
    the_places_are_real()
    chromebooks_lack_37_of_the_next_price(ground)
    one_practice_is_in_use_in_six_districts(ground)
    a_year_of_meetings_was_held(ground)
    the_feed_says_what_is_stored(ground)
    directors.are_helped(User.objects.create_superuser("director@chapter.example"))
    agreements_stand_in_different_states()
    everybody_to_sign_in_as_exists()
    nothing_lies_in_the_future_by_mistake()
    a_visitor_finds_public_practices_only()


def the_places_are_real() -> None:
    kaneland = District.objects.get(short_name="Kaneland")
    assert (kaneland.nces_id, kaneland.enrollment, str(kaneland.county)) == ("1724480", 3736, "Kane County")
    assert District.objects.filter(county__name="Kane").count() == 9
    assert District.objects.count() == 32


def chromebooks_lack_37_of_the_next_price(ground: Ground) -> None:
    agreement = ground.agreements["chromebooks"]
    line = agreement.lines.get()
    assert line.committed == 913
    assert (agreement.closes_at - ground.now).days in (19, 18)  # type: ignore[operator]
    answers = {p.district.short_name: p.state for p in agreement.participations.select_related("district")}
    assert Counter(answers.values()) == {ParticipationState.JOINED: 6, ParticipationState.INVITED: 3}
    silent = {name for name, state in answers.items() if state == ParticipationState.INVITED}
    assert silent == {"Kaneland", "Central 301", "St. Charles"}
    ladder = Ladder.of(Step(step.minimum, step.price) for step in line.breaks.all())
    prices = [price for units in (240, 913, 913 + 240) if (price := ladder.price_or_none(units)) is not None]
    assert prices == [Decimal("329.00"), Decimal("318.00"), Decimal("306.00")]
    assert [240 * price for price in prices] == [Decimal("78960.00"), Decimal("76320.00"), Decimal("73440.00")]


def one_practice_is_in_use_in_six_districts(ground: Ground) -> None:
    practice = ground.practices["students-repair-chromebooks"]
    practice.refresh_from_db()
    counts = (practice.in_use_count, practice.piloting_count, practice.stopped_count, practice.considering_count)
    assert counts == (6, 2, 1, 0)
    assert practice.adoptions.get(status="stopped").note
    waiting = practice.questions.get(answer_count=0)
    assert waiting.district == ground.districts["kaneland-302"]
    assert practice.author == ground.directors["geneva-304"]
    practices = read_practices()
    assert Practice.objects.filter(live=True).count() == len(practices) >= 150
    under = sum(len(row.get("question", [])) for row in practices)
    assert Question.objects.count() == len(read("questions")["question"]) + under


def a_year_of_meetings_was_held(ground: Ground) -> None:
    kane = MeetingSeries.objects.get(county__name="Kane")
    past = kane.meetings.filter(ends_at__lte=ground.now)
    assert Counter(past.values_list("status", flat=True)) == {"held": 11, "canceled": 1}
    canceled = past.get(status="canceled")
    assert canceled.starts_at.astimezone(ZONE).month in (1, 2)
    assert "Snow" in canceled.reason
    moved = [meeting for meeting in past if meeting.is_moved]
    assert len(moved) == 1
    now_on, planned = (at.astimezone(ZONE).date() for at in (moved[0].starts_at, moved[0].original_starts_at))
    assert (now_on - planned).days == 7, "a week later by the calendar, also over a clock change"
    assert all(m.attendance.exists() and m.decisions.exists() for m in past if not m.is_canceled)
    following = kane.meetings.to_come(ground.now).with_answers().first()
    assert following is not None
    assert following.districts_answered == 7  # type: ignore[attr-defined]
    assert following.items.count() == 4
    assert not following.rsvps.filter(district=ground.districts["kaneland-302"]).exists()
    assert not following.items.filter(linked_kind="agreement", linked_id=ground.agreements["chromebooks"].pk).exists()


def the_feed_says_what_is_stored(ground: Ground) -> None:
    """Read by two parsers: the same instants over both clock changes, the moved date and the snow day right."""
    series = MeetingSeries.objects.get(county__name="Kane")
    secret = FeedSecret.renew(User.objects.get(name="Tech director, Kaneland CUSD 302"), ground.now)
    content = bytes(Client().get(f"/calendar/{secret}/{series.slug}.ics").content)
    in_feed = by_vobject(content)
    assert in_feed == {uid: event for uid, event in stored(series).items() if uid in in_feed}
    assert by_icalendar(content) == in_feed
    meetings = list(series.meetings.filter(uid__in=in_feed))
    assert {meeting.starts_at.hour for meeting in meetings} == {18, 19}, "in and out of daylight saving time"
    assert {meeting.starts_at.astimezone(ZONE).strftime("%H:%M") for meeting in meetings} == {"13:30"}
    assert sum(status == "CANCELLED" for _start, _end, status in in_feed.values()) == 1
    assert sum(meeting.is_moved for meeting in meetings) == 1


def agreements_stand_in_different_states() -> None:
    assert Counter(Agreement.objects.values_list("state", flat=True)) == dict.fromkeys(
        ["draft", "interest", "committing", "frozen", "awarded", "active", "unsuccessful", "canceled"], 1
    )
    for agreement in Agreement.objects.all():
        instants = list(agreement.changes.order_by("pk").values_list("at", flat=True))
        assert instants == sorted(instants)
        for line in agreement.lines.all():
            counting = line.commitments.filter(released_at=None).values_list("committed", flat=True)
            assert line.committed == sum(counting)


def everybody_to_sign_in_as_exists() -> None:
    for visitor in FIVE:
        assert User.objects.get(email=visitor.email).standing.is_member
    moved = Notice.objects.filter(kind="meeting-moved")
    assert moved.count() == 9


def nothing_lies_in_the_future_by_mistake() -> None:
    assert not Notice.objects.filter(created_at__gt=TODAY).exists()
    assert not Practice.objects.filter(posted_at__gt=TODAY).exists()
    assert not Meeting.objects.filter(status="held", starts_at__gt=TODAY).exists()


def a_visitor_finds_public_practices_only() -> None:
    member = User.objects.get(email="director@kaneland.example")
    seen, known = find("chromebook", user=AnonymousUser()), find("chromebook", user=member)
    assert 0 < seen.total < known.total
    assert "agreement" in {hit.kind for hit in find("chromebooks 2026", user=member).hits}
    assert not {"agreement", "announcement", "meeting", "question"} & {hit.kind for hit in seen.hits}
    first = find("students repairing chromebooks", user=member).hits[0]
    assert first.title == "Students repair Chromebooks for credit"
