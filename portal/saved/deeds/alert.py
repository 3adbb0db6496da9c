"""Telling people of new things that their saved searches find: after the write, outside of it, and once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict

from portal.districts.models.chapter import Chapter
from portal.districts.models.standing import standing_of
from portal.districts.signals import notice_due
from portal.saved.models import FoundThing, Often, SavedSearch
from portal.saved.models.fitting import among
from portal.search.asking.address import SearchAddress
from portal.search.asking.links import Link, resolve
from portal.search.entries.tables import Entry, FreshEntry

BATCH = 500
RUN_SECONDS = 20.0
"""No batch is begun later: other jobs are due too."""
HOUR = 7
APART = timedelta(minutes=10)
"""Between two mails of one search that tells at once; what comes meanwhile goes into the next."""
MOST_NAMED = 10


def run(now: datetime) -> int:
    """Test what is new, then tell what is due; how many mails were written. The next run goes on with the rest."""
    until = monotonic() + RUN_SECONDS
    while test() == BATCH and monotonic() < until:
        pass
    return tell_due(now)


def test() -> int:
    """Have every saved search look at what is new to its person since the last time; how many things there were.

    Killed midway it does the same again: what was found is kept once.
    """
    fresh = list(FreshEntry.objects.select_related("seen_by").order_by("pk")[:BATCH])
    if fresh:
        rows = Entry.objects.of((one.kind, one.object_id) for one in fresh)
        entries = {pk: (kind, object_id) for pk, kind, object_id in rows.values_list("pk", "kind", "object_id")}
        for saved in SavedSearch.objects.alerting().select_related("person").order_by("pk").iterator(chunk_size=200):
            standing = standing_of(saved.person)
            keys = standing.audience_keys()
            news = {
                (one.kind, one.object_id): one.written_at
                for one in fresh
                if one.written_at >= saved.created_at and one.is_news_to(keys)
            }
            ids = [pk for pk, thing in entries.items() if thing in news]
            if ids and standing.is_member:
                things = among(SearchAddress.read(QueryDict(saved.address)), ids, user=saved.person)
                _keep(saved, {thing: news[thing] for thing in things})
        FreshEntry.objects.filter(pk__in=[one.pk for one in fresh]).delete()
    return len(fresh)


def _keep(saved: SavedSearch, things: Mapping[tuple[str, int], datetime]) -> None:
    """Dated to when each was written: a morning's mail has all of the day before that was looked at by then."""
    found = [FoundThing(saved=saved, kind=kind, object_id=pk, found_at=at) for (kind, pk), at in things.items()]
    FoundThing.objects.bulk_create(found, ignore_conflicts=True)


def tell_due(now: datetime) -> int:
    """Write to those whose time has come; how many mails."""
    morning, monday = _slots(now)
    due = (
        Q(often=Often.NOW, found__told_at=None) & _not_told_since(now - APART)
        | Q(often=Often.DAILY, found__told_at=None, found__found_at__lte=morning) & _not_told_since(morning)
        | Q(often=Often.WEEKLY, found__told_at=None, found__found_at__lte=monday) & _not_told_since(monday)
    )
    waiting = SavedSearch.objects.alerting().filter(due, found__isnull=False).distinct().order_by("pk")
    return sum(_tell(pk, told_at, now) for pk, told_at in list(waiting.values_list("pk", "told_at")))


def _not_told_since(instant: datetime) -> Q:
    return Q(told_at=None) | Q(told_at__lte=instant)


def _slots(now: datetime) -> tuple[datetime, datetime]:
    """The last 7:00 in the morning that has passed in the chapter's zone, and the last one of a Monday."""
    local = now.astimezone(Chapter.current().tz)
    morning = datetime.combine(local.date(), time(HOUR), tzinfo=local.tzinfo)
    if morning > local:
        morning = datetime.combine(local.date() - timedelta(days=1), time(HOUR), tzinfo=local.tzinfo)
    monday = datetime.combine(morning.date() - timedelta(days=morning.weekday()), time(HOUR), tzinfo=local.tzinfo)
    return morning, monday


@transaction.atomic
def _tell(pk: int, told_at: datetime | None, now: datetime) -> int:
    """One mail with what the person may see of it today. What they may not, is not told of later either.

    Nothing where another clock has told since `told_at`.
    """
    rows = SavedSearch.objects.select_for_update(of=("self",), no_key=True).select_related("person")
    saved = rows.filter(pk=pk, told_at=told_at).first()
    untold = list(saved.found.filter(told_at=None).order_by("-pk")) if saved else []
    if not saved or not untold:
        return 0
    links: dict[tuple[str, int], Link] = {}
    if standing_of(saved.person).is_member:
        links = resolve([(found.kind, found.object_id) for found in untold], saved.person)
    shown = [links[key] for found in untold if (key := (found.kind, found.object_id)) in links]
    saved.found.filter(pk__in=[found.pk for found in untold]).update(told_at=now)
    if not shown:
        return 0
    saved.told_at = now
    saved.save(update_fields=["told_at"])
    notice_due.send(
        SavedSearch,
        kind="saved-search",
        people=[saved.person],
        key=f"saved-search:{saved.pk}:{untold[0].pk}",
        at=now,
        context={
            "saved": saved,
            "total": len(shown),
            "found": shown[:MOST_NAMED],
            "more": max(len(shown) - MOST_NAMED, 0),
        },
    )
    return 1
