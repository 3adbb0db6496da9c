from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from portal import forgetting
from portal.forgetting import forget_sessions
from portal.tasks import KEPT, LONGEST, MOST_TRIES, forget_old, reclaim, seconds_behind

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MOMENT = timedelta(microseconds=1)


def make_task(
    status: str = TaskResultStatus.READY, *, asked: timedelta = timedelta(0), **fields: Any
) -> DBTaskResult[..., Any]:
    task: DBTaskResult[..., Any] = DBTaskResult.objects.create(
        task_path="portal.pages.deeds.read_documents.read_waiting",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        status=status,
        **fields,
    )
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=NOW - asked)
    return task


@pytest.mark.parametrize(("took", "again"), [(LONGEST, 0), (LONGEST + MOMENT, 1)])
def test_a_task_that_its_worker_has_had_too_long_is_given_to_another(took: timedelta, again: int) -> None:
    task = make_task(TaskResultStatus.RUNNING, started_at=NOW - took, worker_ids=["dead"])
    assert reclaim(NOW) == again
    assert reclaim(NOW) == 0
    task.refresh_from_db()
    assert (task.status == TaskResultStatus.READY) is bool(again)


@pytest.mark.parametrize(("tries", "status"), [(MOST_TRIES - 1, "READY"), (MOST_TRIES, "FAILED")])
def test_one_that_was_begun_too_often_failed(tries: int, status: str) -> None:
    task = make_task(TaskResultStatus.RUNNING, started_at=NOW - 2 * LONGEST, worker_ids=["dead"] * tries)
    reclaim(NOW)
    task.refresh_from_db()
    assert task.status == status
    assert (task.finished_at is not None) is (status == "FAILED")


def test_what_is_done_is_forgotten_after_seven_days() -> None:
    for finished in (NOW - KEPT - MOMENT, NOW - KEPT):
        make_task(TaskResultStatus.SUCCESSFUL, finished_at=finished)
    make_task(TaskResultStatus.FAILED, finished_at=NOW - 2 * KEPT)
    make_task(TaskResultStatus.RUNNING, started_at=NOW - 2 * KEPT)
    make_task(asked=2 * KEPT)
    assert forget_old(NOW) == 2
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "RUNNING", "SUCCESSFUL"]


def test_the_lag_is_of_the_oldest_that_is_not_done_begun_or_not() -> None:
    make_task(TaskResultStatus.SUCCESSFUL, asked=timedelta(hours=9))
    make_task(run_after=NOW + timedelta(days=1), asked=timedelta(hours=8))
    assert seconds_behind(NOW) == 0
    make_task(asked=timedelta(minutes=3))
    assert seconds_behind(NOW) == 180
    make_task(TaskResultStatus.RUNNING, started_at=NOW, asked=timedelta(minutes=20))
    assert seconds_behind(NOW) == 1200


def test_sessions_that_ended_are_forgotten_a_bounded_number_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    for number, ends in enumerate([NOW - MOMENT, NOW - MOMENT, NOW - MOMENT, NOW, NOW + MOMENT]):
        Session.objects.create(session_key=str(number), session_data="", expire_date=ends)
    assert [forget_sessions(NOW) for _run in range(3)] == [2, 1, 0]
    assert set(Session.objects.filter(session_key__in="01234").values_list("session_key", flat=True)) == {"3", "4"}
