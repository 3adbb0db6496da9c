"""What officers scheduled in the Wagtail admin: a page goes live, or expires, by the clock."""

from __future__ import annotations

from datetime import datetime

from django.core.management import call_command
from wagtail.models import Page, Revision


def publish_due(now: datetime) -> int:
    """The due job, done by Wagtail's own command. Returns how many pages came or went; two queries where none did."""
    expired: int = Page.objects.filter(live=True, expire_at__lt=now).count()
    coming: int = Revision.objects.filter(approved_go_live_at__lt=now).count()
    if expired or coming:
        call_command("publish_scheduled")
    return expired + coming
