"""New things that fit a saved search are told: once, when it was asked for, and only to who may see them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from knowledge.models import Practice
from portal.districts.models import Membership, User
from portal.notices.deeds.switch import switch_off
from portal.notices.models import Notice
from portal.registry import search_sources
from portal.saved.deeds import alert
from portal.saved.models import FoundThing, Often, SavedSearch
from portal.saved.screens import feeds
from portal.search.asking import question
from portal.search.asking.address import SearchAddress
from portal.search.entries import indexing, rebuilding
from portal.search.models import Entry, FreshEntry
from purchasing.deeds.open import open_agreement
from tests.knowledge.makers import make_practice, make_question
from tests.people import Cast, make_district
from tests.purchasing.makers import make_draft, make_line

NOW = datetime(2026, 11, 4, 18, 0, tzinfo=UTC)
"""A Wednesday noon in Illinois."""


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries are written at `NOW`, whatever the wall says."""
    monkeypatch.setattr(FreshEntry._meta.get_field("written_at"), "_get_default", lambda: NOW)


def keep(person: User, address: str = "q=wifi", often: str = Often.NOW, *, at: datetime = NOW) -> SavedSearch:
    return SavedSearch.objects.create(person=person, name=address, address=address, often=often, created_at=at)


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.filter(kind="saved-search").values_list("email", "subject"))


def post(cast: Cast, title: str = "Wi-Fi in every room", audience: str = "members") -> Practice:
    return make_practice(cast.geneva, title=title, audience=audience)


def test_a_new_thing_is_told_at_once_with_its_title_and_address(cast: Cast) -> None:
    keep(cast.member)
    keep(cast.neighbor, "q=zebra")
    practice = post(cast)
    post(cast, "Carts")
    assert alert.run(NOW) == 1
    notice = Notice.objects.get()
    assert notice.subject == "We found 1 new thing: q=wifi"
    assert "Wi-Fi in every room" in notice.body
    assert practice.get_absolute_url() in notice.body
    assert "Carts" not in notice.body
    assert "/search/?q=wifi" in notice.body
    assert not FreshEntry.objects.exists()


def test_filters_operators_and_synonyms_hold(cast: Cast) -> None:
    keep(cast.member, f"q=wireless&kind=practice&county={cast.kane.pk}")
    keep(cast.member, "q=wifi+-room")
    keep(cast.member, "kind=question")
    keep(cast.member, "q=wifi+tag:nobody-has-this")
    keep(cast.member, "q=wifi+-tag:nobody-has-this+-kind:question")
    keep(cast.member, "q=wifi+-county:nowhere")
    post(cast)
    make_question(title="Wi-Fi?", district=cast.geneva)
    make_practice(cast.sycamore, title="Wi-Fi elsewhere", audience="public")
    alert.run(NOW)
    found = {saved.address: sorted(saved.found.values_list("kind", flat=True)) for saved in SavedSearch.objects.all()}
    assert found == {
        f"q=wireless&kind=practice&county={cast.kane.pk}": ["practice"],
        "q=wifi+-room": ["practice", "question"],
        "kind=question": ["question"],
        "q=wifi+tag:nobody-has-this": [],
        "q=wifi+-tag:nobody-has-this+-kind:question": ["practice", "practice"],
        "q=wifi+-county:nowhere": [],
    }


def test_a_thing_is_told_once_whatever_happens_to_it(cast: Cast) -> None:
    keep(cast.member)
    practice = post(cast)
    assert alert.run(NOW) == 1
    later = NOW + timedelta(hours=1)
    assert alert.run(later) == 0
    practice.title = "Wi-Fi, changed"
    practice.save()
    indexing.index("practice", [practice.pk])
    Entry.objects.filter(kind="practice", object_id=practice.pk).delete()
    indexing.index("practice", [practice.pk])
    assert FreshEntry.objects.exists(), "it was gone and is there again"
    assert alert.run(later) == 0
    assert len(told()) == 1


def test_what_was_there_before_and_a_rebuild_are_no_news(cast: Cast) -> None:
    post(cast)
    keep(cast.member, at=NOW + timedelta(minutes=1))
    assert alert.run(NOW) == 0
    Entry.objects.filter(kind="practice").delete()
    rebuilding.rebuild(search_sources["practice"])
    assert not FreshEntry.objects.exists()
    assert alert.run(NOW) == 0


def test_news_is_what_was_written_from_the_instant_of_saving_on(cast: Cast) -> None:
    keep(cast.member, at=NOW + timedelta(microseconds=1))
    keep(cast.neighbor, at=NOW)
    post(cast)
    assert alert.run(NOW) == 1
    assert [email for email, _subject in told()] == [cast.neighbor.email]


