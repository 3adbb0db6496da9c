"""A disk that is full to the last byte, under load: `script/drill full`. The short form is in `test_away.py`.

The disk is a small tmpfs, which only root may mount; something else fills it, and takes what is given free meanwhile.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest

from tests import unwell
from tests.baked import session_of
from tests.copied import CopiedFile, cluster
from tests.loads import judge, portal, suffer
from tests.people import Cast

SECONDS = float(os.environ.get("DRILL_FULL_SECONDS", "0"))
"""Before, in and after the fault."""
pytestmark = [
    pytest.mark.skipif(not SECONDS, reason="script/drill full"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
]
NEEDS_POSTGRESQL = pytest.mark.skipif(unwell.IS_SQLITE, reason="PostgreSQL's disk")
Record = Callable[[str, object], None]


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    place = Path("/var/tmp") / f"roundtable-disk-{os.getpid()}"  # noqa: S108 - the user postgres may enter it
    place.mkdir(mode=0o755)
    size = f"size={megabytes}m,mode=0755"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)], check=False)  # noqa: S603, S607
    try:
        if mounted.returncode:
            pytest.skip("mount -t tmpfs is not permitted here")
        yield place
    finally:
        if not mounted.returncode:
            subprocess.run(["umount", str(place)], check=True)  # noqa: S603, S607
        place.rmdir()


class Ballast:
    """A file that grows into every byte of the disk until `sink` is called."""

    def __init__(self, disk: Path) -> None:
        self.file = disk / "ballast"
        self.is_over, self.is_full = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._grow, daemon=True)

    def load(self) -> None:
        self.thread.start()
        assert self.is_full.wait(60)

    def _grow(self) -> None:
        with self.file.open("ab", buffering=0) as file:
            while not self.is_over.is_set():
                try:
                    file.write(bytes(65536))
                except OSError:
                    self.is_full.set()
                    self.is_over.wait(0.02)

    def sink(self) -> None:
        self.is_over.set()
        self.thread.join()
        self.file.unlink()


@pytest.mark.skipif(not unwell.IS_SQLITE, reason="SQLite's disk")
def test_sqlites_disk_is_full(cast: Cast, tmp_path: Path, record_property: Record) -> None:
    session = session_of(cast.member)
    with small_disk(96) as disk:
        own, ballast = CopiedFile(disk), Ballast(disk)
        with portal(disk, session, own.url, seconds=SECONDS, log=tmp_path / "log") as load:
            meanwhile = suffer(load, ballast.load, ballast.sink, says={"writes": "full"}, seconds=SECONDS)
        figures = judge(load, own.stored())
    assert meanwhile["GET", 200] > SECONDS, figures
    assert meanwhile["GET", 503] == 0, figures
    assert meanwhile["POST", 503] > 0, figures
    record_property("disk full, SQLite", f"{figures}; meanwhile {dict(meanwhile)}")


@NEEDS_POSTGRESQL
def test_the_disk_of_postgresqls_tables_is_full(cast: Cast, tmp_path: Path, record_property: Record) -> None:
    session = session_of(cast.member)
    with small_disk(160) as disk, cluster(disk=disk) as own:
        ballast = Ballast(disk)
        with portal(tmp_path, session, own.url, seconds=SECONDS) as load:
            meanwhile = suffer(load, ballast.load, ballast.sink, says={"writes": "full"}, seconds=SECONDS)
        figures = judge(load, own.stored())
    assert meanwhile["GET", 200] > SECONDS, figures
    assert meanwhile["GET", 503] == 0, figures
    assert meanwhile["POST", 503] > 0, figures
    record_property("disk of the tables full, PostgreSQL", f"{figures}; meanwhile {dict(meanwhile)}")


@NEEDS_POSTGRESQL
def test_the_disk_of_postgresqls_journal_is_full(cast: Cast, tmp_path: Path, record_property: Record) -> None:
    """Without room for its journal PostgreSQL ends, readers or not, and is started anew once there is room."""
    session = session_of(cast.member)
    with small_disk(240) as disk, cluster(home=disk) as own:
        ballast = Ballast(disk)

        def fill() -> None:
            ballast.load()
            with suppress(psycopg2.Error), closing(own.connect()) as administrator:
                for _file in range(20):  # those that it has in store are soon used up
                    with administrator.cursor() as cursor:
                        cursor.execute("SELECT pg_switch_wal(), txid_current()")

        def make_room() -> None:
            ballast.sink()
            own.start()

        with portal(tmp_path, session, own.url, seconds=SECONDS) as load:
            meanwhile = suffer(load, fill, make_room, says={"database": "no answer"}, seconds=SECONDS)
        figures = judge(load, own.stored())
    assert meanwhile["POST", 503] > 0, figures
    record_property("disk of the journal full, PostgreSQL", f"{figures}; meanwhile {dict(meanwhile)}")
