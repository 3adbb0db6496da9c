"""What nobody will ask for again is deleted, a bounded number at a time: on SQLite everybody's writes wait for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import QuerySet

AT_ONCE = 1_000


def delete_some(rows: QuerySet[Any]) -> int:
    """Delete up to a thousand of them; how many."""
    chosen = list(rows.order_by().values_list("pk", flat=True)[:AT_ONCE])
    return rows.model._default_manager.filter(pk__in=chosen).delete()[0] if chosen else 0


def forget_sessions(now: datetime) -> int:
    """Those that have ended; how many."""
    return delete_some(Session.objects.filter(expire_date__lt=now))
