"""Days are counted in the agreement's own zone, by whatever says them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string

from purchasing.models import Agreement
from purchasing.screens.sentences import state_sentence

NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
"""Noon in Chicago, 11 in Denver."""


@pytest.mark.parametrize(
    ("hours", "zone", "in_days"),
    [
        (12.5, "America/Denver", 0),  # 23:30 in Denver, past midnight in Chicago
        (12.5, "America/Chicago", 1),
        (12.5, "America/New_York", 1),
        (11.5, "America/New_York", 1),  # past midnight in New York, 23:30 in Chicago
        (11.5, "America/Chicago", 0),
        (24 * 9, "America/Denver", 9),
    ],
)
def test_the_page_and_the_fact_line_count_the_same_days(db: None, hours: float, zone: str, in_days: int) -> None:
    agreement = Agreement(state="committing", closes_at=NOW + timedelta(hours=hours), zone=zone)
    page = render_to_string("purchasing/_closing.html", {"agreement": agreement, "now": NOW})
    left = {0: "closes today", 1: "1 day left"}.get(in_days, f"{in_days} days left")
    said = {0: "closes today", 1: "closes in 1 day"}.get(in_days, f"closes in {in_days} days")
    assert page.strip().endswith(f", {left}")
    assert state_sentence(agreement, NOW) == f"Open, {said}"
