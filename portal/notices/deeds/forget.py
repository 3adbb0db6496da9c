"""Mail that was composed elsewhere is no member's own list: it is not kept for long."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.forgetting import delete_some
from portal.notices.models import CODE, CODE_LASTS, COMPOSED_ELSEWHERE, Notice

KEPT = timedelta(days=30)


def forget(now: datetime) -> int:
    """Give up the codes that nobody takes any more, and delete what is older than thirty days; how many."""
    late = Notice.objects.filter(sent_at=None, given_up_at=None, kind=CODE, created_at__lt=now - CODE_LASTS)
    given_up = late.update(given_up_at=now, subject="", body="")
    old = Notice.objects.filter(kind__in=COMPOSED_ELSEWHERE, created_at__lt=now - KEPT)
    return given_up + delete_some(old.exclude(sent_at=None, given_up_at=None))
