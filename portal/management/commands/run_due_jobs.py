"""Do what has fallen due: close agreements, remind, summarise. Safe to run at any time and twice at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from portal.due_jobs import run_all
from portal.loops import Loop


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="do it again and again, until stopped")

    def handle(self, *args: Any, every: int | None, **options: Any) -> None:
        if every:
            Loop("clock", every=every).run(self._step)
        elif not self._run():
            raise SystemExit(1)

    def _step(self) -> bool:
        self._run()
        return False

    def _run(self) -> bool:
        """Whether all of it could be done."""
        done = run_all(timezone.now())
        for key, result in done.items():
            if result:
                self.stdout.write(f"{key}: {result}")
        return not any(isinstance(result, str) for result in done.values())
