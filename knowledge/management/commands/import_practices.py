"""manage.py import_practices FILE [--dry-run]"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from knowledge.deeds.import_practices import Report, import_practices
from portal.spreadsheets import ENCODING, UNDECODED, write_csv
from portal.tables import ENCODINGS, UnreadableFileError, refused_rows


class Command(BaseCommand):
    help = "Take in practices in bulk from a CSV or JSON file: title, body, tags, district (NCES id), audience, date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a .csv or .json file")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--encoding", choices=ENCODINGS, default="utf-8", help="of the file, where it is not UTF-8")
        parser.add_argument(
            "--refused", type=Path, help="a CSV file to write the refused rows to, each with its reason"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        if connection.vendor == "sqlite":  # the cache that serves the web would be a third of all that this takes
            connection.cursor().execute("PRAGMA cache_size=-8000")
        with TemporaryFile("w+", newline="", encoding=ENCODING, errors=UNDECODED) as spool:

            def refuse(report: Report, line: int, why: str, cells: list[str]) -> None:
                self.stderr.write(f"line {line}: refused: {why}")
                write_csv(spool, refused_rows(report.columns, [(line, why, cells)])[1:])

            try:
                report = import_practices(
                    options["file"],
                    now=timezone.now(),
                    dry_run=options["dry_run"],
                    encoding=options["encoding"],
                    progress=self._progress,
                    refuse=refuse,
                )
            except UnreadableFileError as error:
                raise CommandError(str(error)) from error
            if options["refused"]:  # only now: it may be the file that was read
                spool.seek(0)
                with options["refused"].open("w", newline="", encoding=ENCODING, errors=UNDECODED) as out:
                    write_csv(out, refused_rows(report.columns, []))
                    shutil.copyfileobj(spool, out)
        self.stdout.write(
            f"{report.created:,} created, {report.unchanged:,} already there, {report.refused:,} refused"
            f" in {time.monotonic() - started:.1f} s"
        )
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was changed.")

    def _progress(self, done: int) -> None:
        self.stdout.write(f"{done:,} rows")
        self.stdout.flush()
