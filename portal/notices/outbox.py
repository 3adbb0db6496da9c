"""Django's mail goes into the outbox: whatever a request calls, it speaks to no mail server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from portal.notices.deeds.post import post
from portal.notices.models import OTHER


class EmailBackend(BaseEmailBackend):
    def __init__(self, *args: Any, kind: str = OTHER, **kwargs: Any) -> None:
        """`kind`: one of those that `portal.notices.models` names for mail that was composed elsewhere."""
        super().__init__(*args, **kwargs)
        self._kind = kind

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            post(self._kind, message, at=timezone.now())
        return len(email_messages)
