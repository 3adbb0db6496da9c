"""Elasticsearch under the suite, where ELASTICSEARCH_URL is set: every search of every test is answered by it.

Each test has a copy of its own, noted at its start and made at its first search; before each search, what the test
has changed is shipped. Where Elasticsearch cannot answer, the test fails: the database is not asked in its stead.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, NoReturn

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from portal.search.asking import question
from portal.search.mirror import changes
from portal.search.mirror.changes import Copy
from portal.search.models import Entry

needs_elasticsearch = pytest.mark.skipif(not settings.ELASTICSEARCH_HOSTS, reason="ELASTICSEARCH_URL is not set")
IS_SET = bool(settings.ELASTICSEARCH_HOSTS)
"""For this run; a test may be one of those that the database answers all the same."""
_numbers = count(1)


def answers() -> bool:
    """Whether Elasticsearch is what this test's searches are answered by."""
    return bool(settings.ELASTICSEARCH_HOSTS)


def no_reserve() -> NoReturn:
    raise AssertionError("Elasticsearch did not answer, and the database was asked.")


@contextmanager
def unseen() -> Iterator[None]:
    """What is asked of the database meanwhile is not counted as the test's."""
    log = connection.queries_log
    before = len(log)
    yield
    while len(log) > before:
        log.pop()


class OwnCopy:
    """The copy of one test."""

    def __init__(self) -> None:
        self.name = f"{settings.ELASTICSEARCH_INDEX}-test-{os.getpid()}-{next(_numbers)}"
        self.is_made = False
        Copy.objects.create(name=self.name, is_live=True, made_at=timezone.now())
        Entry.objects.update(object_id=F("object_id"))  # what is there already waits to be shipped, like all that comes

    def bring_up_to_date(self) -> None:
        from portal.search.mirror import indices, shipping
        from portal.search.mirror.changes import Change
        from portal.search.mirror.documents import document_of

        with unseen():
            if self.is_made:
                shipping.ship_all()
                return
            indices.create(self.name)
            self.is_made = True
            entries = Entry.objects.select_related("audience")
            documents = [(changes.document_id(e.kind, e.object_id), 0, document_of(e)) for e in entries]
            assert not indices.store(self.name, documents, refresh=True)
            Change.objects.all().delete()

    def drop(self) -> None:
        if self.is_made:
            from portal.search.mirror import indices

            indices.drop(self.name)


def filled_copy(settings: Any) -> Iterator[Copy]:
    """A copy of what is there now, kept as the portal keeps it: nothing is shipped unless the test ships it."""
    from portal.search.mirror import filling, indices

    settings.ELASTICSEARCH_INDEX = f"roundtable-copy-{os.getpid()}-{next(_numbers)}"
    settings.ELASTICSEARCH_TIMEOUT = 20.0
    question._elasticsearch.cache_clear()
    home = settings.ELASTICSEARCH_HOSTS
    filling.fill()
    yield Copy.objects.get(is_live=True)
    settings.ELASTICSEARCH_HOSTS = home
    for name in indices.named(f"{settings.ELASTICSEARCH_INDEX}-*"):
        indices.drop(name)
    question._elasticsearch.cache_clear()


def own_copy(monkeypatch: Any) -> Iterator[None]:
    from portal.search.mirror.engine import ElasticsearchEngine
    from portal.search.mirror.reserve import WithReserve

    copy = OwnCopy()

    def shipping_first(ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(self: ElasticsearchEngine, *args: Any) -> Any:
            copy.bring_up_to_date()
            return ask(self, *args)

        return asked

    for name in ("find", "counts"):
        monkeypatch.setattr(ElasticsearchEngine, name, shipping_first(getattr(ElasticsearchEngine, name)))
    monkeypatch.setattr(question, "_elasticsearch", lambda: WithReserve(ElasticsearchEngine(), no_reserve))
    monkeypatch.setattr(
        settings, "ELASTICSEARCH_TIMEOUT", 20.0
    )  # the machine may be busy; the limit has tests of its own
    yield
    copy.drop()
