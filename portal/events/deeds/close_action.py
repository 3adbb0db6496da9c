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
    _refuse_others(action, by)
    ActionItem.objects.select_for_update().get(pk=action.pk).close(by=by, at=at)


@transaction.atomic
def reopen_action(action: ActionItem, *, by: User) -> None:
    _refuse_others(action, by)
    action.reopen()


def _refuse_others(action: ActionItem, person: User) -> None:
    if not rules.may_close_action(person, action.series, action.owner_id):
        raise PermissionDenied
