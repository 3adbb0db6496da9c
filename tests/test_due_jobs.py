from __future__ import annotations

from datetime import datetime

import pytest
from django.db import DatabaseError
from django.utils import timezone
from structlog.testing import capture_logs

from portal import due_jobs
from portal.due_jobs import Job

NOW = timezone.now()


@pytest.mark.parametrize(
    "error", [KeyError("retired"), ValueError("no text"), DatabaseError("locked"), OSError("full")]
)
def test_a_job_that_fails_keeps_no_other_from_running(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(now: datetime) -> int:
        raise error

    jobs = {"bad": Job("bad", fail), "good": Job("good", lambda now: 3)}
    monkeypatch.setattr(due_jobs.due_jobs, "_things", jobs)
    done = due_jobs.run_all(NOW)
    assert done["good"] == 3
    assert str(done["bad"]).startswith("failed: " + type(error).__name__)


def test_a_job_that_takes_longer_than_the_time_until_the_next_run_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = [0.0]

    def take(seconds: float) -> int:
        passed[0] += seconds
        return 1

    jobs = {"slow": Job("slow", lambda now: take(31)), "quick": Job("quick", lambda now: take(30))}
    monkeypatch.setattr(due_jobs.due_jobs, "_things", jobs)
    monkeypatch.setattr(due_jobs, "note", lambda key, at: None)
    with capture_logs() as lines:
        due_jobs.run_all(NOW, clock=lambda: passed[0])
    assert [(line["event"], line["job"], line["seconds"]) for line in lines] == [("due_job_slow", "slow", 31)]
