"""Putting an own bid out, opening the offers, choosing the vendor, and making the agreement ready to order."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.districts.models import User
from portal.refusals import Refused
from purchasing.deeds import notify
from purchasing.deeds.evidence import require_board_date
from purchasing.deeds.open import require_complete
from purchasing.deeds.transition import transition
from purchasing.models.agreements import Agreement
from purchasing.models.buying_rules import BuyingRule
from purchasing.models.lifecycle import Kind
from purchasing.models.records import Award


def solicit_bids(
    agreement: Agreement, *, by: User, at: datetime, notice: str, bids_close_at: datetime, reason: str = ""
) -> None:
    """Put an own bid out: the notice is recorded, and the legal days lie between it and the bid closing."""
    with transition(agreement, "solicit", by=by, at=at, reason=reason, notice=notice) as stored:
        if not notice.strip():
            raise Refused(_("Record the public notice: where and when it was printed."))
        days = BuyingRule.on(timezone.localdate(at)).notice_days
        earliest = at.astimezone(stored.tz).date() + timedelta(days=days)
        if bids_close_at <= at or bids_close_at.astimezone(stored.tz).date() < earliest:
            raise Refused(_("Bids close at least %(days)d days after the public notice.") % {"days": days})
        require_complete(stored)
        stored.notice, stored.bids_close_at = notice.strip(), bids_close_at


def open_offers(agreement: Agreement, *, by: User, at: datetime, opener: str, witness: str, reason: str = "") -> None:
    """Open the offers, at or after the bid closing, before a witness."""
    with transition(agreement, "evaluate", by=by, at=at, reason=reason, opener=opener, witness=witness) as stored:
        if stored.bids_close_at is not None and at < stored.bids_close_at:
            raise Refused(_("Nobody reads an offer before the bids close."))
        if not opener.strip() or not witness.strip() or opener.strip() == witness.strip():
            raise Refused(_("Name who opened the offers, and somebody else who saw it."))


def award_agreement(
    agreement: Agreement,
    *,
    by: User,
    at: datetime,
    vendor: str,
    price_source: str,
    price_expires: date | None,
    rationale: str,
    board_date: date | None = None,
    reason: str = "",
) -> Award:
    """Choose the vendor. What is written here is never changed."""
    with transition(agreement, "award", by=by, at=at, reason=reason or rationale, vendor=vendor) as stored:
        if not all(text.strip() for text in (vendor, price_source, rationale)):
            raise Refused(_("An award names the vendor, where the price comes from, and why."))
        if stored.kind != Kind.OWN_BID and price_expires is None:
            raise Refused(_("Say until when the vendor holds the price."))
        if price_expires is not None and price_expires < at.astimezone(stored.tz).date():
            raise Refused(_("The vendor holds this price no more. Ask for a new one first."))
        if stored.kind == Kind.OWN_BID and board_date is None:
            raise Refused(_("Give the date on which the lead agency's board approved the award."))
        if board_date is not None:
            today = at.astimezone(stored.tz).date()
            require_board_date(stored, board_date, today, _("That board meeting has not happened yet."))
        award = Award.objects.create(
            agreement=stored,
            vendor=vendor.strip(),
            price_source=price_source.strip(),
            price_expires=price_expires,
            rationale=rationale.strip(),
            board_date=board_date,
            awarded_at=at,
            awarded_by=by,
        )
        notify.awarded(stored, award, at)
    return award


def activate_agreement(
    agreement: Agreement,
    *,
    by: User,
    at: datetime,
    effective_on: date,
    term_ends_on: date | None = None,
    options: int = 0,
) -> None:
    """Signed by both sides and in effect: districts may order."""
    with transition(agreement, "activate", by=by, at=at, effective_on=effective_on.isoformat()) as stored:
        if effective_on > at.astimezone(stored.tz).date():
            raise Refused(_("Orders start on the effective date, not before."))
        if term_ends_on is not None and term_ends_on < effective_on:
            raise Refused(_("The term ends before it begins. Look at both dates."))
        if term_ends_on is not None and term_ends_on < at.astimezone(stored.tz).date():
            raise Refused(_("The term has ended already: nobody could order by it. Look at its last day."))
        stored.effective_on, stored.term_ends_on, stored.options = effective_on, term_ends_on, options