def test_what_the_reader_may_not_see_is_not_told(cast: Cast) -> None:
    for person in (cast.member, cast.outsider, cast.stranger):
        keep(person)
    post(cast, audience="county")
    alert.run(NOW)
    assert [email for email, _subject in told()] == [cast.member.email]
    assert not FoundThing.objects.exclude(saved__person=cast.member).exists()


def test_who_is_asked_is_told_of_an_agreement_and_its_items_when_it_opens(cast: Cast) -> None:
    keep(cast.buyer, "q=cart")
    keep(cast.host, "q=cart")
    keep(cast.outsider, "q=cart")
    draft = make_draft(cast, title="Cart agreement", lines=[make_line("Cart with 30 bays")])
    alert.run(NOW)
    assert [email for email, _subject in told()] == [cast.host.email], "a draft is the host's"
    open_agreement(draft, by=cast.host, at=timezone.now(), closes_at=timezone.now() + timedelta(days=30))
    alert.run(NOW + timedelta(hours=1))
    alert.run(NOW + timedelta(hours=2))
    assert told() == [
        (cast.buyer.email, "We found 2 new things: q=cart"),
        (cast.host.email, "We found 2 new things: q=cart"),
    ]


def test_what_is_shared_with_more_people_is_news_to_those_alone(cast: Cast) -> None:
    practice = post(cast, audience="district")
    alert.run(NOW)
    keep(cast.neighbor)
    keep(cast.member)
    for audience in ("members", "public", "district", "members"):
        Practice.objects.filter(pk=practice.pk).update(audience=audience)
        alert.run(NOW + timedelta(hours=1))
    assert told() == [(cast.member.email, "We found 1 new thing: q=wifi")], "its district saw it all the time"


def test_alerts_stop_with_the_membership_and_with_what_is_hidden_meanwhile(cast: Cast) -> None:
    keep(cast.member, often=Often.DAILY)
    keep(cast.neighbor, often=Often.DAILY)
    hidden, shown = post(cast, "Wi-Fi, later withdrawn"), post(cast, "Wi-Fi, still here")
    alert.run(NOW)
    Membership.objects.filter(person=cast.member).update(until=timezone.localdate() - timedelta(days=1))
    Practice.objects.filter(pk=hidden.pk).update(live=False)
    indexing.index("practice", [hidden.pk])
    alert.run(NOW + timedelta(days=1))
    assert told() == [(cast.neighbor.email, "We found 1 new thing: q=wifi")]
    body = Notice.objects.get().body
    assert "later withdrawn" not in body
    assert shown.title in body
    Membership.objects.filter(person=cast.member).update(until=None)
    assert alert.run(NOW + timedelta(days=2)) == 0, "what was withheld is not told of later either"


def test_a_closed_account_and_a_deleted_or_silent_search_are_left_alone(cast: Cast) -> None:
    keep(cast.member, often=Often.OFF)
    SavedSearch.objects.filter(pk=keep(cast.neighbor).pk).update(deleted_at=NOW)
    keep(cast.buyer)
    User.objects.filter(pk=cast.buyer.pk).update(is_active=False)
    post(cast)
    assert alert.run(NOW) == 0


def test_one_click_in_the_mail_ends_them_all(cast: Cast) -> None:
    keep(cast.member)
    switch_off(cast.member, "saved-search")
    post(cast)
    alert.run(NOW)
    assert told() == []


def test_what_comes_within_ten_minutes_goes_into_the_next_mail(cast: Cast) -> None:
    keep(cast.member)
    post(cast, "Wi-Fi 1")
    assert alert.run(NOW) == 1
    post(cast, "Wi-Fi 2")
    post(cast, "Wi-Fi 3")
    assert alert.run(NOW + timedelta(minutes=10, microseconds=-1)) == 0
    assert alert.run(NOW + timedelta(minutes=10)) == 1
    assert [subject for _email, subject in told()] == ["We found 1 new thing: q=wifi", "We found 2 new things: q=wifi"]


