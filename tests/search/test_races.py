"""Two who write one entry at the same time: it ends as the object is, whoever comes last."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from knowledge.models import Practice, Tag
from portal.registry import search_sources
from portal.search.entries import indexing, rebuilding
from portal.search.entries.tables import Entry
from tests.knowledge.makers import make_practice
from tests.people import make_cast
from tests.search.contract import check_source

pytestmark = pytest.mark.django_db(transaction=True)
Deed = Callable[[], Any]
WAIT_SECONDS = 2.0
"""For a deed of somebody else to end, where it need not wait for what this thread has locked."""


class Meanwhile:
    """Somebody else's deed, in a thread of its own, at the moment when `step` of the source is first called here."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, step: str, deed: Deed, *, seconds: float = WAIT_SECONDS
    ) -> None:
        self._thread = threading.Thread(target=self._run)
        self._deed = deed
        source = search_sources["practice"]
        usual = getattr(source, step)

        def stepping(*args: Any) -> Any:
            if threading.current_thread() is threading.main_thread() and self._thread.ident is None:
                self._thread.start()
                self._thread.join(seconds)
            return usual(*args)

        changed: dict[str, Any] = {step: stepping}
        monkeypatch.setitem(search_sources._things, "practice", replace(source, **changed))

    def _run(self) -> None:
        try:
            self._deed()
        finally:
            connection.close()

    def end(self) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()


def change(practice: Practice, **values: Any) -> Deed:
    return lambda: Practice.objects.filter(pk=practice.pk).update(**values)


def rename(practice: Practice) -> None:
    tag = Tag.objects.get(name="wifi")
    tag.name = "Wi-Fi 7"
    tag.save()


def rebuild(practice: Practice) -> None:
    rebuilding.rebuild(search_sources["practice"])


def index_all(practice: Practice) -> None:
    indexing.index("practice", Practice.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize("write", [rename, rebuild])
def test_who_may_find_it_is_narrowed_while_its_entry_is_written(
    monkeypatch: pytest.MonkeyPatch, write: Callable[[Practice], None]
) -> None:
    cast = make_cast()
    practice = make_practice(cast.geneva, audience="members", tags=("wifi",))
    narrowed = Meanwhile(monkeypatch, "entries", change(practice, audience="district"))
    write(practice)
    narrowed.end()
    entry = Entry.objects.get(kind="practice", object_id=practice.pk)
    assert set(entry.audience.keys) == {"officers", f"district:{cast.geneva.pk}"}
    check_source("practice")


@pytest.mark.parametrize("write", [index_all, rebuild])
def test_what_is_published_while_its_neighbors_are_written_keeps_its_entry(
    monkeypatch: pytest.MonkeyPatch, write: Callable[[Practice], None]
) -> None:
    cast = make_cast()
    practice = make_practice(cast.geneva)
    make_practice(cast.geneva, title="The next one")
    change(practice, live=False)()
    published = Meanwhile(monkeypatch, "entries", change(practice, live=True))
    write(practice)
    published.end()
    assert Entry.objects.filter(kind="practice", object_id=practice.pk).exists()
    check_source("practice")


@pytest.mark.parametrize("write", [index_all, rebuild])
def test_what_is_withdrawn_while_its_entry_is_written_is_not_found(
    monkeypatch: pytest.MonkeyPatch, write: Callable[[Practice], None]
) -> None:
    practice = make_practice(make_cast().geneva)
    withdrawn = Meanwhile(monkeypatch, "entries", change(practice, live=False))
    write(practice)
    withdrawn.end()
    assert not Entry.objects.filter(kind="practice", object_id=practice.pk).exists()
    check_source("practice")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_what_is_published_and_narrowed_before_its_first_entry_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make_cast()
    practice = make_practice(cast.geneva, audience="members")
    change(practice, live=False)()
    published = Meanwhile(monkeypatch, "rows", change(practice, live=True), seconds=60)
    narrowed = Meanwhile(monkeypatch, "entries", change(practice, audience="district"))
    indexing.index("practice", [practice.pk])
    published.end()
    narrowed.end()
    entry = Entry.objects.get(kind="practice", object_id=practice.pk)
    assert set(entry.audience.keys) == {"officers", f"district:{cast.geneva.pk}"}
