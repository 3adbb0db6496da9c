from __future__ import annotations

from datetime import datetime

import pytest
from django.db import DatabaseError
from django.utils import timezone

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
