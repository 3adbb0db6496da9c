"""Makers of agreements for every test that needs one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from portal.districts.models import District, RegionalOffice, Role, User
from purchasing.deeds.commit import commit
from purchasing.deeds.draft import LineSpec, draft
from purchasing.deeds.evidence import Approval
from purchasing.deeds.open import open_agreement
from purchasing.models import Agreement, Authority, LineItem
from purchasing.models.ladder import Step
from tests.people import Cast, join, make_user

SHOW_STEPS = ((1, "329.00"), (500, "318.00"), (950, "306.00"))


def make_line(name: str = "Chromebook", steps: Iterable[tuple[int, str]] = SHOW_STEPS, **fields: Any) -> LineSpec:
    return LineSpec(
        name=name,
        unit=fields.pop("unit", "device"),
        steps=[Step(minimum, Decimal(price)) for minimum, price in steps],
        **fields,
    )


def make_draft(
    cast: Cast,
    *,
    at: datetime | None = None,
    host: User | None = None,
    office: RegionalOffice | None = None,
    lines: Sequence[LineSpec] | None = None,
    districts: Iterable[District] | None = None,
    **terms: Any,
) -> Agreement:
    """A draft of ROE 31 asking Kaneland, Geneva and Batavia."""
    values: dict[str, Any] = {
        "title": "Chromebooks 2026",
        "summary": "One model, one price for all.",
        "body": "The vendor bills each district.",
        "category": "Devices",
        "fiscal_year": 2026,
    }
    return draft(
        by=host or cast.host,
        at=at or timezone.now() - timedelta(days=30),
        lead_office=office or cast.roe31,
        lines=[make_line()] if lines is None else lines,
        districts=[cast.kaneland, cast.geneva, cast.batavia] if districts is None else districts,
        **values | terms,
    )


def make_agreement(cast: Cast, *, at: datetime | None = None, closes_in_days: float = 19, **terms: Any) -> Agreement:
    """An agreement open for commitments since `at` (thirty days ago), closing in so many days from now."""
    at = at or timezone.now() - timedelta(days=30)
    agreement = make_draft(cast, at=at, **terms)
    closes_at = timezone.localtime() + timedelta(days=closes_in_days)  # by the clock on the wall
    open_agreement(agreement, by=terms.get("host") or cast.host, at=at, closes_at=closes_at)
    return agreement


def make_buyer(district: District) -> User:
    """A member and buyer of the district."""
    buyer = make_user(f"buyer@{district.slug}.example", f"Buyer, {district.name}")
    join(buyer, Role.MEMBER, district=district)
    join(buyer, Role.BUYER, district=district)
    return buyer


def in_a_year() -> date:
    return timezone.localdate() + timedelta(days=365)


def by_board(day: date | None = None) -> Approval:
    return Approval(Authority.BOARD, day or timezone.localdate())


def line_of(agreement: Agreement, position: int = 1) -> LineItem:
    return agreement.lines.get(position=position)


def make_commitment(
    agreement: Agreement, district: District, quantity: int, *, buyer: User | None = None, at: datetime | None = None
) -> None:
    """The first line's quantity, committed by the district's buyer."""
    commit(
        agreement,
        district,
        {line_of(agreement).pk: quantity},
        by=buyer or make_buyer(district),
        at=at or timezone.now() - timedelta(days=10),
        approval=by_board(timezone.localdate() - timedelta(days=12)),
    )


def make_show(cast: Cast) -> Agreement:
    """The show: 913 committed by Geneva and Batavia, 37 short of 950; Kaneland has not answered."""
    agreement = make_agreement(cast)
    make_commitment(agreement, cast.geneva, 500, buyer=cast.neighbor)
    make_commitment(agreement, cast.batavia, 413)
    return agreement
