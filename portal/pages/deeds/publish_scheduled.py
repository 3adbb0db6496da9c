"""What officers scheduled in the Wagtail admin: a page goes live, or expires, by the clock.

Not by Wagtail's own command: of two clocks it does each twice, and with it undoes what was changed between the two.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Page, Revision


def publish_due(now: datetime) -> int:
    """The due job. Returns how many pages came or went; two queries where none did."""
    expired = Page.objects.filter(live=True, expire_at__lt=now).order_by("expire_at")
    coming = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
    return _each(expired, _take_down) + _each(coming, _publish)


def _each(due: QuerySet[Any], deed: Callable[[Any], object]) -> int:
    """In a transaction of its own, unless another clock was quicker; how many."""
    done = 0
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            row = due.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
            if row is not None:
                deed(row)
                done += 1
    return done


def _take_down(page: Page) -> None:
    page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(revision: Revision) -> None:
    revision.publish(log_action="wagtail.publish.scheduled")
