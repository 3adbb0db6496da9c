"""Two clocks that tell what one saved search found."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from portal.districts.signals import notice_due
from portal.notices.models import Notice
from portal.saved.deeds import alert
from portal.saved.models import Often, SavedSearch
from tests.knowledge.makers import make_practice
from tests.people import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_of_two_clocks_one_tells_what_a_saved_search_found() -> None:
    """The second one sees one thing more, before the first one has committed."""
    cast = make_cast()
    keep = {"name": "wifi", "address": "q=wifi", "often": Often.NOW, "created_at": timezone.now()}
    saved = SavedSearch.objects.create(person=cast.member, **keep)
    tells, may_go_on = threading.Event(), threading.Event()

    def run() -> int:
        try:
            return alert.run(timezone.now())
        finally:
            connection.close()

    def slowly(**said: Any) -> None:
        if not tells.is_set():
            tells.set()
            assert may_go_on.wait(60)

    notice_due.connect(slowly, sender=SavedSearch)
    try:
        make_practice(cast.geneva, title="Wi-Fi in every room")
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(run)
            assert tells.wait(60)
            make_practice(cast.geneva, title="Wi-Fi in every bus")
            second = pool.submit(run)
            wait([second], timeout=0.5)
            may_go_on.set()
            assert (first.result(), second.result()) == (1, 0)
    finally:
        notice_due.disconnect(slowly, sender=SavedSearch)
    assert "every room" in Notice.objects.get(kind="saved-search").body
    assert saved.found.filter(told_at=None).count() == 1, "its turn comes in ten minutes"
