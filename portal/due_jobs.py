"""Work that falls due by the clock. `manage.py run_due_jobs --every 30` runs it all, again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from portal.logs import cause_of
from portal.progress import note
from portal.registry import Registry

log = structlog.get_logger(__name__)


ALL = "due-jobs"
SLOW_SECONDS = 30
"""How often the jobs run: one that takes longer keeps the others waiting."""


@dataclass(frozen=True)
class Job:
    """`run(now)` does what is due and returns how much that was. Run twice, or killed midway, it ends the same."""

    key: str
    run: Callable[[datetime], int]


due_jobs: Registry[Job] = Registry("due job")


def run_all(now: datetime, clock: Callable[[], float] = time.monotonic) -> dict[str, int | str]:
    """Run every job; one that fails is logged and does not keep the others from running. Notes that it ran.

    One that takes longer than `SLOW_SECONDS` is logged too.
    """
    done: dict[str, int | str] = {}
    for job in due_jobs:
        began = clock()
        try:
            done[job.key] = job.run(now)
        except Exception as error:  # whatever it is, the other jobs are due too
            log.exception("due_job_failed", job=job.key)
            done[job.key] = f"failed: {cause_of(error)}"
        if (seconds := clock() - began) > SLOW_SECONDS:
            log.warning("due_job_slow", job=job.key, seconds=round(seconds))
    note(ALL, now)
    return done
