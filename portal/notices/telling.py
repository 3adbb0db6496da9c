"""The one way to write to people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from portal.districts.models import User


def tell(
    kind: str,
    people: Iterable[User | str],
    *,
    key: str,
    at: datetime,
    calendar: bytes = b"",
    **context: Any,
) -> int:
    """Send one plain-text notice to each of `people` (accounts, or bare addresses for invitations), after commit.

    `kind` names a registered `NoticeKind`; its template `notices/<kind>.txt` gets `person`, `at` and `context`.
    `key` names the occasion ("agreement:12:opened"): the same person is told of one occasion once, however often this
    is called. `calendar` is an iCalendar file to attach. Returns how many were newly told; people who switched the
    kind off are not.
    """
    return 0
