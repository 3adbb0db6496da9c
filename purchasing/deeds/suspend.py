"""Stopping the orders of an agreement in effect for a while, and taking that back."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from portal.districts.models import User
from portal.refusals import Refused
from purchasing.deeds import notify
from purchasing.deeds.transition import transition
from purchasing.models.agreements import Agreement


def suspend_agreement(agreement: Agreement, *, by: User, at: datetime, reason: str) -> None:
    with transition(agreement, "suspend", by=by, at=at, reason=reason) as stored:
        notify.changed(stored, at, _("It is suspended. Do not order from it until you hear more."), reason)


def resume_agreement(agreement: Agreement, *, by: User, at: datetime, reason: str) -> None:
    with transition(agreement, "resume", by=by, at=at, reason=reason) as stored:
        if stored.has_term_ended_at(at):
            raise Refused(_("Its term has ended: nobody can order by it again."))
        notify.changed(stored, at, _("You can order by it again."), reason)
