"""One step in an agreement's life: what every verb of the table does before and after what is its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from purchasing import rules
from purchasing.models.lifecycle import RANK, TABLE, IllegalTransition
from purchasing.models.records import StatusChange

if TYPE_CHECKING:
    from portal.districts.models import User
    from purchasing.models.agreements import Agreement


@contextmanager
def moving(
    agreement: Agreement, verb: str, *, by: User | None, at: datetime, reason: str = "", **details: Any
) -> Iterator[Agreement]:
    """Lock and judge the stored row, let the verb set its fields on it, write state and audit row.

    One transaction. Raises `IllegalTransition` or `PermissionDenied`, and then nothing is written. Afterwards
    `agreement` shows what is stored.
    """
    agreements = type(agreement).objects
    row = TABLE[verb]
    if verb != "close_on_time":
        agreement.settle(at)
    with transaction.atomic():
        stored = agreements.select_for_update(no_key=True).get(pk=agreement.pk)
        if stored.state not in row.sources:
            raise IllegalTransition(
                _("This agreement is “%(state)s” and cannot take “%(verb)s”. Reload the page to see where it is.")
                % {"state": stored.get_state_display(), "verb": row.label}
            )
        if not row.is_for(stored.state, stored.kind):
            raise IllegalTransition(str(row.refusal))
        if by is not None and not rules.may_move(by, stored, verb):
            raise PermissionDenied
        if row.needs_reason and not reason.strip():
            raise IllegalTransition(_("Give a reason: everybody who takes part will read it."))
        before = stored.state
        yield stored
        stored.state, stored.rank, stored.moved_at = row.target, RANK[row.target], at
        seen, stored.version = stored.version, stored.version + 1
        fields = {f.attname: getattr(stored, f.attname) for f in stored._meta.concrete_fields if not f.primary_key}
        if not agreements.filter(pk=stored.pk, version=seen).update(**fields):
            raise IllegalTransition(_("Somebody changed this agreement at the same moment. Reload and look again."))
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
