"""The program that reads uploaded files: its bounds, its end, and whose turn it is."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from structlog.testing import capture_logs

from portal.due_jobs import run_all
from portal.pages.deeds import extract_text, read_documents
from portal.pages.models import Audience, Document, DocumentText
from portal.registry import search_sources
from portal.search.entries import rebuilding
from portal.search.models import Entry
from portal.tasks import work
from tests.pages import papers
from tests.pages.makers import found, make_document, png
from tests.people import Cast

NOW = timezone.now()


def reading_by(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """From now on files are read by this program."""
    stub = folder / "reader.py"
    stub.write_text(f"import os, signal, sys, time\n{program}\n")
    monkeypatch.setattr(extract_text, "__file__", str(stub))


SAY = "os.write(1, b'Zebra'); "


def test_a_file_that_takes_too_long_is_left_with_what_was_read_until_then(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reading_by(monkeypatch, tmp_path, SAY + "os.kill(os.getpid(), signal.SIGXCPU)")
    with capture_logs() as lines:
        make_document(Audience.PUBLIC, "a.pdf", papers.pdf("Zebra"))
    assert [line["reason"] for line in lines if line["event"] == "document_not_read"] == ["too slow"]
    assert found("zebra", cast.visitor) == 1


@pytest.mark.parametrize(
    "ending",
    [
        "os.kill(os.getpid(), signal.SIGKILL)",
        "os.kill(os.getpid(), signal.SIGTERM)",
        "sys.exit(127)",
        "import no",
        SAY + "time.sleep(600)",
    ],
    ids=["killed", "ended", "not found", "incomplete", "kept waiting"],
)
def test_a_file_whose_reader_was_ended_by_something_else_is_read_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ending: str
) -> None:
    make_document(Audience.PUBLIC, "a.pdf", papers.pdf("Zebra"), is_read=False)
    with monkeypatch.context() as ended, capture_logs() as lines:
        reading_by(ended, tmp_path, ending)
        ended.setattr(read_documents, "CLOCK_SECONDS", 3)
        assert read_documents.read(NOW) == 0
    assert lines == []
    assert read_documents.read(NOW + read_documents.HELD) == 1
    assert found("zebra", cast.visitor) == 1


def test_a_reader_at_work_ends_itself_after_its_time() -> None:
    program = "import sys; sys.path.insert(0, sys.argv[1]); import extract_text"
    program += "\nextract_text.MOST_SECONDS = 1; extract_text.bound()\nwhile True: pass"
    command = [sys.executable, "-I", "-c", program, str(Path(extract_text.__file__).parent)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGXCPU  # noqa: S603


def test_a_part_of_the_program_that_is_missing_is_not_the_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(file: Any) -> Any:
        raise ModuleNotFoundError("pypdf")

    monkeypatch.setattr(extract_text, "bound", lambda: None)
    monkeypatch.setitem(extract_text.READERS, ".pdf", broken)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO()))
    with pytest.raises(ModuleNotFoundError):
        extract_text.main(".pdf")


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not bound a program's memory")
def test_a_file_that_wants_much_memory_does_not_get_it() -> None:
    greedy = "import sys; sys.path.insert(0, sys.argv[1]); import extract_text"
    greedy += "\nextract_text.bound(); bytes(600_000_000)"
    command = [sys.executable, "-I", "-c", greedy, str(Path(extract_text.__file__).parent)]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    assert b"MemoryError" in done.stderr


def test_the_program_that_reads_knows_no_secrets(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[dict[str, Any]] = []
    run = subprocess.run

    def watched(*args: Any, **kwargs: Any) -> Any:
        started.append(kwargs)
        return run(*args, **kwargs)

    monkeypatch.setattr(subprocess, "run", watched)
    make_document(name="a.txt")
    make_document(name="a.png", content=png())
    assert [kwargs["env"] for kwargs in started] == [{}], "and a picture starts none"


@pytest.fixture
def queue(settings: Any) -> None:
    """Tasks wait for the worker, as in production."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.mark.usefixtures("queue")
