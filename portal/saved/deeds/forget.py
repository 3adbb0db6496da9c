"""What nobody will ask for again."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.progress import done_until, note
from portal.saved.models import FoundThing, SavedSearch

TAKEN_AWAY_DAYS = 30
TOLD_DAYS = 90
"""How long what was taken away, and what somebody was told of, is kept."""
FORGOTTEN = "forget-saved-searches"


def forget_old(now: datetime) -> int:
    """Delete searches long taken away, and things long told of; how many. Once a day."""
    last = done_until(FORGOTTEN)
    if last is not None and now - last < timedelta(days=1):
        return 0
    gone = SavedSearch.objects.filter(deleted_at__lt=now - timedelta(days=TAKEN_AWAY_DAYS)).delete()[0]
    told = FoundThing.objects.filter(told_at__lt=now - timedelta(days=TOLD_DAYS)).delete()[0]
    note(FORGOTTEN, now)
    return gone + told
