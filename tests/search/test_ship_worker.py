"""What ships beside those who write: it waits for nobody's lock, and outlives a restart of the database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone

from portal.search.mirror import shipping
from portal.search.mirror.changes import AT_ONCE, Change, Copy
from tests.search.makers import make_entry

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and no server"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.copyless,
]


@contextmanager
def somebody_writing(object_id: int) -> Iterator[None]:
    """Another transaction has changed the note, and goes on."""
    begun, ending = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                make_entry(object_id, "Cabling closets")
                begun.set()
                ending.wait(60)
                transaction.set_rollback(True)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    assert begun.wait(60)
    try:
        yield
    finally:
        ending.set()
        thread.join(60)


def test_what_could_not_be_brought_is_given_back_without_waiting_for_a_writer() -> None:
    Copy.objects.create(name="elsewhere", made_at=timezone.now())
    for number in (1, 2):
        make_entry(number, "Wiring closets")
    taken = shipping._take(10)
    with somebody_writing(1), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
        shipping._give_back(taken)
        cursor.execute("RESET lock_timeout")
    assert [c.object_id for c in Change.objects.filter(not_before=AT_ONCE)] == [2]


def test_the_worker_goes_on_after_the_database_has_dropped_its_connection() -> None:
    loop = shipping.loop()
    ship = partial(shipping.step, lambda: None)

    def lost() -> bool:
        end_this_connection()
        return ship()

    loop.turn(ship)
    loop.turn(lost)
    assert loop._pause > shipping.POLL_SECONDS
    loop.turn(ship)
    assert loop._pause == shipping.POLL_SECONDS


def end_this_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (mine,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [mine])
    other.close()
