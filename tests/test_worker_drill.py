"""Workers killed in the midst of their work: nothing is lost, no mail comes twice but by the worker that was killed.

`script/drill worker` kills ten of each and waits as long as it takes; the suite kills one and moves the clock on.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db.models import F, Max
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal import tasks
from portal.notices.deeds.post import post
from portal.notices.models import OTHER, Notice
from portal.progress import Progress
from tests.drill_tasks import take_a_moment
from tests.programs import running, until
from tests.smtp import mail_server

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = int(os.environ.get("DRILL_KILLS", "1"))
IS_WHOLE = "DRILL_KILLS" in os.environ
EACH = 60 if IS_WHOLE else 20
"""Mails or tasks for each worker that is killed."""
LATE = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any) -> None:
    settings.MAIL_AT_ONCE = False
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def kill_some(home: Path, command: str, done: Callable[[], int], **given: str) -> None:
    """Each in the midst of its work."""
    for number in range(KILLS):
        before = done()
        with running(home, command, **given):
            until(lambda least=before + 5 + number: done() >= least)  # type: ignore[misc]


def test_mail_workers_that_are_killed_lose_no_mail(tmp_path: Path, record_property: Callable[..., None]) -> None:
    subjects = [f"Mail {number}" for number in range(EACH * (KILLS + 1))]
    for subject in subjects:
        post(OTHER, EmailMessage(subject, "Text", to=["ann@kaneland.example"]), at=timezone.now())
    with mail_server() as sink:
        kill_some(tmp_path, "mail_worker", lambda: len(sink.mails), EMAIL_URL=sink.url)
        with running(tmp_path, "mail_worker", EMAIL_URL=sink.url) as worker:
            if not IS_WHOLE:
                until(lambda: not Notice.objects.to_send(timezone.now()).exists())
                Notice.objects.filter(sent_at=None).update(next_try_at=timezone.now())  # minutes went by
            until(lambda: not Notice.objects.filter(sent_at=None).exists(), seconds=600)
            worker.terminate()
            assert worker.wait(30) == 0
    came = Counter(sink.subjects())
    assert set(came) == set(subjects)
    twice = sum(came.values()) - len(came)
    assert twice <= KILLS, "at most the one that each of them was about to note"
    waited = Notice.objects.aggregate(longest=Max(F("sent_at") - F("created_at")))["longest"]
    assert waited < LATE
    figures = f"{len(subjects)} written, {len(came)} came, {twice} of them twice, the last after {waited.seconds} s"
    record_property("mail workers killed", f"{KILLS}: {figures}")


def test_task_workers_that_are_killed_lose_no_task(tmp_path: Path, record_property: Callable[..., None]) -> None:
    count = EACH * (KILLS + 1)
    for number in range(count):
        take_a_moment.enqueue(number)
    noted = Progress.objects.filter(name__startswith="drill:")
    kill_some(tmp_path, "task_worker", noted.count)
    assert DBTaskResult.objects.running().count() <= KILLS
    with ExitStack() as programs:
        if IS_WHOLE:
            programs.enter_context(running(tmp_path, "run_due_jobs", "--every", "5"))
        else:
            tasks.reclaim(timezone.now() + 2 * tasks.LONGEST)
        worker = programs.enter_context(running(tmp_path, "task_worker"))
        until(lambda: not DBTaskResult.objects.exclude(finished_at__isnull=False).exists(), seconds=600)
        worker.terminate()
        assert worker.wait(30) == 0
    assert noted.count() == count == DBTaskResult.objects.successful().count()
    waited = DBTaskResult.objects.aggregate(longest=Max(F("finished_at") - F("enqueued_at")))["longest"]
    assert waited < LATE
    figures = f"{count} asked for, {noted.count()} done, the last after {waited.seconds} s"
    record_property("task workers killed", f"{KILLS}: {figures}")
