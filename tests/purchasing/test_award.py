"""What each district hears of an award: its own quantities at the price that all reached."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from portal.districts.models import Role
from portal.notices.models import Notice
from portal.refusals import Refused
from purchasing.deeds.award import activate_agreement, award_agreement
from purchasing.deeds.close import close_agreement
from purchasing.deeds.end import cancel_agreement
from purchasing.models import Agreement
from tests.conftest import sign_in
from tests.people import Cast, join
from tests.purchasing.makers import in_a_year, make_agreement, make_commitment, make_draft, make_line, make_show
from tests.purchasing.test_lifecycle import arguments, put


def award(agreement: Agreement, cast: Cast, price_expires: date | None = None) -> None:
    now = timezone.now()
    if agreement.state == "committing":
        close_agreement(agreement, by=cast.host, at=now, reason="All have answered")
    award_agreement(
        agreement,
        by=cast.host,
        at=now,
        vendor="Prairie Devices",
        price_source="Quote 17",
        price_expires=price_expires or in_a_year(),
        rationale="Lowest of four",
    )


def results(email: str) -> list[str]:
    """The texts of the mails of this kind, sorted."""
    return sorted(Notice.objects.filter(kind="agreement-result", email=email).values_list("body", flat=True))


def test_who_is_of_two_districts_hears_of_both(cast: Cast) -> None:
    join(cast.neighbor, Role.MEMBER, district=cast.batavia)
    award(make_show(cast), cast)
    batavia, geneva = results(cast.neighbor.email)
    assert "Batavia USD 101:\nChromebook: devices, 413 x $318.00 = $131,334.00" in batavia
    assert "Geneva CUSD 304:\nChromebook: devices, 500 x $318.00 = $159,000.00" in geneva
    assert len(results(cast.member.email)) == 1


def test_who_is_of_two_districts_hears_once_that_it_ended(cast: Cast) -> None:
    join(cast.neighbor, Role.MEMBER, district=cast.batavia)
    cancel_agreement(make_show(cast), by=cast.host, at=timezone.now(), reason="No vendor")
    assert len(results(cast.neighbor.email)) == 1


def test_a_price_with_four_places_is_told_with_four(cast: Cast) -> None:
    agreement = make_agreement(cast, lines=[make_line("Paper", [(1, "0.0425")], unit="sheet")])
    make_commitment(agreement, cast.geneva, 100_000, buyer=cast.neighbor)
    award(agreement, cast)
    (text,) = results(cast.neighbor.email)
    assert "Paper: sheets, 100,000 x $0.0425 = $4,250.00" in text


def test_the_page_shows_all_places_of_the_price_without_us(client: Client, cast: Cast) -> None:
    line = make_line("Paper", [(1, "0.0425")], unit="sheet", baseline_price=Decimal("0.0455"), baseline_source="2025")
    agreement = make_agreement(cast, lines=[line])
    page = sign_in(client, cast.member).get(agreement.get_absolute_url()).content.decode()
    assert "Without us: $0.0455 (2025)." in page


def test_nobody_is_awarded_at_a_price_that_has_run_out(cast: Cast) -> None:
    agreement, today = make_show(cast), timezone.localdate()
    with pytest.raises(Refused, match="holds this price no more"):
        award(agreement, cast, price_expires=today - timedelta(days=1))
    award(agreement, cast, price_expires=today)
    assert agreement.state == "awarded"


@pytest.mark.parametrize(
    ("days", "refused"), [(1, "has not happened yet"), (0, ""), (-365, ""), (-366, "more than a year")]
)
def test_the_lead_agency_s_board_has_met(cast: Cast, days: int, refused: str) -> None:
    agreement, now = make_draft(cast, kind="own_bid", at=timezone.now()), timezone.now()
    put(agreement, "evaluating")
    given = arguments("award", now) | {"board_date": timezone.localdate() + timedelta(days=days)}
    with pytest.raises(Refused, match=refused) if refused else nullcontext():
        award_agreement(agreement, by=cast.host, at=now, **given)


def test_a_term_does_not_end_before_it_begins(cast: Cast) -> None:
    agreement, today = make_show(cast), timezone.localdate()
    award(agreement, cast)
    with pytest.raises(Refused, match="The term ends before it begins"):
        activate_agreement(
            agreement, by=cast.host, at=timezone.now(), effective_on=today, term_ends_on=today - timedelta(days=1)
        )
    activate_agreement(agreement, by=cast.host, at=timezone.now(), effective_on=today, term_ends_on=today)
    assert agreement.state == "active"


def test_less_than_the_minimum_order_has_no_price(cast: Cast, client: Client) -> None:
    steps = [(1, "350.00"), (100, "318.00")]
    agreement = make_agreement(cast, lines=[make_line(steps=steps, minimum_order=100)])
    make_commitment(agreement, cast.geneva, 60, buyer=cast.neighbor)
    page = sign_in(client, cast.neighbor).get(agreement.get_absolute_url()).content.decode()
    assert "$350.00" not in page
    assert "40 more reach the first price, $318.00 each" in page
    award(agreement, cast)
    (text,) = results(cast.neighbor.email)
    assert "Chromebook: devices, 60; too few in all for any price" in text


def test_who_was_released_is_not_shown_as_bound(cast: Cast, client: Client) -> None:
    agreement = make_show(cast)
    sign_in(client, cast.neighbor)
    district = cast.geneva.get_absolute_url()
    assert "<strong>Committed</strong>" in client.get(agreement.get_absolute_url()).content.decode()
    assert agreement.title in client.get(district).content.decode()
    cancel_agreement(agreement, by=cast.host, at=timezone.now(), reason="No vendor")
    page = client.get(agreement.get_absolute_url()).content.decode()
    assert "<strong>Released</strong>" in page
    assert "What you promise" not in page
    assert "more reach" not in page
    assert "Not yet:" not in page
    assert agreement.title not in client.get(district).content.decode()


def test_after_the_closing_the_page_says_what_was_reached(cast: Cast, client: Client) -> None:
    agreement = make_show(cast)
    sign_in(client, cast.neighbor)
    assert "37 more take $12.00 off each" in client.get(agreement.get_absolute_url()).content.decode()
    close_agreement(agreement, by=cast.host, at=timezone.now(), reason="All have answered")
    page = client.get(agreement.get_absolute_url()).content.decode()
    assert "All together reached $318.00 each." in page
    assert "more take" not in page


def test_past_its_term_nobody_is_told_to_order(client: Client, cast: Cast) -> None:
    agreement = make_show(cast)
    today = timezone.localdate()
    Agreement.objects.filter(pk=agreement.pk).update(state="active", rank=3, effective_on=today, term_ends_on=today)
    places = (agreement.get_absolute_url(), "/agreements/", "/search/?q=chromebooks", cast.geneva.get_absolute_url())
    sign_in(client, cast.neighbor)
    assert all("Ready to order" in client.get(place).content.decode() for place in places)
    Agreement.objects.filter(pk=agreement.pk).update(term_ends_on=today - timedelta(days=1))
    assert all("Term ended" in client.get(place).content.decode() for place in places)
