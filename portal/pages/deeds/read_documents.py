"""Reading uploaded files for search: once each, after the commit, outside of the request and of every transaction."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import PurePath
from signal import SIGXCPU
from time import monotonic
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_tasks import task

from portal.pages.deeds import extract_text
from portal.pages.models.media import Document, DocumentText
from portal.pages.models.uploads import MAX_BYTES
from portal.search.models import FreshEntry
from portal.tasks import ask_if
from portal.text import clean

log = structlog.get_logger(__name__)

BATCH = 100
RUN_SECONDS = 10.0
"""No file is begun later: other tasks are due too. What is left waits for the next run."""
HELD = timedelta(minutes=10)
"""How long a reader that died midway keeps a file from the others; twice as long after every further try."""
MOST_TRIES = 7
"""Over about a day."""
CLOCK_SECONDS = 3 * extract_text.MOST_SECONDS
"""A reader that had less of the processor by then than it may waited for a busy machine."""
NEW = timedelta(days=1)
"""Saved searches are told of the words of a document that is no older."""


def read_after_commit(instance: Document, **kwargs: Any) -> None:
    """Told by Django that a document was saved: its file may be another."""
    transaction.on_commit(read_soon, robust=True)


def read_soon() -> None:
    """Ask the worker to read what waits. `run_due_jobs` asks again, should it be asked in vain."""
    read_waiting.enqueue()


def read_if_waiting(now: datetime) -> int:
    """1 where the worker had to be asked."""
    return ask_if(Document.objects.unread(now).exists(), read_waiting)


@task(priority=-10)
def read_waiting() -> int:
    """Behind other tasks, whose priority is 0; they have their turn before it goes on with what is left."""
    now = timezone.now()
    done = read(now)
    if done:
        read_if_waiting(now)
    return done


def read(now: datetime) -> int:
    """Read the files that wait, the newest first; how many. Each is found by its title and name before."""
    until = monotonic() + RUN_SECONDS
    done = 0
    for document in Document.objects.unread(now).order_by("-pk")[:BATCH]:
        if monotonic() >= until:
            break
        if held := _take(document, now):
            done += _read(document, held)
    return done


def _take(document: Document, now: datetime) -> datetime | None:
    """Until when the file is held; None where another reader was quicker, or it was tried too often."""
    fresh = {"sha256": document.sha256, "text": "", "tries": 0, "next_try_at": now}
    try:
        words, _is_new = DocumentText.objects.get_or_create(document=document, defaults=fresh)
    except IntegrityError:  # the document was deleted meanwhile
        return None
    # No join: Django would then update by a subquery, which PostgreSQL does not look at again once it waited for a row.
    its_file = Document.objects.filter(pk=OuterRef("pk"), sha256=document.sha256)
    stored = DocumentText.objects.filter(
        Exists(its_file), pk=words.pk, sha256=words.sha256, next_try_at=words.next_try_at
    )
    if words.sha256 != document.sha256:
        if not stored.update(**fresh):
            return None
        return _take(document, now)
    if words.next_try_at is None or words.next_try_at > now:
        return None
    if words.tries >= MOST_TRIES:
        if stored.update(next_try_at=None):
            log.warning("document_not_read", document=document.pk, reason="tried too often")
        return None
    held: datetime = now + HELD * 2**words.tries
    return held if stored.update(next_try_at=held, tries=words.tries + 1) else None


def _read(document: Document, held: datetime) -> bool:
    """Keep the words with their entry, in one short transaction; False where the storage or the reader failed."""
    try:
        text, trouble = words_of(document.file)
    except OSError:
        return False  # it is tried again
    if trouble:
        log.warning("document_not_read", document=document.pk, reason=trouble)
    with transaction.atomic():
        mine = DocumentText.objects.filter(pk=document.pk, sha256=document.sha256, next_try_at=held)
        if mine.update(text=text, next_try_at=None) and text and timezone.now() - document.created_at < NEW:
            # Saved searches may have looked at it before it had words. Nobody is told of it twice.
            FreshEntry.objects.create(kind="document", object_id=document.pk)
    return True


def words_of(file: Any) -> tuple[str, str]:
    """The words of a stored file (`FieldFile`), and what kept us from reading all of it, "" where nothing did.

    They are read by a process of its own (`portal/pages/deeds/extract_text.py`), which ends after `MOST_SECONDS` of the
    processor; what it printed until then counts. `OSError` where the storage does not give the file, or the reader
    ended by something that is not in the file, as when the machine restarts, has no memory left or is busy for so long
    as `CLOCK_SECONDS`.
    """
    suffix = PurePath(file.name or "").suffix.lower()
    if suffix not in extract_text.READERS:
        return "", ""
    with file.storage.open(file.name, "rb") as stream:
        content = stream.read(MAX_BYTES)
    command = [sys.executable, "-I", extract_text.__file__, suffix]
    options: dict[str, Any] = {"capture_output": True, "check": False, "env": {}, "start_new_session": True}
    try:
        done = subprocess.run(command, input=content, timeout=CLOCK_SECONDS, **options)  # noqa: S603 - our own program; the file is only its input
    except subprocess.TimeoutExpired as busy:
        raise ChildProcessError from busy
    trouble = {0: "", extract_text.NOT_READ: done.stderr.decode(errors="replace").strip()[-80:], -SIGXCPU: "too slow"}
    if done.returncode not in trouble:
        raise ChildProcessError(done.returncode)
    return _text(done.stdout), trouble[done.returncode]


def _text(printed: bytes) -> str:
    return clean(printed.decode("utf-8", errors="ignore")).strip()
