"""The host asks the districts, opens the agreement for commitments, and moves its closing later."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.districts.models import User
from portal.refusals import Refused
from portal.templatetags.wording import when
from purchasing.deeds import notify
from purchasing.deeds.draft import LineSpec
from purchasing.deeds.transition import transition
from purchasing.models.agreements import Agreement
from purchasing.models.buying_rules import BuyingRule
from purchasing.models.lifecycle import State


def ask_districts(agreement: Agreement, *, by: User, at: datetime, reason: str = "") -> None:
    """Ask the chosen districts whether they are interested. It binds nobody."""
    with transition(agreement, "ask", by=by, at=at, reason=reason) as stored:
        require_complete(stored)
        notify.asked(stored, at)


def revise_agreement(agreement: Agreement, *, by: User, at: datetime, reason: str) -> None:
    """Take a survey back to its terms. What districts answered is kept; they see it again when they are asked again."""
    with transition(agreement, "revise", by=by, at=at, reason=reason) as stored:
        stored.teaser_public = False  # it was announced as it stood
        what = _("Its items and terms are being worked on. Your answer bound nobody.")
        notify.changed(stored, at, what, reason, is_hidden=True)


def open_agreement(agreement: Agreement, *, by: User, at: datetime, closes_at: datetime, reason: str = "") -> None:
    """Take commitments until `closes_at`."""
    with transition(agreement, "open", by=by, at=at, reason=reason, closes_at=closes_at.isoformat()) as stored:
        require_complete(stored)
        if not stored.body.strip():
            raise Refused(_("Write the terms first: districts commit to what they can read."))
        if stored.lines.filter(breaks__isnull=True).exists():
            raise Refused(
                _("Give every item at least one price before districts commit.")
                if stored.state == State.DRAFT
                else _("An item has no price. Go back to the draft and give every item at least one.")
            )
        days = BuyingRule.on(timezone.localdate(at)).open_days
        if closes_at < at.astimezone(stored.tz) + timedelta(days=days):
            raise Refused(
                _("Choose a closing at least %(days)d days from now, so that boards can meet.") % {"days": days}
            )
        stored.opened_at, stored.closes_at = at, closes_at
        notify.opened(stored, at)


def extend_agreement(agreement: Agreement, *, by: User, at: datetime, closes_at: datetime, reason: str) -> None:
    """Move the closing later; never earlier."""
    with transition(agreement, "extend", by=by, at=at, reason=reason, closes_at=closes_at.isoformat()) as stored:
        if stored.closes_at is not None and closes_at <= stored.closes_at:
            raise Refused(_("An extension can only move the closing later."))
        stored.closes_at = closes_at
        what = _("It now closes %(when)s.") % {"when": when(closes_at, stored.zone)}
        notify.changed(stored, at, what, reason)


def require_complete(agreement: Agreement) -> None:
    """Raises `Refused` while a draft lacks what nobody can be asked without.

    The items are judged only while they can still be changed.
    """
    if not agreement.category.strip():
        raise Refused(_("Choose a category first."))
    lines = list(agreement.lines.prefetch_related("breaks"))
    if not lines or any(not line.unit.strip() for line in lines):
        raise Refused(_("Add at least one item, and say of each what one of it is called."))
    may_change = agreement.state in {State.DRAFT, State.INTEREST}
    if may_change and (faults := [fault for line in lines for fault in LineSpec.of(line).faults()]):
        raise Refused(" ".join(faults))
    if not agreement.participations.exists():
        raise Refused(_("Choose the districts to ask first."))
