"""When a fiscal year starts is a dated rule: of the number, the words, and what a new agreement offers."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from purchasing.models import BuyingRule
from tests.conftest import sign_in
from tests.people import Cast
from tests.purchasing.makers import make_agreement

pytestmark = pytest.mark.django_db


def rule(day: date, month: int) -> BuyingRule:
    return BuyingRule.objects.create(in_force_from=day, fiscal_year_month=month)


def test_without_a_rule_it_is_july_to_june() -> None:
    assert BuyingRule.fiscal_year_words(2026) == "July 2026 to June 2027"
    assert BuyingRule.fiscal_year_on(date(2026, 6, 30)) == 2025
    assert BuyingRule.fiscal_year_on(date(2026, 7, 1)) == 2026


def test_a_calendar_year_may_be_one() -> None:
    rule(date(2020, 1, 1), 1)
    assert BuyingRule.fiscal_year_words(2026) == "January 2026 to December 2026"
    assert BuyingRule.fiscal_year_on(date(2026, 1, 1)) == 2026


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2027, 7, 1), date(2027, 12, 31)])
def test_a_rule_counts_from_its_calendar_year_on_and_leaves_no_gap(day: date) -> None:
    rule(day, 10)
    assert [BuyingRule.fiscal_year(year) for year in (2025, 2026, 2027)] == [
        (date(2025, 7, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2027, 9, 30)),
        (date(2027, 10, 1), date(2028, 9, 30)),
    ]
    assert BuyingRule.fiscal_year_on(date(2027, 9, 30)) == 2026
    assert BuyingRule.fiscal_year_on(date(2027, 10, 1)) == 2027


def test_an_agreement_says_the_months_of_its_year(client: Client, cast: Cast) -> None:
    page = make_agreement(cast, fiscal_year=2026).get_absolute_url()
    sign_in(client, cast.host)
    assert "July 2026 to June 2027" in client.get(page).content.decode()
    rule(date(2020, 1, 1), 10)
    assert "October 2026 to September 2027" in client.get(page).content.decode()


@pytest.mark.parametrize("month", [1, 12])
def test_a_new_agreement_offers_the_year_that_runs(client: Client, cast: Cast, month: int) -> None:
    rule(date(2020, 1, 1), month)
    page = sign_in(client, cast.host).get("/agreements/new/")
    today = timezone.localdate()
    year = today.year if today.month >= month else today.year - 1
    assert page.context["form"]["fiscal_year"].value() == year
    assert f"{year} is {BuyingRule.fiscal_year_words(year)}." in page.content.decode()
