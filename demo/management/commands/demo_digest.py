"""Print a digest of each table of the demo, to compare two builds."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from demo.digest import digests


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        for name, digest in sorted(digests().items()):
            self.stdout.write(f"{digest}  {name}")
