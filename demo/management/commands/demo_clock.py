"""Do what falls due every 30 seconds, until stopped: in production a timer runs `run_due_jobs`."""

from __future__ import annotations

import os
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, default=30, help="seconds between two runs")

    def handle(self, *args: Any, every: int, **options: Any) -> None:
        parent = os.getppid()
        while os.getppid() == parent:  # not beyond the life of the script that started it
            try:
                call_command("run_due_jobs", stdout=self.stdout)
            except SystemExit:
                self.stderr.write("Some of the due work failed; it is tried again.")
            close_old_connections()
            time.sleep(every)
