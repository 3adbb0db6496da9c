"""Work that the task worker is given: doing it, taking it from a worker that died, forgetting what is done.

Tasks are rows of django-tasks-db. Each of ours may be begun twice, and ends within `LONGEST`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from portal.forgetting import delete_some

LONGEST = timedelta(minutes=5)
MOST_TRIES = 5
KEPT = timedelta(days=7)


def ask_if(waits: bool, task: Any) -> int:
    """Ask the worker for it where something waits and that is not asked already; 1 where it was asked."""
    if not waits or DBTaskResult.objects.ready().filter(task_path=task.module_path).exists():
        return 0
    task.enqueue()
    return 1


def work(worker_id: str) -> bool:
    """Do the task that is due first; False where there is none. One that raises is kept as failed.

    Looks before it takes: django-tasks-db takes under SQLite's one write lock.
    """
    if not DBTaskResult.objects.ready().exists():
        return False
    Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        backend_name="default",
        worker_id=worker_id,
        interval=0,
        batch=True,
        max_tasks=1,
        startup_delay=False,
    ).run()
    return True


def reclaim(now: datetime) -> int:
    """Give the others what a worker has had for longer than any task takes; how many.

    One that was begun `MOST_TRIES` times failed: perhaps it is what kills the workers.
    """
    again = 0
    for left in DBTaskResult.objects.running().filter(started_at__lt=now - LONGEST):
        same = DBTaskResult.objects.running().filter(pk=left.pk, started_at=left.started_at)
        if len(left.worker_ids) < MOST_TRIES:
            again += same.update(status=TaskResultStatus.READY)
        else:
            same.update(
                status=TaskResultStatus.FAILED, finished_at=now, exception_class_path="builtins.ChildProcessError"
            )
    return again


def forget_old(now: datetime) -> int:
    """Delete what was finished more than seven days ago; how many."""
    return delete_some(DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT))


def seconds_behind(now: datetime) -> int:
    """How long the oldest task has waited that is due and not finished, whether a worker has begun it or not."""
    unfinished = DBTaskResult.objects.filter(
        Q(status=TaskResultStatus.RUNNING) | Q(pk__in=DBTaskResult.objects.ready().values("pk"))
    )
    asked = unfinished.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    return max(0, int((now - asked).total_seconds())) if asked else 0
