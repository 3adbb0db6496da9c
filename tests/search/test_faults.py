"""Elasticsearch refused, hanging, in error or spoiled: the database answers, soon, and says so."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from portal.search.asking.finding import find
from portal.search.mirror import changes, engine, filling, indices, reserve, shipping
from portal.search.mirror.changes import Change, Copy
from portal.search.mirror.documents import document_of
from portal.search.mirror.engine import connected, patient
from portal.search.mirror.reserve import EngineTrouble
from portal.search.models import Entry
from tests.elastic import needs_elasticsearch
from tests.search.faulty import HANGS, SAYS, faulty
from tests.search.makers import make_entry

pytestmark = [needs_elasticsearch, pytest.mark.copyless, pytest.mark.usefixtures("note")]
SOON = 1.5


@pytest.fixture
def three(live: Copy) -> Copy:
    for number in (1, 2, 3):
        make_entry(number, f"Wiring closet {number}")
    shipping.ship_all()
    return live


def answer(client: Client) -> tuple[bool, bool]:
    """Whether all three were found, and whether the page says that it was the reserve; within 1.5 s in any case."""
    started = time.monotonic()
    page = client.get("/search/", {"q": "wiring"})
    assert time.monotonic() - started <= SOON
    assert page.status_code == 200
    text = page.content.decode()
    return all(f"/notes/{number}/" in text for number in (1, 2, 3)), "running on its reserve" in text


def check_the_database_answers(client: Client) -> None:
    assert answer(client) == (True, True)
    for _ in range(5):
        started = time.monotonic()
        assert answer(client) == (True, True)
        assert time.monotonic() - started < 0.5, "the breaker keeps the next ones fast"


@pytest.mark.parametrize("fault", [HANGS, *SAYS])
def test_a_server_that_answers_badly(
    three: Copy, settings: Any, client: Client, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    assert answer(client) == (True, False)
    settings.ELASTICSEARCH_TIMEOUT = 0.8
    monkeypatch.setattr(engine, "PATIENT_SECONDS", 0.8)
    monkeypatch.setattr(reserve, "REST_SECONDS", 600.0)
    with faulty(fault) as server:
        settings.ELASTICSEARCH_HOSTS = [server.url]
        check_the_database_answers(client)
        assert server.asked <= 1, "the breaker keeps the others from waiting for it"
        make_entry(1, "Wiring closet 1, written meanwhile")
        with pytest.raises(EngineTrouble):
            shipping.ship_batch()
    assert Change.objects.count() == 1


def test_a_server_that_refuses(three: Copy, settings: Any, client: Client) -> None:
    settings.ELASTICSEARCH_HOSTS = ["http://127.0.0.1:9"]
    check_the_database_answers(client)


def test_of_several_hosts_one_is_enough(three: Copy, settings: Any, client: Client) -> None:
    settings.ELASTICSEARCH_HOSTS = ["http://127.0.0.1:9", *settings.ELASTICSEARCH_HOSTS]
    for _ in range(4):
        assert answer(client) == (True, False)


def test_an_index_that_something_else_made(three: Copy, client: Client) -> None:
    indices.drop(three.name)
    connected().indices.create(index=three.name)
    connected().index(index=three.name, document={"words": "wiring", "audience": "public", "entry": 1}, refresh=True)
    check_the_database_answers(client)
    filling.Watch()()
    assert Copy.objects.get().name != three.name
    assert find("wiring", user=None).total == 3


def test_an_index_that_is_gone(three: Copy, client: Client) -> None:
    indices.drop(three.name)
    check_the_database_answers(client)


def test_an_index_that_lost_documents_is_filled_anew(three: Copy) -> None:
    indices.store(three.name, [(changes.document_id("note", 2), 10**9, None)], refresh=True)
    assert filling.trouble_with(three) == f"it has {Entry.objects.count() - 1} of {Entry.objects.count()} entries"
    filling.Watch()()
    assert indices.count(Copy.objects.get().name) == Entry.objects.count()


def test_a_copy_that_is_half_filled_does_not_answer(three: Copy, client: Client) -> None:
    Copy.objects.update(is_live=False)
    check_the_database_answers(client)


def test_a_refill_goes_on_where_it_was_stopped(three: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "BATCH", 1)

    def stop(copied: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        filling.fill(stop)
    building = Copy.objects.get(is_live=False)
    assert find("wiring", user=None).total == 3
    assert filling.fill() == Entry.objects.count() - 1
    assert Copy.objects.get().name == building.name
    assert not patient().indices.exists(index=three.name)
    assert list(connected().indices.get_alias(name=three.name.rsplit("-", 3)[0])) == [building.name]


def test_what_changes_during_a_refill_is_in_the_new_copy(three: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "BATCH", 1)
    done: list[bool] = []

    def change(copied: int) -> None:
        if not done:
            done.append(True)
            make_entry(2, "Cabling closet")
            make_entry(4, "Wiring diagram")
            Entry.objects.filter(kind="note", object_id=3).delete()
            shipping.ship_all()

    filling.fill(change)
    assert indices.count(Copy.objects.get().name) == Entry.objects.count()
    assert {hit.object_id for hit in find("wiring", user=None).hits} == {1, 4}
    assert {hit.object_id for hit in find("cabling", user=None).hits} == {2}
    assert filling.drift_of("note", Copy.objects.get().name).total == 0


def test_status_tells_what_is_behind_and_what_differs(three: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    drift = filling.drift_of("note", three.name)
    assert (drift.there, drift.total) == (3, 0)
    indices.store(three.name, [(changes.document_id("note", 2), 10**9, None)], refresh=True)
    entry = Entry.objects.get(kind="note", object_id=3)
    stranger = document_of(entry) | {"number": 77}
    indices.store(three.name, [("note-77", 1, stranger)], refresh=True)
    old = document_of(entry) | {"version": 0}
    indices.store(three.name, [("note-3", 10**9, old)], refresh=True)
    drift = filling.drift_of("note", three.name)
    assert (drift.missing, drift.differing, drift.left_over) == (1, 1, 1)
    make_entry(1, "Wiring closet, repainted")
    with pytest.raises(SystemExit):
        call_command("search_status")
    assert "1 changes wait" in capsys.readouterr().out


def test_indexes_that_nothing_names_any_more_are_dropped_and_no_others(three: Copy, settings: Any) -> None:
    index = settings.ELASTICSEARCH_INDEX
    stray, young = f"{index}-20260102-030405-000006", f"{index}-29990102-030405-000006"
    of_another_portal, of_somebody_else = f"{index}-other-20260102-030405-000006", f"{index}-kept"
    for name in (stray, young, of_another_portal, of_somebody_else):
        indices.create(name)
    filling.fill()
    left = {young, of_another_portal, of_somebody_else, Copy.objects.get().name}
    assert set(indices.named(f"{index}-*")) == left


def test_a_rebuild_fills_the_copy_anew(three: Copy, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    Entry.objects.filter(kind="note").delete()  # no source has notes, and status compares with sources
    call_command("search_rebuild")
    assert "copied to Elasticsearch" in capsys.readouterr().out
    assert Copy.objects.get().name != three.name
    call_command("search_ship", "--once")
    call_command("search_status")
    home = settings.ELASTICSEARCH_HOSTS
    settings.ELASTICSEARCH_HOSTS = ["http://127.0.0.1:9"]
    with pytest.raises(CommandError, match="goes on from there"):
        call_command("search_rebuild", "--copy-only")
    with pytest.raises(SystemExit):
        call_command("search_status")
    settings.ELASTICSEARCH_HOSTS = []
    call_command("search_rebuild", "--copy-only")
    assert not Copy.objects.exists(), "nothing is noted for a copy that nobody wants"
    settings.ELASTICSEARCH_HOSTS = home


def test_readyz_tells_how_far_the_copy_is_behind(three: Copy, client: Client) -> None:
    make_entry(1, "Wiring closet, repainted")
    Change.objects.update(at="2026-01-01T00:00:00Z")
    page = client.get("/readyz")
    assert page.status_code == 200
    assert page.json()["lag"]["search"] > 3600
    Copy.objects.update(is_live=False)
    assert client.get("/readyz").json()["lag"]["search"] is None


class Slow:
    """The client, taking its time; and how long each request was allowed to take."""

    def __init__(self, seconds: float) -> None:
        self.client = connected()
        self.seconds = seconds
        self.allowed: list[float] = []

    def options(self, request_timeout: float) -> Slow:
        self.allowed.append(request_timeout)
        return self

    def msearch(self, **asked: Any) -> Any:
        time.sleep(self.seconds)
        return self.client.msearch(**asked)


def test_the_requests_of_one_search_share_its_time(three: Copy, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(0.3)
    with monkeypatch.context() as patched:
        patched.setattr(engine, "connected", lambda: slow)
        assert not find("", user=None).is_reserve
        first, second = slow.allowed
        assert first <= settings.ELASTICSEARCH_TIMEOUT
        assert second <= first - 0.3
        slow.seconds, settings.ELASTICSEARCH_TIMEOUT = 1.1, 1.0
        assert find("", user=None).is_reserve
    assert len(slow.allowed) == 3, "no further request is begun once the time is up"
