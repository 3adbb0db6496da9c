"""A host plans a series: in the words they say, and after a look at its dates."""

from __future__ import annotations

import re
from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from portal.events.forms.fields import near
from portal.events.models import MeetingSeries
from portal.notices.models import Notice, SwitchedOff
from tests.conftest import sign_in
from tests.people import Cast

CHICAGO = ZoneInfo("America/Chicago")


def series_form(cast: Cast) -> dict[str, Any]:
    return {
        "name": "Kane technology directors",
        "office": cast.roe31.pk,
        "county": cast.kane.pk,
        "pattern": "nth",
        "nth": 2,
        "weekday": 3,
        "from_month": 9,
        "to_month": 5,
        "first_date": datetime.now(CHICAGO).date().isoformat(),
        "start_time": "13:30",
        "duration_minutes": 90,
        "join_link_hours": 24,
    }


def plan(client: Client, form: dict[str, Any]) -> Any:
    """Look at the dates, then plan what was shown: the answer to the second press, or to a first that was refused."""
    looked = client.post("/meetings/series/new/", form)
    if looked.status_code != 200:
        return looked
    return client.post("/meetings/series/new/", hidden_in(looked.content.decode()))


def hidden_in(page: str) -> dict[str, Any]:
    """What the form of the page would send again."""
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page.split("<main", 1)[1]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name is not None
        sent.setdefault(name[1], []).append(value[1] if value else "")
    return sent


def test_a_host_plans_a_series_in_the_words_they_say(cast: Cast) -> None:
    client = sign_in(Client(), cast.host)
    response = plan(client, series_form(cast))
    assert response.status_code == 302, response.context["form"].errors
    series = MeetingSeries.objects.get()
    assert series.rule == "FREQ=MONTHLY;BYMONTH=9,10,11,12,1,2,3,4,5;BYDAY=2TH"
    assert series.rule_in_words == "Second Thursday of the month, September to May, 1:30 PM"
    assert "Second Thursday of the month" in client.get(series.get_absolute_url()).content.decode()


def test_the_months_a_host_chose_hold_for_weeks_too(cast: Cast) -> None:
    form = series_form(cast) | {"pattern": "weeks", "interval": 2}
    assert plan(sign_in(Client(), cast.host), form).status_code == 302
    series = MeetingSeries.objects.get()
    assert series.rule_in_words == "Every 2 weeks on Thursday, September to May, 1:30 PM"
    local = [meeting.local_start for meeting in series.meetings.all()]
    assert local
    assert not {day.month for day in local} & {6, 7, 8}
    assert {day.time() for day in local} == {time(13, 30)}


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 302), (1, 302)])
def test_a_series_may_be_of_a_single_day(cast: Cast, days: int, status: int) -> None:
    form = series_form(cast)
    last = date.fromisoformat(form["first_date"]) + timedelta(days=days)
    sent = plan(sign_in(Client(), cast.host), form | {"last_date": last.isoformat()})
    assert sent.status_code == status


def test_a_day_is_near_three_years_back_and_five_ahead() -> None:
    year = timezone.localdate().year
    for years, is_near in ((-4, False), (-3, True), (5, True), (6, False)):
        with nullcontext() if is_near else pytest.raises(ValidationError):
            near(date(year + years, 7, 1))


def test_a_host_cannot_plan_for_another_office(cast: Cast) -> None:
    form = series_form(cast) | {"office": cast.roe16.pk, "county": cast.dekalb.pk}
    assert sign_in(Client(), cast.host).post("/meetings/series/new/", form).status_code == 422


