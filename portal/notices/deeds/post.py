"""Mail that was composed elsewhere: by allauth, by Wagtail, by Django."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.core.mail import EmailMessage
from django.db import transaction

from portal.notices.deeds.send import send_soon
from portal.notices.models import Notice
from portal.text import one_line


def post(kind: str, mail: EmailMessage, *, at: datetime) -> None:
    """Write it into the outbox, once for each address: its subject and its plain text.

    Raises `ValueError` where it has a file: only `tell` sends one.
    """
    if mail.attachments:
        raise ValueError("Files are sent by portal.notices.deeds.tell only.")
    rows = [
        Notice(
            kind=kind,
            key=uuid.uuid4().hex,
            email=address.lower(),
            subject=one_line(str(mail.subject))[:200],
            body=str(mail.body),
            created_at=at,
            next_try_at=at,
        )
        for address in dict.fromkeys(mail.recipients())
    ]
    with transaction.atomic():
        Notice.objects.bulk_create(rows)
        transaction.on_commit(send_soon)
