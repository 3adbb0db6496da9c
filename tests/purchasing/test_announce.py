"""What anybody reads of an announced agreement: the closing as it came, and nothing once it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.search.models import Entry
from portal.templatetags.wording import when, when_in_full
from purchasing.deeds.announce import announce_agreement
from purchasing.deeds.close import close_agreement
from purchasing.deeds.end import cancel_agreement
from purchasing.deeds.verbs import VERBS
from purchasing.models import Agreement
from tests.conftest import sign_in
from tests.people import Cast
from tests.purchasing.makers import make_agreement, make_show


@pytest.fixture
def announced(cast: Cast) -> Agreement:
    agreement = make_agreement(cast)
    announce_agreement(agreement, public=True, by=cast.officer, at=timezone.now())
    return agreement


def words(instant: datetime | None) -> str:
    return when(instant, "America/Chicago")


def pages(client: Client, agreement: Agreement) -> list[str]:
    return [
        " ".join(client.get(url).content.decode().split()) for url in (agreement.get_absolute_url(), "/agreements/")
    ]


def summary(agreement: Agreement) -> str:
    return Entry.objects.get(kind="announcement", object_id=agreement.pk).summary


def test_while_open_it_says_until_when(client: Client, announced: Agreement) -> None:
    for page in pages(client, announced):
        assert f"Closes {words(announced.closes_at)}, 19 days left" in page
    assert announced.closes_at is not None
    assert f"Closes {when_in_full(announced.closes_at, announced.zone)}" in summary(announced)


def test_closed_early_it_says_when_and_counts_no_days(client: Client, cast: Cast, announced: Agreement) -> None:
    planned = words(announced.closes_at)
    closed_at = timezone.now() - timedelta(days=1)
    close_agreement(announced, by=cast.host, at=closed_at, reason="All have answered")
    for page in pages(client, announced):
        assert f"Closed {words(closed_at)}" in page
        assert planned not in page
        assert "left" not in page
    assert f"Closed {when_in_full(closed_at, announced.zone)}" in summary(announced)


def test_past_its_closing_and_not_yet_settled_it_is_closed(client: Client, announced: Agreement) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Agreement.objects.filter(pk=announced.pk).update(closes_at=past)
    for page in pages(client, announced):
        assert f"Closed {words(past)}" in page


@pytest.mark.parametrize("verb", ["cancel", "fail"])
def test_ended_without_an_award_it_is_announced_no_more(
    client: Client, cast: Cast, announced: Agreement, verb: str
) -> None:
    VERBS[verb](announced, by=cast.host, at=timezone.now(), reason="No vendor")
    assert client.get(announced.get_absolute_url()).status_code == 302
    assert announced.title not in client.get("/agreements/").content.decode()
    assert not Entry.objects.filter(kind="announcement", object_id=announced.pk).exists()
    assert "announcement" not in sign_in(client, cast.officer).get(announced.get_absolute_url()).content.decode()


def test_members_read_when_a_canceled_agreement_stopped(client: Client, cast: Cast) -> None:
    agreement = make_show(cast)
    planned, canceled_at = words(agreement.closes_at), timezone.now() - timedelta(days=1)
    cancel_agreement(agreement, by=cast.host, at=canceled_at, reason="No vendor")
    page, _list = pages(sign_in(client, cast.member), agreement)
    assert f"Closed {words(canceled_at)}" in page
    assert f"Closed {planned}" not in page


@pytest.mark.parametrize("who", ["member", "buyer", "host", "officer"])
def test_the_row_of_districts_has_its_own_name_and_not_a_button_s(
    client: Client, cast: Cast, announced: Agreement, who: str
) -> None:
    page, _list = pages(sign_in(client, getattr(cast, who)), announced)
    assert '<ul class="districts" role="list" aria-label="Districts">' in page
