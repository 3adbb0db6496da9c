"""The host asks the districts that have not answered to do so."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.districts.models import User
from portal.refusals import Refused
from purchasing import rules
from purchasing.deeds import notify
from purchasing.models.agreements import Agreement


def remind(agreement: Agreement, *, by: User, at: datetime, participation_id: int | None = None) -> int:
    """One district that has not answered, or all of them. How many people are told; nobody twice a day."""
    if not rules.may_run(by, agreement):
        raise PermissionDenied
    if not agreement.takes_answers_at(at):
        raise Refused(_("This agreement takes no answers now, so nobody was reminded."))
    waiting = notify.unanswered(agreement)
    if participation_id is not None:
        waiting = waiting.filter(pk=participation_id)
    if not waiting.exists():
        raise Refused(_("Nobody is left to remind: that has been answered."))
    with transaction.atomic():
        return notify.reminded(agreement, waiting, at)
