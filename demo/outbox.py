"""Mail that stays here: what the demo would have sent is kept in a table and shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMail
from functools import cached_property
from typing import ClassVar

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


class OutboxMail(models.Model):
    """One message to one or more addresses, whole."""

    sent_at = models.DateTimeField(_("sent"))
    to = models.TextField(_("to"))
    subject = models.TextField(_("subject"))
    raw = models.BinaryField()

    objects: ClassVar[models.Manager[OutboxMail]] = models.Manager()

    class Meta:
        app_label = "demo"
        verbose_name = _("mail")
        verbose_name_plural = _("mail")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject

    @cached_property
    def _parsed(self) -> ParsedMail:
        return message_from_bytes(bytes(self.raw), policy=policy.default)  # type: ignore[return-value]

    @property
    def sender(self) -> str:
        return str(self._parsed["From"])

    @property
    def text(self) -> str:
        """The plain part; empty where there is none."""
        part = self._parsed.get_body(preferencelist=("plain",))
        return str(part.get_content()) if part is not None else ""

    @property
    def attachments(self) -> list[Attachment]:
        return [
            Attachment(
                name=part.get_filename() or "attachment",
                content_type=part.get_content_type(),
                content=part.get_payload(decode=True) or b"",  # type: ignore[arg-type]
            )
            for part in self._parsed.iter_attachments()
        ]


class EmailBackend(BaseEmailBackend):
    """Django's mail goes into the table, all of it: notices and what allauth writes."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        rows = [
            OutboxMail(
                sent_at=timezone.now(),
                to=", ".join(message.recipients()),
                subject=message.subject,
                raw=message.message().as_bytes(),
            )
            for message in email_messages
            if message.recipients()
        ]
        with transaction.atomic():
            OutboxMail.objects.bulk_create(rows)
        return len(rows)
