"""manage.py backup FOLDER"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backup import Unfit, keep


class Command(BaseCommand):
    help = "Keep the database and the uploads in a new folder, while the portal runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            files = keep(folder)
        except Unfit as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(f"{folder} has the database and {files:,} uploads.")
