"""What every verb of the lifecycle's table does before and after what is its own; and the closing, which needs nobody.

A verb is a function that enters `transition`, sets its fields on the row that it is given, and tells whom it concerns.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.districts.models import User
from portal.refusals import Refused, Stale
from purchasing import rules
from purchasing.deeds.snapshot import fix_quantities
from purchasing.models.agreements import Agreement
from purchasing.models.lifecycle import RANK, TABLE
from purchasing.models.records import StatusChange


@contextmanager
def transition(
    agreement: Agreement, verb: str, *, by: User | None, at: datetime, reason: str = "", **details: Any
) -> Iterator[Agreement]:
    """Lock and judge the stored row, let the verb set its fields on it, write state and audit row.

    One transaction. Raises `Refused` or `PermissionDenied`, and then nothing is written. Afterwards `agreement` shows
    what is stored.
    """
    row = TABLE[verb]
    if verb != "close_on_time":
        close_if_due(agreement, at)
    with transaction.atomic():
        stored = Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
        if stored.state not in row.sources:
            raise Refused(
                _("This agreement is “%(state)s” and cannot take “%(verb)s”. Reload the page to see where it is.")
                % {"state": stored.get_state_display(), "verb": row.label}
            )
        if not row.is_for(stored.state, stored.kind):
            raise Refused(str(row.refusal))
        if by is not None and not rules.may_move(by, stored, verb):
            raise PermissionDenied
        if row.needs_reason and not reason.strip():
            raise Refused(_("Give a reason: everybody who takes part will read it."))
        before = stored.state
        yield stored
        stored.state, stored.rank, stored.moved_at = row.target, RANK[row.target], at
        seen, stored.version = stored.version, stored.version + 1
        fields = {f.attname: getattr(stored, f.attname) for f in stored._meta.concrete_fields if not f.primary_key}
        if not Agreement.objects.filter(pk=stored.pk, version=seen).update(**fields):
            raise Stale(_("Somebody changed this agreement at the same moment. Reload and look again."))
        StatusChange.objects.create(
            agreement=stored,
            at=at,
            by=by,
            verb=verb,
            from_state=before,
            to_state=row.target,
            reason=reason.strip(),
            version=stored.version,
            details=details,
        )
        log(
            instance=stored,
            action=f"purchasing.{verb}",
            user=by,
            timestamp=at,
            data={"from": before, "to": row.target, "reason": reason.strip(), "version": stored.version},
        )
    agreement.refresh_from_db()


def close_if_due(agreement: Agreement, now: datetime) -> bool:
    """Fix the quantities of an agreement past its closing, once; the first write and the timed job call it.

    A transaction of its own where the caller has none. The change is dated to the closing instant itself. No query
    while it is not due. Whether this call did it.
    """
    if agreement.state_at(now) == agreement.state or agreement.closes_at is None:
        return False
    with transaction.atomic():
        stored = Agreement.objects.select_for_update(no_key=True).due(now).filter(pk=agreement.pk).first()
        done = stored is not None
        if stored is not None and stored.closes_at is not None:
            with transition(stored, "close_on_time", by=None, at=stored.closes_at) as row:
                fix_quantities(row, stored.closes_at)
    agreement.refresh_from_db()
    return done
