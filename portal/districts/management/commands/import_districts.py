"""manage.py import_districts FILE [--offices FILE] [--move] [--refused FILE] [--dry-run] [--strict]"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.districts.deeds.import_directory import Report, import_directory
from portal.districts.forms.directory_file import OFFICES_FILE, read_files
from portal.spreadsheets import csv_bytes
from portal.tables import ENCODINGS, UnreadableFileError, refused_rows


class Command(BaseCommand):
    help = "Take in the state directory: districts, their counties and regional offices. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the directory, a CSV file")
        parser.add_argument("--offices", type=Path, help=f"regional offices; by default {OFFICES_FILE} beside the file")
        parser.add_argument(
            "--encoding", choices=ENCODINGS, default="utf-8", help="of the files, where it is not UTF-8"
        )
        parser.add_argument("--move", action="store_true", help="also move districts and counties to other offices")
        parser.add_argument(
            "--refused", type=Path, help="a CSV file to write the refused rows to, each with its reason"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--strict", action="store_true", help="change nothing if any row is refused")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            rows, offices = read_files(options["file"], options["offices"], encoding=options["encoding"])
        except UnreadableFileError as error:
            raise CommandError(str(error)) from error
        asked = {name: options[name] for name in ("dry_run", "strict", "move")}
        report = import_directory(rows, offices, **asked)
        if options["refused"] and report.refusals:
            refused = [(row.line, row.reason, row.cells) for row in report.refusals]
            options["refused"].write_bytes(csv_bytes(refused_rows(report.refusals[0].columns, refused)))
        self._tell(report, every_row=options["verbosity"] > 1)
        self.stdout.write(f"{time.monotonic() - started:.1f} s")
        if options["strict"] and report.count("refused"):
            raise CommandError("Nothing was imported: --strict, and some rows were refused.")
        if not report.kept:
            self.stdout.write("Dry run: nothing was changed.")

    def _tell(self, report: Report, *, every_row: bool) -> None:
        for fate in report.fates:
            if fate.verb != "unchanged" or every_row:
                out = self.stderr if fate.verb == "refused" else self.stdout
                out.write(f"line {fate.line}: {fate.verb}: {fate.name}{': ' if fate.detail else ''}{fate.detail}")
        for note in report.notes:
            self.stderr.write(note)
        for move in report.moves:
            self.stderr.write(f"{'moved' if report.moved else 'not moved (--move does)'}: {move}")
        verbs = ", ".join(f"{report.count(verb):,} {verb}" for verb in ("created", "changed", "unchanged", "refused"))
        self.stdout.write(f"Rows: {verbs}. {report.changes:,} changes in all.")
        if report.absent:
            self.stdout.write(f"{report.absent:,} districts of the portal are not in this file; they are kept.")
        self.stdout.write(
            f"Now: {report.districts:,} districts ({report.listed:,} of them listed), "
            f"{report.offices:,} regional offices, {report.counties:,} counties."
        )