def test_the_dates_and_mails_are_shown_before_anything_is_planned(cast: Cast) -> None:
    client, today = sign_in(Client(), cast.host), timezone.localdate()
    tuesday = today + timedelta(days=(1 - today.weekday()) % 7 + 7)
    mondays = [tuesday + timedelta(days=6, weeks=weeks) for weeks in (0, 8, 16)]
    form = series_form(cast) | {"pattern": "weeks", "interval": 8, "weekday": 0, "from_month": 1, "to_month": 12}
    form |= {"first_date": tuesday.isoformat(), "last_date": (tuesday + timedelta(weeks=20)).isoformat()}
    looked = client.post("/meetings/series/new/", form)
    page = looked.content.decode()
    assert "Plan 3 meetings" in page
    assert f"Mon {mondays[0].day}" in page
    assert "3 people get an email." in page
    assert not MeetingSeries.objects.exists()
    assert not Notice.objects.exists()
    SwitchedOff.objects.create(person=cast.neighbor, kind="series-made")
    assert "2 people get an email." in client.post("/meetings/series/new/", form).content.decode()
    assert client.post("/meetings/series/new/", hidden_in(page)).status_code == 302
    local = [m.local_start.date() for m in MeetingSeries.objects.get().meetings.all()]
    assert local == mondays
    assert Notice.objects.filter(kind="series-made").count() == 2


def test_what_was_changed_after_the_look_is_shown_again_before_it_is_planned(cast: Cast) -> None:
    client = sign_in(Client(), cast.host)
    shown = hidden_in(client.post("/meetings/series/new/", series_form(cast)).content.decode())
    again = client.post("/meetings/series/new/", shown | {"weekday": [2]})
    assert again.status_code == 200
    assert "Second Wednesday of the month" in again.content.decode()
    assert not MeetingSeries.objects.exists()
    back = client.post("/meetings/series/new/", shown | {"change": "1"})
    assert back.status_code == 200
    assert "See the dates" in back.content.decode()
    assert "There is a problem" not in back.content.decode()


def test_none_of_the_dates_is_cut_off_silently(cast: Cast) -> None:
    day, client = timezone.localdate(), sign_in(Client(), cast.host)
    for count, status in ((80, 200), (81, 422)):
        dates = "\n".join((day + timedelta(days=n)).isoformat() for n in range(count))
        sent = client.post("/meetings/series/new/", series_form(cast) | {"pattern": "dates", "dates": dates})
        assert sent.status_code == status
    assert "Enter at most 80 dates. There are 81." in sent.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"pattern": "nth", "nth": []}, "Choose which ones of the month."),
        ({"pattern": "nth", "weekday": []}, "Choose at least one weekday."),
        ({"pattern": "weeks"}, "Say every how many weeks; 1 is every week."),
        ({"pattern": "day", "month_day": ""}, "Choose the day of the month."),
        ({"pattern": "dates"}, "Write the dates, one on each line."),
        ({"pattern": "dates", "dates": "12/10"}, "“12/10” is not a date. Write it like this: 2026-12-10."),
    ],
)
def test_what_the_chosen_pattern_needs_is_asked_for_by_name(cast: Cast, typed: dict[str, Any], words: str) -> None:
    sent = sign_in(Client(), cast.host).post("/meetings/series/new/", series_form(cast) | typed)
    assert sent.status_code == 422
    assert words in sent.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"pattern": "nth", "nth": [1, 3], "weekday": [1, 3]}, "First and third Tuesday and Thursday of the month"),
        ({"pattern": "nth", "nth": [5], "weekday": [1]}, "Fifth Tuesday of the month"),
        ({"pattern": "nth", "nth": [-1], "weekday": [4]}, "Last Friday of the month"),
        ({"pattern": "day", "month_day": -1}, "Last day of the month"),
        ({"pattern": "day", "month_day": 31}, "Day 31 of the month"),
        ({"pattern": "weeks", "interval": 1, "weekday": [0, 2]}, "Every Monday and Wednesday"),
    ],
)
def test_what_a_host_can_say_can_be_planned(cast: Cast, typed: dict[str, Any], words: str) -> None:
    form = series_form(cast) | {"from_month": 1, "to_month": 12} | typed
    assert plan(sign_in(Client(), cast.host), form).status_code == 302
    assert MeetingSeries.objects.get().rule_in_words == f"{words}, 1:30 PM"
