"""Every change reaches the copy, whatever happens to those that bring it, and nothing is shown wrongly meanwhile."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from structlog.testing import capture_logs

from portal.search.asking import question
from portal.search.asking.finding import Results, find
from portal.search.mirror import changes, indices, shipping
from portal.search.mirror.changes import Change, Copy, lag_at
from portal.search.mirror.documents import document_of
from portal.search.mirror.reserve import EngineTrouble
from portal.search.models import Entry
from portal.search.text.query import parse
from tests.elastic import needs_elasticsearch
from tests.people import Cast
from tests.search.makers import make_entry

pytestmark = [needs_elasticsearch, pytest.mark.copyless, pytest.mark.usefixtures("note")]


def found(text: str, **options: Any) -> Results:
    results = find(text, user=None, **options)
    assert not results.is_reserve
    return results


def ids(results: Results) -> set[int]:
    return {hit.object_id for hit in results.hits}


def remove(object_id: int) -> None:
    Entry.objects.filter(kind="note", object_id=object_id).delete()


def hide(object_id: int) -> None:
    entry = Entry.objects.get(kind="note", object_id=object_id)
    make_entry(object_id, entry.title, body=entry.body, county_id=entry.county_id, audience=("officers",))


def change_id(object_id: int) -> int:
    return Change.objects.get(kind="note", object_id=object_id).pk


# --- noting -----------------------------------------------------------------------------------------------------------
def test_nothing_is_noted_while_there_is_no_copy(db: None) -> None:
    make_entry(1, "Wiring closets")
    assert not Change.objects.exists()


def test_each_change_of_an_entry_is_noted_once_with_a_later_number(live: Copy) -> None:
    make_entry(1, "Wiring closets")
    first, at = change_id(1), Change.objects.get().at
    make_entry(1, "Wiring closets and racks")
    second = change_id(1)
    assert second > first
    assert Change.objects.get().at == at, "the lag is that of the oldest change"
    make_entry(1, "Wiring closets and racks")
    assert change_id(1) == second, "the same again is no change"


def test_a_deletion_and_a_new_beginning_are_later_versions(live: Copy) -> None:
    make_entry(1, "Wiring closets")
    shipping.ship_all()
    remove(1)
    deletion = change_id(1)
    shipping.ship_all()
    assert ids(found("wiring")) == set()
    make_entry(1, "Wiring closets again")
    assert change_id(1) > deletion
    shipping.ship_all()
    assert ids(found("wiring")) == {1}


# --- shipping ---------------------------------------------------------------------------------------------------------
def test_what_is_shipped_is_found_at_once(live: Copy) -> None:
    make_entry(1, "Wiring closets")
    assert lag_at(timezone.now()).waiting == 1
    assert shipping.ship_all() == 1
    assert lag_at(timezone.now()).waiting == 0
    assert ids(found("wiring")) == {1}


def test_what_changes_while_it_is_shipped_is_shipped_again(live: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    make_entry(1, "Wiring closets")
    store = indices.store

    def store_and_write(*args: Any, **options: Any) -> dict[str, str]:
        refused = store(*args, **options)
        make_entry(1, "Cabling closets")
        return refused

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(indices, "store", store_and_write)
        shipping.ship_batch()
    assert Change.objects.count() == 1
    shipping.ship_all()
    assert ids(found("cabling")) == {1}
    assert ids(found("wiring")) == set()


def test_an_older_version_that_arrives_late_changes_nothing(live: Copy) -> None:
    make_entry(1, "Wiring closets")
    late = shipping._documents(list(Change.objects.all()))
    hide(1)
    shipping.ship_all()
    indices.store(live.name, late, refresh=True)
    assert found("wiring").total == 0


def test_an_older_version_that_arrives_after_the_deletion_brings_nothing_back(live: Copy) -> None:
    make_entry(1, "Wiring closets")
    late = shipping._documents(list(Change.objects.all()))
    shipping.ship_all()
    remove(1)
    shipping.ship_all()
    indices.store(live.name, late, refresh=True)
    assert indices.count(live.name) == Entry.objects.count()


def test_what_a_dead_worker_took_is_free_after_a_minute(live: Copy) -> None:
    make_entry(1, "Wiring closets")
    assert len(shipping._take(10)) == 1
    assert shipping._take(10) == []
    Change.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    assert len(shipping._take(10)) == 1


def test_a_change_after_it_was_taken_is_free_at_once(live: Copy) -> None:
    make_entry(1, "Wiring closets")
    shipping._take(10)
    make_entry(1, "Cabling closets")
    assert len(shipping._take(10)) == 1


def test_nothing_is_lost_while_it_cannot_be_reached(live: Copy, settings: Any) -> None:
    make_entry(1, "Wiring closets")
    home = settings.ELASTICSEARCH_HOSTS
    settings.ELASTICSEARCH_HOSTS = ["http://127.0.0.1:9"]
    with pytest.raises(EngineTrouble):
        shipping.ship_batch()
    settings.ELASTICSEARCH_HOSTS = home
    assert shipping.ship_all() == 1


def test_a_worker_that_cannot_reach_it_asks_less_and_less_often(live: Copy, settings: Any) -> None:
    make_entry(1, "Wiring closets")
    home = settings.ELASTICSEARCH_HOSTS
    settings.ELASTICSEARCH_HOSTS = ["http://127.0.0.1:9"]
    loop = shipping.loop()
    ship = partial(shipping.step, lambda: None)
    pauses = []
    for _ in range(6):
        assert not loop.turn(ship)
        pauses.append(loop._pause)
    assert pauses == [1.0, 2.0, 4.0, 8.0, 10.0, 10.0]
    settings.ELASTICSEARCH_HOSTS = home
    loop.turn(ship)
    assert loop._pause == shipping.POLL_SECONDS
    assert ids(found("wiring")) == {1}


def test_a_document_that_is_refused_holds_up_no_other(live: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    make_entry(1, "Wiring closets")
    make_entry(2, "Wiring diagrams")

    def spoiled(entry: Entry) -> dict[str, Any]:
        return document_of(entry) | ({"dated": "Ann Lee"} if entry.object_id == 1 else {})

    with monkeypatch.context() as meanwhile, capture_logs() as lines:
        meanwhile.setattr(shipping, "document_of", spoiled)
        shipping.ship_all()
    assert [line["reason"] for line in lines] == ["document_parsing_exception"], "nothing of the document"
    refused = Change.objects.get()
    assert (refused.object_id, refused.tries) == (1, 1)
    assert refused.not_before > timezone.now()
    assert ids(found("wiring")) == {2}
    Change.objects.update(not_before=timezone.now())
    shipping.ship_all()
    assert ids(found("wiring")) == {1, 2}


@pytest.mark.django_db(transaction=True)
def test_many_workers_ship_everything_once_each_is_enough(settings: Any, note: object) -> None:
    from tests import elastic

    copy = elastic.filled_copy(settings)
    live = next(copy)
    for number in range(60):
        make_entry(number, f"Wiring closet {number}")
    troubles: list[Exception] = []

    def ship() -> None:
        try:
            while Change.objects.exists():
                shipping.ship_batch(7)
        except Exception as error:  # noqa: BLE001
            troubles.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=ship) for _ in range(4)]
    for worker in workers:
        worker.start()
    for number in range(30):
        make_entry(number, f"Wiring closet {number}, repainted")
    for worker in workers:
        worker.join()
    shipping.ship_all()
    assert not troubles
    assert found("wiring").total == 60
    assert found("repainted").total == 30
    assert indices.count(live.name) == Entry.objects.count()
    next(copy, None)


# --- what is not shipped yet -----------------------------------------------------------------------------------------
@pytest.fixture
def closets(live: Copy, cast: Cast) -> Cast:
    for number in range(1, 6):
        make_entry(number, f"Wiring closet {number}", county_id=cast.kane.pk, tags=("racks",))
    shipping.ship_all()
    return cast


def seen(results: Results) -> tuple[set[int], int, dict[str, int | None], dict[str, int | None]]:
    return (
        ids(results),
        results.total,
        {choice.value: choice.count for choice in results.facets["kind"]},
        {choice.value: choice.count for choice in results.facets["county"]},
    )


@pytest.mark.parametrize("text", ["wiring", "closet", ""])
@pytest.mark.parametrize("deed", [hide, remove])
def test_what_is_hidden_or_gone_is_neither_shown_nor_counted_before_it_is_shipped(
    closets: Cast, text: str, deed: Any
) -> None:
    deed(3)
    assert Change.objects.count() == 1
    kane = str(closets.kane.pk)
    rest = {1, 2, 4, 5}
    before = seen(found(text, kinds=["note"]))
    assert before == (rest, 4, before[2], {kane: 4})
    assert before[2]["note"] == 4
    assert question.current().counts(parse("racks").terms, frozenset({"public"})) == [4]
    shipping.ship_all()
    assert seen(found(text, kinds=["note"])) == before


def test_what_is_filed_elsewhere_is_not_counted_where_it_was(closets: Cast) -> None:
    make_entry(3, "Wiring closet 3", county_id=closets.dekalb.pk)
    kane, dekalb = str(closets.kane.pk), str(closets.dekalb.pk)
    assert seen(found("wiring"))[3] == {kane: 4}
    shipping.ship_all()
    assert seen(found("wiring"))[3] == {kane: 4, dekalb: 1}


def test_with_very_many_changes_the_database_answers(closets: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.search.mirror.engine.MOST_PENDING", 3)
    for number in range(10, 13):
        make_entry(number, f"Wiring closet {number}")
    assert found("wiring").total == 5
    make_entry(13, "Wiring closet 13")
    results = find("wiring", user=None)
    assert (results.is_reserve, results.total) == (True, 9)
    shipping.ship_all()
    assert found("wiring").total == 9


def test_while_nobody_ships_the_database_answers_and_nothing_stays_unfound(closets: Cast) -> None:
    make_entry(10, "Wiring closet 10")
    assert found("wiring").total == 5
    Change.objects.update(at=timezone.now() - timedelta(seconds=changes.LATE_SECONDS))
    results = find("wiring", user=None)
    assert (results.is_reserve, results.total) == (True, 6)
    shipping.ship_all()
    assert found("wiring").total == 6, "no breaker opened"


def test_one_document_that_is_refused_does_not_switch_it_off(closets: Cast) -> None:
    make_entry(3, "Wiring closet 3, painted")
    Change.objects.update(at=timezone.now() - timedelta(hours=1), tries=1)
    assert ids(found("wiring")) == {1, 2, 4, 5}


def test_a_copy_that_was_tampered_with_shows_nobody_what_is_not_theirs(closets: Cast) -> None:
    hide(3)
    shipping.ship_all()
    entry = Entry.objects.get(kind="note", object_id=3)
    opened = document_of(entry) | {"audience": ["public"]}
    name = Copy.objects.get().name
    indices.store(name, [(changes.document_id("note", 3), 10**9, opened)], refresh=True)
    assert 3 not in ids(found("wiring"))
