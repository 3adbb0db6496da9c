"""Do what has fallen due: close agreements, remind, summarise. Safe to run at any time and twice at once."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.due_jobs import run_all


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        done = run_all(timezone.now())
        for key, result in done.items():
            if result:
                self.stdout.write(f"{key}: {result}")
        if any(isinstance(result, str) for result in done.values()):
            raise SystemExit(1)
