from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.events.models.recurrence import Pattern, Recurrence, instant, months_between

RULES = [
    (Recurrence(Pattern.NTH_WEEKDAY, weekday=3, nth=2, months=months_between(9, 5)), "Second Thursday of the month"),
    (Recurrence(Pattern.LAST_WEEKDAY, weekday=0), "Last Monday of the month"),
    (Recurrence(Pattern.WEEKS, weekday=1, interval=2), "Every 2 weeks on Tuesday"),
    (
        Recurrence(Pattern.WEEKS, weekday=1, interval=2, months=months_between(9, 5)),
        "Every 2 weeks on Tuesday, September to May",
    ),
    (Recurrence(Pattern.MONTH_DAY, month_day=15), "Day 15 of the month"),
    (Recurrence(Pattern.DATES, dates=(date(2026, 12, 10), date(2027, 1, 14))), "2 dates"),
]


@pytest.mark.parametrize(("rule", "words"), RULES)
def test_a_rule_survives_its_text_and_is_said_in_words(rule: Recurrence, words: str) -> None:
    assert Recurrence.from_rfc5545(rule.to_rfc5545()) == rule
    assert rule.in_words().startswith(words)


def test_second_thursdays_of_the_school_year_leave_the_summer_out() -> None:
    days = RULES[0][0].days(date(2026, 7, 1), date(2027, 6, 30))
    assert len(days) == 9
    assert days[0] == date(2026, 9, 10)
    assert all(day.weekday() == 3 and 8 <= day.day <= 14 and day.month not in (6, 7, 8) for day in days)
    assert RULES[0][0].in_words() == "Second Thursday of the month, September to May"


def test_every_two_weeks_counts_from_the_first_date() -> None:
    days = RULES[2][0].days(date(2026, 12, 1), date(2026, 12, 31))
    assert days == [date(2026, 12, 1), date(2026, 12, 15), date(2026, 12, 29)]


@pytest.mark.parametrize("interval", [1, 2, 3])
def test_weeks_leave_the_summer_out_and_count_on_through_it(interval: int) -> None:
    first, last = date(2026, 9, 1), date(2028, 12, 31)
    rule = Recurrence(Pattern.WEEKS, weekday=1, interval=interval, months=months_between(9, 5))
    every = Recurrence(Pattern.WEEKS, weekday=1, interval=interval).days(first, last)
    assert rule.days(first, last) == [day for day in every if day.month not in (6, 7, 8)]


def test_a_time_skipped_in_spring_counts_from_the_offset_before() -> None:
    assert instant(date(2027, 3, 14), time(2, 30), "America/Chicago") == datetime(2027, 3, 14, 8, 30, tzinfo=UTC)


def test_a_time_that_comes_twice_in_fall_is_the_first() -> None:
    assert instant(date(2026, 11, 1), time(1, 30), "America/Chicago") == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@given(st.integers(1, 12), st.integers(1, 12))
def test_a_run_of_months_begins_and_ends_where_it_is_said_to(first: int, last: int) -> None:
    months = months_between(first, last)
    assert (months[0], months[-1]) == (first, last) if months else (last - first) % 12 == 11
