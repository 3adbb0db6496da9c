"""How often one person may do what others get mail of, or a visitor ask; one table for all.

A view that is `@limited` is judged before anything is parsed. A try is counted in a transaction of its own, so that a
deed that is rolled back does not win it back; one that is refused here is not counted, so that waiting helps. A flood
costs a read each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from math import ceil
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.forgetting import delete_some
from portal.refusals import TooMany


@dataclass(frozen=True, slots=True)
class Limit:
    most: int
    within: timedelta


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

LIMITS: dict[str, tuple[Limit, ...]] = {
    # by the address of the network, then by the mail address that was typed
    "join": (Limit(20, _MINUTE), Limit(200, _DAY)),
    "join-code": (Limit(3, 10 * _MINUTE),),
    # by person
    "ask": (Limit(5, 10 * _MINUTE), Limit(20, _DAY)),
    "answer": (Limit(10, 10 * _MINUTE), Limit(60, _DAY)),
    "invite": (Limit(30, _HOUR), Limit(200, _DAY)),
    "invite-county": (Limit(20, _HOUR),),  # ten counties, each looked at and then pressed
    "decide": (Limit(120, _HOUR),),
    "meeting": (Limit(30, _HOUR),),
    "agreement": (Limit(60, _HOUR),),
}
"""What one may do, as often as each of the limits allows."""

RECEIVED: dict[str, Limit] = {
    "invitation": Limit(3, _DAY),
    "join-request": Limit(20, _HOUR),
    "question-asked": Limit(20, _HOUR),
    "question-alone": Limit(20, _HOUR),
    "question-answered": Limit(20, _HOUR),
}
"""How many mails of a kind one receiver gets, whoever causes them."""


class Spent(models.Model):
    """When one person, or address, last did one thing. `key` is a digest of both."""

    key = models.CharField(max_length=64, primary_key=True)
    times = models.JSONField(default=list)
    """Seconds since 1970, newest first; no more than the limits need."""
    changed_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


def spend(what: str, who: object, at: datetime) -> None:
    """Count one try, now. Raises `TooMany` where there were as many as there may be. Call it outside the deed."""
    limits = LIMITS[what]
    key = hashlib.sha256(f"{what}:{who}".encode()).hexdigest()
    before = Spent.objects.filter(key=key).first()
    _judge(limits, before.times if before else [], at)
    with transaction.atomic():
        Spent.objects.get_or_create(key=key, defaults={"changed_at": at})
        row = Spent.objects.select_for_update().get(key=key)
        _judge(limits, row.times, at)  # again: of several at once each sees those before it
        row.times = [at.timestamp(), *row.times][: max(limit.most for limit in limits)]
        row.changed_at = at
        row.save()


def _judge(limits: tuple[Limit, ...], times: list[float], at: datetime) -> None:
    """A try counts up to the instant at which it is as old as the limit is long, and no longer."""
    full = [limit for limit in limits if len(times) >= limit.most]
    wait = max((times[limit.most - 1] + limit.within.total_seconds() - at.timestamp() for limit in full), default=0)
    if wait > 0:
        words = _("That is as often as this can be done for now. What you typed is kept; go on in %(wait)s.")
        raise TooMany(words % {"wait": in_words(ceil(wait))}, ceil(wait))


def received(kind: str, at: datetime, last: Sequence[datetime]) -> None:
    """Raises `TooMany` where one receiver, whose newest mails of a kind were written at `last`, has enough for now."""
    limit = RECEIVED[kind]
    if len(last) < limit.most or (wait := last[limit.most - 1] + limit.within - at) <= timedelta():
        return
    words = _(
        "The person you are writing to has had %(n)s of these emails lately. What you typed is kept; go on in %(wait)s."
    )
    seconds = ceil(wait.total_seconds())
    raise TooMany(words % {"n": limit.most, "wait": in_words(seconds)}, seconds)


def in_words(seconds: int) -> str:
    """Rounded up, so that who waits as long has waited long enough: "40 seconds", "12 minutes", "3 hours"."""
    if seconds < 60:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    minutes = -(-seconds // 60)
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = -(-minutes // 60)
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def person(request: HttpRequest) -> object:
    return request.user.pk


def address(request: HttpRequest) -> object:
    """Of the network a visitor comes from, behind as many proxies as are trusted; of an IPv6 address its first half."""
    return get_ip(request)


def limited(what: str, who: Callable[[HttpRequest], object] = person) -> Callable[..., Any]:
    """A POST of this view counts as one `what`. Stands above what sorts out verbs."""

    def mark(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def judged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not getattr(request, "is_only_shown", False):
                spend(what, who(request), timezone.now())
            return view(request, *args, **kwargs)

        judged.limit = what  # type: ignore[attr-defined]
        return judged

    return mark


def forget_old(now: datetime) -> int:
    """Delete some of what no limit looks back to any more; how much."""
    longest = max(limit.within for limits in LIMITS.values() for limit in limits)
    return delete_some(Spent.objects.filter(changed_at__lte=now - longest))
