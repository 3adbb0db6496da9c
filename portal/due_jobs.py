"""Work that falls due by the clock. `manage.py run_due_jobs` runs it all, every half minute in the demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from portal.reached import note
from portal.registry import Registry

log = structlog.get_logger(__name__)


ALL = "due-jobs"


@dataclass(frozen=True)
class Job:
    """`run(now)` does what is due and returns how much that was. Run twice, or killed midway, it ends the same."""

    key: str
    run: Callable[[datetime], int]


due_jobs: Registry[Job] = Registry("due job")


def run_all(now: datetime) -> dict[str, int | str]:
    """Run every job; one that fails is logged and does not keep the others from running. Notes that it ran."""
    done: dict[str, int | str] = {}
    for job in due_jobs:
        try:
            done[job.key] = job.run(now)
        except Exception as error:  # whatever it is, the other jobs are due too
            log.exception("due_job_failed", job=job.key)
            done[job.key] = f"failed: {type(error).__name__}: {error}"
    note(ALL, now)
    return done
