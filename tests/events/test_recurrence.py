from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.events.models.recurrence import LAST, Pattern, Recurrence, instant, months_between

RULES = [
    (
        Recurrence(Pattern.NTH_WEEKDAY, weekdays=(3,), nths=(2,), months=months_between(9, 5)),
        "Second Thursday of the month",
    ),
    (Recurrence(Pattern.NTH_WEEKDAY, weekdays=(0,), nths=(LAST,)), "Last Monday of the month"),
    (Recurrence(Pattern.WEEKS, weekdays=(1,), interval=2), "Every 2 weeks on Tuesday"),
    (
        Recurrence(Pattern.WEEKS, weekdays=(1,), interval=2, months=months_between(9, 5)),
        "Every 2 weeks on Tuesday, September to May",
    ),
    (Recurrence(Pattern.WEEKS, weekdays=(1, 3)), "Every Tuesday and Thursday"),
    (Recurrence(Pattern.NTH_WEEKDAY, weekdays=(1,), nths=(1, 3)), "First and third Tuesday of the month"),
    (Recurrence(Pattern.NTH_WEEKDAY, weekdays=(1, 3), nths=(5,)), "Fifth Tuesday and Thursday of the month"),
    (Recurrence(Pattern.MONTH_DAY, month_day=15), "Day 15 of the month"),
    (Recurrence(Pattern.MONTH_DAY, month_day=31), "Day 31 of the month"),
    (Recurrence(Pattern.MONTH_DAY, month_day=LAST), "Last day of the month"),
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
    rule = Recurrence(Pattern.WEEKS, weekdays=(1,), interval=interval, months=months_between(9, 5))
    every = Recurrence(Pattern.WEEKS, weekdays=(1,), interval=interval).days(first, last)
    assert rule.days(first, last) == [day for day in every if day.month not in (6, 7, 8)]


def test_a_time_skipped_in_spring_counts_from_the_offset_before() -> None:
    assert instant(date(2027, 3, 14), time(2, 30), "America/Chicago") == datetime(2027, 3, 14, 8, 30, tzinfo=UTC)


def test_a_time_that_comes_twice_in_fall_is_the_first() -> None:
    assert instant(date(2026, 11, 1), time(1, 30), "America/Chicago") == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@given(st.integers(1, 12), st.integers(1, 12))
def test_a_run_of_months_begins_and_ends_where_it_is_said_to(first: int, last: int) -> None:
    months = months_between(first, last)
    assert (months[0], months[-1]) == (first, last) if months else (last - first) % 12 == 11


def test_weeks_begin_with_the_first_weekday_after_the_first_date_not_when_they_are_over() -> None:
    """December 8 is a Tuesday: counted from its week, the next Monday would be that of February 1."""
    rule = Recurrence(Pattern.WEEKS, weekdays=(0,), interval=8)
    first = rule.starting(date(2026, 12, 8))
    assert rule.days(first, date(2027, 5, 1)) == [date(2026, 12, 14), date(2027, 2, 8), date(2027, 4, 5)]
    assert rule.starting(date(2026, 12, 14)) == date(2026, 12, 14)


def test_weeks_are_counted_from_the_first_month_that_was_chosen() -> None:
    rule = Recurrence(Pattern.WEEKS, weekdays=(0,), interval=8, months=months_between(9, 5))
    first = rule.starting(date(2026, 6, 2))
    assert first == rule.starting(first) == date(2026, 9, 7)
    assert rule.days(first, date(2027, 1, 31)) == [date(2026, 9, 7), date(2026, 11, 2), date(2026, 12, 28)]


def test_the_fifth_thursday_and_the_31st_are_only_in_months_that_have_them_and_the_last_day_in_all() -> None:
    year = date(2027, 1, 1), date(2027, 12, 31)
    fifth = Recurrence(Pattern.NTH_WEEKDAY, weekdays=(3,), nths=(5,)).days(*year)
    assert [(day.month, day.day) for day in fifth] == [(4, 29), (7, 29), (9, 30), (12, 30)]
    months = [day.month for day in Recurrence(Pattern.MONTH_DAY, month_day=31).days(*year)]
    assert months == [1, 3, 5, 7, 8, 10, 12]
    last = Recurrence(Pattern.MONTH_DAY, month_day=LAST).days(*year)
    assert [day.day for day in last] == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def _some(values: st.SearchStrategy[int]) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(values, min_size=1, max_size=3, unique=True).map(lambda found: tuple(sorted(found)))


WEEKDAYS = _some(st.integers(0, 6))
MONTHS = st.one_of(st.just(()), _some(st.integers(1, 12)))
ANY_RULE = st.one_of(
    st.builds(
        Recurrence,
        st.just(Pattern.NTH_WEEKDAY),
        weekdays=WEEKDAYS,
        nths=_some(st.sampled_from([1, 2, 3, 4, 5, LAST])),
        months=MONTHS,
    ),
    st.builds(Recurrence, st.just(Pattern.WEEKS), weekdays=WEEKDAYS, interval=st.integers(1, 26), months=MONTHS),
    st.builds(Recurrence, st.just(Pattern.MONTH_DAY), month_day=st.sampled_from([*range(1, 32), LAST]), months=MONTHS),
)
A_DAY = st.dates(date(2024, 1, 1), date(2031, 12, 31))


def _nths_of(day: date) -> set[int]:
    last = calendar.monthrange(day.year, day.month)[1]
    return {(day.day - 1) // 7 + 1} | ({LAST} if day.day > last - 7 else set())


SAID: dict[Pattern, Callable[[Recurrence, date], bool]] = {
    Pattern.NTH_WEEKDAY: lambda rule, day: day.weekday() in rule.weekdays and bool(_nths_of(day) & set(rule.nths)),
    Pattern.WEEKS: lambda rule, day: day.weekday() in rule.weekdays,
    Pattern.MONTH_DAY: lambda rule, day: (
        rule.month_day in {day.day, LAST if (day + timedelta(days=1)).day == 1 else day.day}
    ),
}


@given(ANY_RULE, A_DAY)
def test_a_rule_makes_the_days_that_it_says_and_no_other(rule: Recurrence, first: date) -> None:
    """None before the first date, none twice, in months that were chosen; weeks keep their distance."""
    begins, last = rule.starting(first), first + timedelta(days=800)
    days = rule.days(begins, last)
    assert days == sorted(set(days))
    assert all(begins <= day <= last for day in days)
    assert all(day.month in (rule.months or range(1, 13)) for day in days)
    assert all(SAID[rule.pattern](rule, day) for day in days)
    assert Recurrence.from_rfc5545(rule.to_rfc5545()).days(begins, last) == days
    said = [first + timedelta(days=n) for n in range(801)]
    said = [day for day in said if SAID[rule.pattern](rule, day) and day.month in (rule.months or range(1, 13))]
    if rule.pattern == Pattern.WEEKS:
        weeks = {(day - begins + timedelta(days=begins.weekday())).days // 7 for day in days}
        assert all(week % rule.interval == 0 for week in weeks)
        said = [d for d in said if (d - begins + timedelta(days=begins.weekday())).days // 7 % rule.interval == 0]
    assert days == said


@given(ANY_RULE, A_DAY, st.times(), st.sampled_from(["America/Chicago", "America/Denver", "Pacific/Honolulu"]))
def test_the_clock_shows_the_same_time_on_every_day_but_where_the_night_skips_it(
    rule: Recurrence, first: date, clock: time, zone: str
) -> None:
    clock = clock.replace(second=0, microsecond=0, fold=0)
    starts = [instant(day, clock, zone) for day in rule.days(rule.starting(first), first + timedelta(days=400))]
    assert all(one < other for one, other in pairwise(starts))
    for start in starts:
        local = start.astimezone(ZoneInfo(zone))
        skipped = timedelta(hours=1) if local.time() != clock else timedelta()
        assert (local.replace(tzinfo=None) - skipped).time() == clock
