"""Getting notices out of the database and into the mail, outside the request."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone
from django_tasks import task
from icalendar import Calendar

from portal.logs import without_secrets
from portal.notices.deeds.switch import off_url
from portal.notices.models import Notice
from portal.registry import notice_kinds

log = structlog.get_logger(__name__)

BATCH = 100
PATIENCE = timedelta(hours=24)
LEAST_ATTEMPTS = 8
"""Before a notice is given up, however long it waited for its first: they span about two hours."""
HELD = timedelta(minutes=10)
"""How long a sender that died midway keeps a notice from the others; the window of a possible duplicate."""


def send_soon() -> None:
    """Ask the worker to send what waits. `run_due_jobs` sends it too, should the worker be asked in vain."""
    send_waiting.enqueue()


@task()
def send_waiting() -> int:
    return send(timezone.now())


def send(now: datetime) -> int:
    """Send what waits; how many went. One that is refused, or fails to be composed, is tried again, for a day."""
    sent = 0
    connection = get_connection()
    for notice in Notice.objects.to_send(now).select_related("person")[:BATCH]:
        if not _take(notice, now):
            continue
        try:
            if notice.person is None or notice.person.is_active:
                connection.send_messages([as_mail(notice)])
        except Exception as error:  # noqa: BLE001 - one that cannot even be composed must not keep the others waiting
            _try_later(notice, now, error)
            continue
        Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now(), body=_kept(notice))
        sent += 1
    connection.close()
    return sent


def _take(notice: Notice, now: datetime) -> bool:
    """True for exactly one of several senders: whoever moves `next_try_at` first."""
    taken = Notice.objects.filter(pk=notice.pk, sent_at=None, next_try_at=notice.next_try_at)
    return taken.update(next_try_at=now + HELD, attempts=notice.attempts + 1) == 1


def _try_later(notice: Notice, now: datetime, error: Exception) -> None:
    log.warning("notice_not_sent", notice=notice.pk, attempt=notice.attempts + 1, error=type(error).__name__)
    waits = timedelta(minutes=2 ** min(notice.attempts, 8))
    given_up = now - notice.created_at > PATIENCE and notice.attempts + 1 >= LEAST_ATTEMPTS
    body = _kept(notice) if given_up else notice.body
    Notice.objects.filter(pk=notice.pk).update(
        next_try_at=now + waits, given_up_at=now if given_up else None, body=body
    )


def _kept(notice: Notice) -> str:
    """What stays of the text when nothing more will be sent: a usable link to an account does not."""
    kind = notice.kind
    return without_secrets(notice.body) if kind in notice_kinds and notice_kinds[kind].holds_secret else notice.body


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
