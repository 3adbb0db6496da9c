"""Getting notices out of the database and into the mail, outside the request."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPResponseException
from time import monotonic
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone
from icalendar import Calendar

from portal.logs import without_secrets
from portal.notices.deeds.switch import off_url
from portal.notices.models import CODE, COMPOSED_ELSEWHERE, Notice
from portal.registry import notice_kinds

log = structlog.get_logger(__name__)

BATCH = 20
BATCH_SECONDS = 1.0
CLOSING = 421
"""SMTP: "Service not available, closing transmission channel"."""
PATIENCE = timedelta(hours=24)
LEAST_ATTEMPTS = 8
"""Before a notice is given up, however long it waited for its first: they span about two hours."""
HELD = timedelta(minutes=5)
"""How long a sender that died midway keeps a notice from the others; the window of a possible duplicate."""


def send_soon() -> None:
    """After a commit, and only where no mail worker runs: on a developer's machine and in the tests."""
    while settings.MAIL_AT_ONCE and send(timezone.now()):
        pass


def send(now: datetime) -> int:
    """Send the first of what waits, over a connection of its own; how many went."""
    mailer = Mailer()
    sent = mailer.send(now)
    mailer.hang_up()
    return sent


class Mailer:
    """Sends what waits over one connection, which is kept while there is something to send."""

    def __init__(self) -> None:
        self._connection = get_connection(settings.MAIL_TRANSPORT)
        self._gone: list[Notice] = []
        """Sent, but not yet noted as sent: a database that is away between the two doubles no mail."""

    def step(self) -> bool:
        if self.send(timezone.now()):
            return True
        self.hang_up()
        return False

    def send(self, now: datetime) -> int:
        """A batch, or what of it goes within a second, so that a code is never behind more than that; how many went.

        One that is refused, or fails to be composed, is tried again, for a day. Raises `OSError`, and takes nothing,
        where the mail server cannot be reached.
        """
        self._note_gone()
        batch = list(Notice.objects.to_send(now).select_related("person")[:BATCH])
        until, sent = monotonic() + BATCH_SECONDS, 0  # from here: a slow read must not leave everything where it is
        for notice in batch:
            if monotonic() >= until:
                break
            self._connection.open()
            if _take(notice, now) and self._goes(notice, now):
                self._gone.append(notice)
                self._note_gone()
                sent += 1
        return sent

    def _goes(self, notice: Notice, now: datetime) -> bool:
        try:
            if notice.person is None or notice.person.is_active:
                self._deliver(as_mail(notice))
        except Exception as error:  # noqa: BLE001 - one that cannot even be composed must not keep the others waiting
            self.hang_up()
            _try_later(notice, now, error)
            return False
        return True

    def _deliver(self, mail: EmailMessage) -> None:
        """A server that says it ends the connection, as some do after so many mails, is called again at once.

        One that hangs up without a word may have taken the mail: it is tried again later, like what is refused.
        """
        try:
            self._connection.send_messages([mail])
        except SMTPResponseException as answer:
            if answer.smtp_code != CLOSING:
                raise
            self.hang_up()
            self._connection.send_messages([mail])

    def _note_gone(self) -> None:
        while self._gone:
            notice = self._gone[0]
            Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now(), **_kept(notice))
            self._gone.pop(0)

    def hang_up(self) -> None:
        with suppress(OSError):
            self._connection.close()


def _take(notice: Notice, now: datetime) -> bool:
    """True for exactly one of several senders: whoever moves `next_try_at` first."""
    taken = Notice.objects.filter(pk=notice.pk, sent_at=None, next_try_at=notice.next_try_at)
    return taken.update(next_try_at=now + HELD, attempts=notice.attempts + 1) == 1


def _try_later(notice: Notice, now: datetime, error: Exception) -> None:
    log.warning("notice_not_sent", notice=notice.pk, attempt=notice.attempts + 1, error=type(error).__name__)
    waits = timedelta(minutes=2 ** min(notice.attempts, 8))
    changes: dict[str, Any] = {"next_try_at": now + waits}
    if now - notice.created_at > PATIENCE and notice.attempts + 1 >= LEAST_ATTEMPTS:
        changes |= {"given_up_at": now, **_kept(notice)}
    Notice.objects.filter(pk=notice.pk).update(**changes)


def _kept(notice: Notice) -> dict[str, str]:
    """What stays of subject and text when nothing more will be sent: no code, and no usable link to an account."""
    kind, texts = notice.kind, {"subject": notice.subject, "body": notice.body}
    if kind == CODE:
        return dict.fromkeys(texts, "")
    if kind in COMPOSED_ELSEWHERE or (kind in notice_kinds and notice_kinds[kind].holds_secret):
        return {name: without_secrets(text) for name, text in texts.items()}
    return texts


def as_mail(notice: Notice) -> EmailMessage:
    """The message with its calendar file, and the one-click header (RFC 8058) where the kind can be switched off."""
    headers = {"Auto-Submitted": "auto-generated"}
    url = off_url(notice.person, notice.kind)
    if url:
        headers |= {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mail = EmailMessage(notice.subject, notice.body, to=[notice.email], headers=headers)
    if notice.calendar:
        calendar = bytes(notice.calendar).decode()
        method = Calendar.from_ical(calendar).get("method", "PUBLISH")
        mail.attach("meeting.ics", calendar, f"text/calendar; method={method}")
    return mail
