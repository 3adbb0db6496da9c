"""`manage.py` by a clock that is off by `CLOCK_OFF_SECONDS`: what falls due on a Monday can be drilled on any day.

python -m tests.other_clock run_due_jobs --every 1
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta

from django.core.management import execute_from_command_line
from django.utils import timezone

NAME = "CLOCK_OFF_SECONDS"
wall = timezone.now


def off_by(seconds: float) -> datetime:
    return wall() + timedelta(seconds=seconds)


if __name__ == "__main__":
    off = float(os.environ[NAME])
    timezone.now = lambda: off_by(off)
    execute_from_command_line(sys.argv)
