"""What anybody may read of an agreement."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from portal.districts.models import User
from purchasing import rules
from purchasing.models.agreements import Agreement


def announce_agreement(agreement: Agreement, *, public: bool, by: User, at: datetime) -> None:
    """Let anybody know title, office and closing date, or take that back. An officer's deed."""
    if not rules.may_announce(by, agreement):
        raise PermissionDenied
    with transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(teaser_public=public)
        action = "purchasing.announce" if public else "purchasing.hide"
        log(instance=agreement, action=action, user=by, timestamp=at)
    agreement.refresh_from_db()
