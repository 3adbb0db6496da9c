"""Build the demo into an empty, migrated database: the same every time for the same day."""

from __future__ import annotations

import logging
import time
from datetime import date, datetime
from datetime import time as clock
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from demo.building import build
from demo.building.ground import ZONE
from demo.building.mail import send_recent
from portal.districts.models import District


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", type=date.fromisoformat, help="the day it is built for (2026-12-01)")

    def handle(self, *args: Any, today: date | None, **options: Any) -> None:
        if District.objects.exists():
            raise CommandError("This database already holds districts. The demo is built into an empty one.")
        now = datetime.combine(today, clock(9), tzinfo=ZONE) if today else timezone.now()
        logging.disable(logging.INFO)  # one line for each page and practice says less than ours
        started = time.monotonic()

        def say(text: str) -> None:
            self.stdout.write(f"  {time.monotonic() - started:5.1f} s  {text}")
            self.stdout.flush()

        build(now, say=say)
        say(f"mail: {send_recent(now)} in the outbox")
