"""The one way to write to people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse

from portal.districts.models import User
from portal.districts.models.chapter import Chapter
from portal.limits import RECEIVED, received
from portal.notices.deeds.send import send_soon
from portal.notices.deeds.switch import off_url
from portal.notices.models import Notice, SwitchedOff
from portal.registry import notice_kinds
from portal.text import one_line

Calendar = bytes | Callable[[User], bytes]


def tell(
    kind: str,
    people: Iterable[User | str],
    *,
    key: str,
    at: datetime,
    calendar: Calendar = b"",
    **context: Any,
) -> int:
    """Send one plain-text notice to each of `people` (accounts, or bare addresses for invitations), after commit.

    `kind` names a registered `NoticeKind`; its template `notices/<kind>.txt` (first line: the subject) gets `person`,
    `at`, `chapter`, `portal_url` and `context`. `key` names the occasion ("agreement:12:opened"): the same address is
    told of one occasion once, however often this is called. `calendar` is an iCalendar file to attach, or makes
    each account's own.
    Returns how many were newly told: those who switched the kind off, or whose account is closed, are not.
    Costs three queries for any number of people, one more for a kind of which nobody gets too many. Raises `KeyError`
    for a kind that nobody registered, and `TooMany` where one of the accounts has had as many as `portal.limits` says.
    """
    can_be_switched_off = notice_kinds[kind].can_be_switched_off
    recipients = {_address(person): person for person in people if not isinstance(person, User) or person.is_active}
    told = set(Notice.objects.filter(kind=kind, key=key, email__in=recipients).values_list("email", flat=True))
    if can_be_switched_off:
        off = SwitchedOff.objects.filter(kind=kind, person__email__in=recipients)
        told.update(off.values_list("person__email", flat=True))
    if kind in RECEIVED:
        _spare([person for address, person in recipients.items() if address not in told], kind, at)
    notices = [
        _write(kind, person, address, key, at, calendar, context)
        for address, person in recipients.items()
        if address not in told
    ]
    with transaction.atomic():  # the texts are written before it, where no deed has one open
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        if notices:
            transaction.on_commit(send_soon)
    return len(notices)


def _spare(people: Iterable[User | str], kind: str, at: datetime) -> None:
    """Bare addresses are spared by who writes to them: `invite`."""
    accounts = [person.pk for person in people if isinstance(person, User)]
    since = at - RECEIVED[kind].within
    rows = Notice.objects.filter(person__in=accounts, kind=kind, created_at__gt=since).order_by("-created_at")
    times: dict[int | None, list[datetime]] = defaultdict(list)
    for pk, written in rows.values_list("person_id", "created_at"):
        times[pk].append(written)
    for last in times.values():
        received(kind, at, last)


def _address(person: User | str) -> str:
    return (person if isinstance(person, str) else person.email).strip().lower()


def _write(
    kind: str, person: User | str, address: str, key: str, at: datetime, calendar: Calendar, context: dict[str, Any]
) -> Notice:
    account = person if isinstance(person, User) else None
    variables = {
        "person": account,
        "at": at,
        "chapter": Chapter.current(),
        "portal_url": settings.PORTAL_URL,
        "settings_url": settings.PORTAL_URL + reverse("notices:settings"),
        "off_url": off_url(account, kind),
    } | context
    text = _plain(f"notices/{kind}.txt", variables).strip()
    subject, _newline, body = text.partition("\n")
    return Notice(
        kind=kind,
        key=key,
        person=account,
        email=address,
        subject=one_line(subject)[:200],
        body=f"{body.strip()}\n\n{_plain('notices/_foot.txt', variables).strip()}\n",
        calendar=calendar if isinstance(calendar, bytes) else calendar(account) if account else b"",
        created_at=at,
        next_try_at=at,
    )


def _plain(template: str, variables: dict[str, Any]) -> str:
    """The template as plain text: nothing is escaped, because nothing here is HTML."""
    backend: Any = get_template(template)
    return str(backend.template.render(Context(variables, autoescape=False)))
