"""A search as an Atom feed: the things that fit and came last, for whoever reads it."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from portal.districts.models.chapter import Chapter
from portal.registry import search_sources
from portal.saved.models import fitting
from portal.search.asking.address import SearchAddress
from portal.search.asking.links import with_urls
from portal.search.engines.base import UNDATED
from portal.search.text.snippets import plain_snippet

MOST = 50
MINTED = "2026"
"""The year in the entries' ids, which say by it whose the name was then: it never changes."""


class _Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """Never now: a feed in which nothing changed is the same feed."""
        return max((item["updateddate"] for item in self.items), default=_instant(UNDATED))


def atom(address: SearchAddress, user: Any, own_url: str) -> bytes:
    """The feed of this search as `user` sees it. One query, and one for each kind's addresses."""
    chapter = Chapter.current()
    words, rows = fitting.newest(address, user, MOST)
    feed = _Feed(
        title=_("%(chapter)s: %(words)s") % {"chapter": chapter.name, "words": words or _("everything new")},
        link=f"{settings.PORTAL_URL}{reverse('search:search')}?{urlencode(address.pairs('page'))}",
        description=str(chapter.sentence),
        feed_url=own_url,
        author_name=chapter.name,
        language="en-us",
    )
    today = timezone.localdate()
    for row, url in with_urls(rows):
        label = str(search_sources[row.kind].singular)
        day = _instant(_said(row.dated or UNDATED, today))
        feed.add_item(
            title=row.title,
            link=f"{settings.PORTAL_URL}{url}",
            description=plain_snippet([row.summary, row.body]) or label,
            unique_id=f"tag:{urlsplit(settings.PORTAL_URL).hostname},{MINTED}:{row.kind}/{row.object_id}",
            pubdate=day,
            updateddate=day,
            categories=[label],
        )
    return str(feed.writeString("utf-8")).encode()


def etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _said(day: date, today: date) -> date:
    """A day to come is told as the first of this month: no entry is of tomorrow, or new again each day until then."""
    return day if day <= today else today.replace(day=1)


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
