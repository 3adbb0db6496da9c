"""manage.py restore FOLDER [--force]: exit code 1, and what differs, where it is not what was kept."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backup import Unfit, bring_back


class Command(BaseCommand):
    help = "Put a backup in place, and prove that every row, sum and upload is what was kept. Stop the portal first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--force", action="store_true", help="lose what is in the database now")

    def handle(self, *args: Any, folder: Path, force: bool, **options: Any) -> None:
        try:
            files = bring_back(folder, force=force)
        except Unfit as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(
            f"The database and {files:,} uploads are as they were kept. Next: migrate, then search_rebuild."
        )