@pytest.mark.django_db(transaction=True)
def test_the_clock_opens_no_file_and_asks_the_worker_once() -> None:
    """Ten big files keep no agreement from being closed; and no mail, which is no task."""
    document = make_document(is_read=False)
    DBTaskResult.objects.all().delete()  # what it was asked is lost
    for _run in range(2):
        run_all(timezone.now())
        assert Document.objects.unread(timezone.now()).get() == document
        assert DBTaskResult.objects.ready().count() == 1
    assert work("worker")
    assert not Document.objects.unread(timezone.now()).exists()
    assert not work("worker")


@pytest.mark.usefixtures("queue")
@pytest.mark.django_db(transaction=True)
def test_the_worker_goes_on_with_the_files_it_left_when_it_did_other_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_documents, "BATCH", 1)
    for number in range(3):
        make_document(name=f"{number}.txt", content=b"Zebra", is_read=False)
    DBTaskResult.objects.all().delete()
    read_documents.read_soon()
    assert [work("worker") for _task in range(4)] == [True, True, True, False]
    assert not Document.objects.unread(timezone.now()).exists()


def test_two_readers_read_a_file_once(db: None) -> None:
    document = make_document(is_read=False)
    assert read_documents._take(document, NOW)
    assert read_documents._take(document, NOW) is None
    assert read_documents.read(NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_waited_for_another_does_not_take_the_file_too() -> None:
    document = make_document(is_read=False)
    DocumentText.objects.update(next_try_at=NOW, tries=0)
    taken: list[datetime | None] = []

    def take() -> None:
        try:
            taken.append(read_documents._take(document, NOW))
        finally:
            connection.close()

    second = threading.Thread(target=take)
    with transaction.atomic():
        taken.append(read_documents._take(document, NOW))
        second.start()
        second.join(1.0)
    second.join(60)
    assert taken == [NOW + read_documents.HELD, None]


def test_a_file_is_taken_by_an_update_of_one_table(db: None) -> None:
    """PostgreSQL looks again at the row's own columns once it has waited for it, and at no subquery of its table."""
    document = make_document(is_read=False)
    with CaptureQueriesContext(connection) as queries:
        assert read_documents._take(document, NOW)
    (update,) = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "pages_documenttext"')]
    assert update.count('FROM "pages_documenttext"') == 0


def test_a_file_whose_reader_died_is_tried_again_for_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    make_document(Audience.PUBLIC, "a.txt", b"Zebra", is_read=False)
    tried: list[timedelta] = []

    def die(file: Any) -> tuple[str, str]:
        tried.append(at - NOW)
        raise OSError("The storage does not answer")

    monkeypatch.setattr(read_documents, "words_of", die)
    with capture_logs() as lines:
        for minutes in range(0, 3 * 24 * 60, 5):
            at = NOW + timedelta(minutes=minutes)
            assert read_documents.read(at) == 0
    assert len(tried) == read_documents.MOST_TRIES
    assert tried[1] == read_documents.HELD
    assert timedelta(hours=9) < tried[-1] < timedelta(days=1)
    assert [line["event"] for line in lines] == ["document_not_read"]


def test_a_file_that_is_there_again_is_read(cast: Cast) -> None:
    document = make_document(Audience.PUBLIC, "a.txt", b"Zebra", is_read=False)
    storage, name = document.file.storage, document.file.name
    storage.delete(name)
    assert read_documents.read(NOW) == 0
    storage.save(name, ContentFile(b"Zebra"))
    assert read_documents.read(NOW) == 0, "not due again yet"
    assert read_documents.read(NOW + read_documents.HELD) == 1
    assert found("zebra", cast.visitor) == 1


def test_the_newest_file_is_read_first_and_none_is_begun_late(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("zebra", "gnu"):
        make_document(Audience.PUBLIC, f"{word}.txt", f"A {word}s.".encode(), is_read=False)
    clock = iter([0.0, 9.0, 10.0])
    monkeypatch.setattr(read_documents, "monotonic", lambda: next(clock))
    assert read_documents.read(NOW) == 1
    (words,) = DocumentText.objects.all()
    assert words.text == "A gnus."


def test_a_rebuild_opens_no_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    document = make_document(Audience.PUBLIC, "a.pdf", papers.pdf("Zebra"))
    document.file.storage.delete(document.file.name)
    Entry.objects.filter(kind="document").delete()
    assert rebuilding.rebuild(search_sources["document"]) == 1
    assert found("zebra", cast.visitor) == 1
