"""What home calls new: since the last day before this one on which the person was here."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from knowledge.hooks.panels import since_you_were_here
from portal.districts.models import User
from portal.districts.models.people import seen
from portal.registry import PanelContext
from tests.conftest import sign_in
from tests.knowledge.makers import make_adoption, make_practice
from tests.people import Cast

NOW = timezone.now()


def news(cast: Cast) -> list[str]:
    shown = since_you_were_here(PanelContext(User.objects.get(pk=cast.member.pk), NOW))
    return [one.text for one in shown["news"]] if shown else []


@pytest.fixture
def said(cast: Cast) -> None:
    """A practice of long ago, which Batavia confirmed ten days ago."""
    practice = make_practice(cast.geneva, title="Loaner carts", at=NOW - timedelta(days=90))
    make_adoption(practice, cast.batavia, at=NOW - timedelta(days=10))


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize(("days", "is_news"), [(20, True), (5, False)])
def test_signing_in_and_answering_today_leaves_the_last_day_before(cast: Cast, days: int, is_news: bool) -> None:
    today = timezone.localdate(NOW)
    User.objects.filter(pk=cast.member.pk).update(last_seen=today - timedelta(days=days))
    assert bool(news(cast)) is is_news
    for _time in range(2):
        seen(User.objects.get(pk=cast.member.pk), on=today)
        assert bool(news(cast)) is is_news


@pytest.mark.usefixtures("said")
def test_two_deeds_at_once_do_not_make_today_the_day_before(cast: Cast) -> None:
    today = timezone.localdate(NOW)
    User.objects.filter(pk=cast.member.pk).update(last_seen=today - timedelta(days=20))
    first, second = (User.objects.get(pk=cast.member.pk) for _deed in range(2))
    seen(first, on=today)
    seen(second, on=today)
    assert User.objects.get(pk=cast.member.pk).seen_before == today - timedelta(days=20)


@pytest.mark.usefixtures("said")
def test_who_is_here_for_the_first_time_is_shown_thirty_days(cast: Cast) -> None:
    seen(cast.member, on=timezone.localdate(NOW))
    assert news(cast) == ["Batavia does this too: Loaner carts"]


@pytest.mark.parametrize("last_seen", [None, 40, 400])
def test_no_more_than_thirty_days_are_news_however_long_ago_somebody_was_here(
    cast: Cast, last_seen: int | None
) -> None:
    """From the instant thirty days ago on."""
    if last_seen is not None:
        day = timezone.localdate(NOW) - timedelta(days=last_seen)
        User.objects.filter(pk=cast.member.pk).update(last_seen=day)
    practice, edge = make_practice(cast.geneva, title="Carts", at=NOW - timedelta(days=90)), NOW - timedelta(days=30)
    make_adoption(practice, cast.batavia, at=edge - timedelta(microseconds=1))
    assert news(cast) == []
    make_adoption(practice, cast.batavia, at=edge)
    assert news(cast) == ["Batavia does this too: Carts"]


@pytest.mark.usefixtures("said")
def test_home_shows_it(cast: Cast) -> None:
    assert "Since you were here" in sign_in(Client(), cast.member).get("/").content.decode()