@pytest.mark.parametrize(
    ("often", "quiet_until", "told_at"),
    [
        (Often.DAILY, datetime(2026, 11, 5, 12, 59, tzinfo=UTC), datetime(2026, 11, 5, 13, 0, tzinfo=UTC)),
        (Often.WEEKLY, datetime(2026, 11, 9, 12, 59, tzinfo=UTC), datetime(2026, 11, 9, 13, 0, tzinfo=UTC)),
    ],
)
def test_daily_is_at_seven_and_weekly_on_mondays_at_seven(
    cast: Cast, often: str, quiet_until: datetime, told_at: datetime
) -> None:
    keep(cast.member, often=often)
    post(cast, "Wi-Fi 1")
    assert alert.run(NOW) == 0
    post(cast, "Wi-Fi 2")
    assert alert.run(quiet_until - timedelta(hours=6)) == 0
    assert alert.run(quiet_until) == 0
    assert alert.run(told_at) == 1
    assert alert.run(told_at + timedelta(minutes=5)) == 0
    assert [subject for _email, subject in told()] == ["We found 2 new things: q=wifi"]


@pytest.mark.parametrize(
    ("often", "back_at"),
    [
        (Often.DAILY, datetime(2026, 11, 5, 14, 10, tzinfo=UTC)),
        (Often.WEEKLY, datetime(2026, 11, 9, 14, 10, tzinfo=UTC)),
    ],
)
def test_what_was_written_while_the_clock_stood_still_is_told_as_soon_as_it_goes(
    cast: Cast, often: str, back_at: datetime
) -> None:
    keep(cast.member, often=often)
    post(cast)
    assert alert.run(back_at) == 1
    post(cast, "Wi-Fi, written before the mail and seen after it")
    assert alert.run(back_at + timedelta(minutes=1)) == 0, "one mail a morning"
    assert alert.run(back_at + timedelta(days=7)) == 1


def test_a_mail_names_ten_and_counts_the_rest(cast: Cast) -> None:
    keep(cast.member)
    for number in range(13):
        post(cast, f"Wi-Fi number {number}")
    alert.run(NOW)
    body = Notice.objects.get().body
    assert body.count("Wi-Fi number") == 10
    assert "And 3 more." in body


def test_a_job_that_was_killed_midway_tells_the_same_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(cast.member)
    keep(cast.neighbor)
    post(cast)

    kept = alert._keep

    def die(saved: SavedSearch, *rest: Any) -> None:
        if saved.person == cast.neighbor:
            raise KeyboardInterrupt
        kept(saved, *rest)

    with monkeypatch.context() as broken:
        broken.setattr(alert, "_keep", die)
        with pytest.raises(KeyboardInterrupt):
            alert.run(NOW)
    assert alert.run(NOW) == 2
    assert len(told()) == 2


def test_a_run_ends_in_time_and_the_next_one_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(cast.member)
    FreshEntry.objects.all().delete()
    for number in range(3):
        post(cast, f"Wi-Fi {number}")
    monkeypatch.setattr(alert, "BATCH", 1)
    monkeypatch.setattr(alert, "RUN_SECONDS", 0.0)
    assert alert.run(NOW) == 1
    assert FreshEntry.objects.count() == 2
    monkeypatch.setattr(alert, "RUN_SECONDS", 60.0)
    assert alert.run(NOW + timedelta(hours=1)) == 1
    assert not FreshEntry.objects.exists()


@pytest.mark.copyless
def test_elasticsearch_is_never_asked(cast: Cast, settings: Any) -> None:
    settings.ELASTICSEARCH_HOSTS = ["http://127.0.0.1:9"]
    keep(cast.member, "q=wifi+tag:wifi")
    make_practice(cast.geneva, title="Wi-Fi in every room", tags=("wifi",))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(question, "_elasticsearch", lambda: pytest.fail("asked"))
        alert.run(NOW)
        feeds.atom(SearchAddress.read(QueryDict("q=wifi+tag:wifi")), cast.member, "https://own/")
    assert told() == [(cast.member.email, "We found 1 new thing: q=wifi+tag:wifi")]


def test_a_write_costs_one_query_more_for_what_is_new_and_none_for_what_is_changed(cast: Cast) -> None:
    district = make_district("Prairie SD", "9900001", cast.kane, cast.roe31, 100)
    FreshEntry.objects.all().delete()
    district.city = "Elsewhere"
    with CaptureQueriesContext(connection) as changed:
        district.save()
    assert not FreshEntry.objects.exists()
    Entry.objects.filter(kind="district", object_id=district.pk).delete()
    with CaptureQueriesContext(connection) as new:
        district.save()
    assert FreshEntry.objects.count() == 1
    assert len(new) - len(changed) <= 1


def test_many_searches_are_tested_with_a_few_queries_each(cast: Cast) -> None:
    for number in range(10):
        keep(cast.member, f"q=wifi+{number}")
    for number in range(20):
        post(cast, f"Wi-Fi {number % 10}")
    with CaptureQueriesContext(connection) as queries:
        alert.test()
    assert len(queries) <= 5 + 10 * 5
    assert FoundThing.objects.count() == 20
