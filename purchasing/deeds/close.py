"""Closing before the time, taking commitments again, and the timed jobs: closing what is due, filing what ended."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from portal.districts.models import User
from portal.refusals import Refused
from portal.search.entries.indexing import reindex
from portal.search.models import Entry
from portal.templatetags.wording import when
from purchasing.deeds import notify
from purchasing.deeds.snapshot import fix_quantities
from purchasing.deeds.transition import close_if_due, transition
from purchasing.models.agreements import Agreement
from purchasing.models.lifecycle import State


def close_agreement(agreement: Agreement, *, by: User, at: datetime, reason: str) -> None:
    """Close before the time."""
    with transition(agreement, "close", by=by, at=at, reason=reason) as stored:
        fix_quantities(stored, at)
        notify.changed(stored, at, _("It is closed before its time; the quantities are fixed."), reason)


def reopen_agreement(agreement: Agreement, *, by: User, at: datetime, closes_at: datetime, reason: str) -> None:
    """Take commitments again, once. What was fixed is kept and marked as replaced."""
    with transition(agreement, "reopen", by=by, at=at, reason=reason, closes_at=closes_at.isoformat()) as stored:
        if stored.reopened_at is not None:
            raise Refused(_("An agreement is reopened once, and this one was."))
        if closes_at <= at:
            raise Refused(_("Choose a closing in the future."))
        stored.snapshots.filter(superseded_at=None).update(superseded_at=at)
        stored.closes_at, stored.closed_at, stored.reopened_at = closes_at, None, at
        what = _("It takes commitments again, until %(when)s.") % {"when": when(closes_at, stored.zone)}
        notify.changed(stored, at, what, reason)


def close_due(now: datetime) -> int:
    """Fix the quantities of every agreement past its closing, each in its own transaction."""
    return sum(close_if_due(agreement, now) for agreement in Agreement.objects.due(now).order_by("pk"))


def refile_ended(now: datetime) -> int:
    """What search still finds as ready to order though its term has ended; how many agreements. No state is written."""
    filed = Entry.objects.filter(kind="agreement", status=State.ACTIVE).values("object_id")
    ended = list(Agreement.objects.past_term(now).filter(pk__in=filed).values_list("pk", flat=True))
    reindex(Agreement.objects.filter(pk__in=ended).touched())
    return len(ended)
