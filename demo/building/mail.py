"""What the story wrote to people: old mail counts as sent long ago, that of the last days goes to the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from portal.notices.deeds.send import send
from portal.notices.models import Notice

RECENT = timedelta(days=3)


def send_recent(now: datetime) -> int:
    """Mark what is older than three days as sent then, send the rest; how many went."""
    Notice.objects.filter(sent_at=None, created_at__lt=now - RECENT).update(sent_at=F("created_at"))
    sent = 0
    while batch := send(now):
        sent += batch
    return sent
