"""An action is done, or after all not yet."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from portal.districts.models import User
from portal.events import rules
from portal.events.models.outcomes import ActionItem


@transaction.atomic
def close_action(action: ActionItem, *, by: User, at: datetime) -> None:
    """Who was first stays, whoever reads it late."""
    _locked(action, by).close(by=by, at=at)


@transaction.atomic
def reopen_action(action: ActionItem, *, by: User) -> None:
    _locked(action, by).reopen()


def _locked(action: ActionItem, person: User) -> ActionItem:
    """The stored row, where the person may say so."""
    stored = ActionItem.objects.select_for_update().get(pk=action.pk)
    if not rules.may_close_action(person, stored.series, stored.owner_id):
        raise PermissionDenied
    return stored
