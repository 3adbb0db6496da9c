"""The receiver of a signal by which the districts layer, which knows nothing of notices, asks that people be told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.districts.models import User
from portal.districts.signals import notice_due
from portal.notices.deeds.tell import tell
from portal.registry import NoticeKind, notice_kinds


def register() -> None:
    notice_kinds.add(
        NoticeKind("invitation", _("You are invited"), can_be_switched_off=False, holds_secret=True, is_urgent=True),
        NoticeKind("join-request", _("Somebody asks to join your district")),
        NoticeKind("join-approved", _("You were taken into a district"), can_be_switched_off=False),
        NoticeKind("role-changed", _("Somebody got or lost a role where you have one"), can_be_switched_off=False),
        NoticeKind("role-waiting", _("A role waits for your agreement"), can_be_switched_off=False),
        NoticeKind("role-decided", _("What became of a role that waited"), can_be_switched_off=False),
    )
    notice_due.connect(tell_of_districts, dispatch_uid="portal.notices")


def tell_of_districts(
    sender: type,
    kind: str,
    people: Iterable[User | str],
    key: str,
    at: datetime,
    context: dict[str, Any],
    **kwargs: Any,
) -> None:
    tell(kind, people, key=key, at=at, **context)
