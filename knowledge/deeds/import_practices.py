"""Practices in bulk, from a CSV or JSON file: rows and entries at once, a revision only with the first edit.

The same practice is the same district, title and day; a row without a date is the same on any day. So a file taken in
twice changes nothing the second time, on another day neither, and a row that stands twice in a file is taken once.
The file is read row by row and written some hundred rows at a time: how long it is makes no difference to the memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils.translation import gettext as _

from knowledge.models import Audience, Practice, TaggedPractice
from knowledge.models.practices import LONG_TEXT
from knowledge.models.tags import MAX_TAGS, not_tags, tag_names, tags_named
from portal.districts.models import District
from portal.districts.models.chapter import Chapter
from portal.search.entries.indexing import reindex
from portal.tables import RefusedRowError, Table, UnreadableFileError, chunks_of, lines_of
from portal.text import one_line

COLUMNS = ("title", "body", "tags", "district", "audience", "date")
BATCH = 250
MAX_TITLE = 120
MAX_OBJECT = 1_000_000
"""Characters of one object in a JSON list, as of one cell in a table."""

Cells = dict[str, Any] | str
"""A row by its columns, or the sentence that says why it cannot be read."""


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    """Where the row starts: the line of a CSV file, the number of the object in a JSON list, from 1."""
    title: str
    body: str
    tags: tuple[str, ...]
    district_id: int
    audience: str
    posted_at: datetime
    day: date | None
    """The day the file names; None where it names none."""

    @property
    def name(self) -> tuple[int, str]:
        return self.district_id, self.title.casefold()

    def is_among(self, known: Known) -> bool:
        days = known.get(self.name, set())
        return self.day in days if self.day is not None else bool(days)


Known = dict[tuple[int, str], set[date]]
"""The days on which practices of a district and title were posted."""


class Seen:
    """The rows of this file so far, by digests, in a file of its own that goes with it: they take no memory."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("CREATE TABLE seen (name INTEGER, day INTEGER, PRIMARY KEY (name, day)) WITHOUT ROWID")

    def add(self, row: Row, day: date) -> bool:
        """Keep the row, posted that day; False where it was there already."""
        name, posted = hash(row.name), day.toordinal()
        found = self._rows.execute(
            "SELECT 1 FROM seen WHERE name = ? AND (day = ? OR ?)", (name, posted, row.day is None)
        ).fetchone()
        self._rows.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (name, posted))
        return found is None


@dataclass(slots=True)
class Report:
    created: int = 0
    unchanged: int = 0
    refused: int = 0
    columns: tuple[str, ...] = ()
    """Of a table; known before its first row is refused."""


Refuse = Callable[[Report, int, str, list[str]], None]
"""Hears of each row that is refused: the report so far, its line, why, and its cells as they stand in a table."""


def import_practices(
    path: Path,
    *,
    now: datetime,
    dry_run: bool = False,
    encoding: str = "utf-8",
    progress: Callable[[int], None] = lambda done: None,
    refuse: Refuse = lambda report, line, why, cells: None,
) -> Report:
    """Take in the file, a batch a transaction. `progress` hears how many rows were read.

    A row with a date is posted at noon of that day in the chapter's zone, or `now` where that is earlier; a row without
    a date is posted `now`, one without an audience is for members. Raises `UnreadableFileError`.
    """
    districts = dict(District.objects.values_list("nces_id", "pk"))
    zone = Chapter.current().tz
    report = Report()
    seen, batch, read = Seen(), list[Row](), 0
    for read, (line, cells, raw) in enumerate(_rows(path, encoding, report), start=1):
        try:
            row = _parse(line, cells, districts, zone, now)
        except RefusedRowError as refused:
            report.refused += 1
            refuse(report, line, str(refused), raw)
            continue
        if not seen.add(row, row.posted_at.astimezone(zone).date()):
            report.unchanged += 1
            continue
        batch.append(row)
        if len(batch) == BATCH:
            _take(batch, report, zone, dry_run=dry_run)
            batch = []
            progress(read)
    _take(batch, report, zone, dry_run=dry_run)
    progress(read)
    return report


def _take(batch: list[Row], report: Report, zone: ZoneInfo, *, dry_run: bool) -> None:
    """Write the rows that are new, their tags and their entries, in one transaction."""
    with transaction.atomic():
        titles = {row.title for row in batch}
        stored = Practice.objects.filter(title__in=titles).values_list("district_id", "title", "posted_at")
        known: Known = {}
        for pk, title, at in stored:
            known.setdefault((pk, title.casefold()), set()).add(at.astimezone(zone).date())
        new = [row for row in batch if not row.is_among(known)]
        report.created += len(new)
        report.unchanged += len(batch) - len(new)
        if dry_run or not new:
            return
        practices = [
            Practice(
                title=row.title,
                what_we_do=row.body,
                district_id=row.district_id,
                audience=row.audience,
                posted_at=row.posted_at,
                first_published_at=row.posted_at,
                last_published_at=row.posted_at,
                live=True,
            )
            for row in new
        ]
        # Not our own bulk verb: it would write the entries before the tags are there, and once more after them.
        models.QuerySet.bulk_create(Practice.objects.all(), practices, batch_size=500)
        tags = tags_named(tag for row in new for tag in row.tags)
        tagged = [
            TaggedPractice(content_object_id=practice.pk, tag=tags[slug])
            for practice, row in zip(practices, new, strict=True)
            for slug in row.tags
        ]
        models.QuerySet.bulk_create(TaggedPractice.objects.all(), tagged, batch_size=500)
        reindex([("practice", [practice.pk for practice in practices])])


def _parse(line: int, cells: Cells, districts: dict[str, int], zone: ZoneInfo, now: datetime) -> Row:
    if isinstance(cells, str):
        raise RefusedRowError(cells)
    texts = {name: _text(cells, name) for name in COLUMNS}
    if not texts["title"]:
        raise RefusedRowError(_("The title is missing."))
    if len(texts["title"]) > MAX_TITLE:
        raise RefusedRowError(_("The title is longer than %(n)d characters.") % {"n": MAX_TITLE})
    if not texts["body"]:
        raise RefusedRowError(_("The body is missing."))
    if len(texts["body"]) > LONG_TEXT:
        raise RefusedRowError(_("The body is longer than %(n)d characters.") % {"n": LONG_TEXT})
    if texts["district"] not in districts:
        raise RefusedRowError(_("No district has the NCES id “%(id)s”.") % {"id": texts["district"]})
    audience = texts["audience"].lower() or Audience.MEMBERS.value
    if audience not in Audience.values:
        raise RefusedRowError(
            _("The audience is one of district, county, members and public, not “%(audience)s”.")
            % {"audience": audience}
        )
    if words := not_tags(texts["tags"]):
        raise RefusedRowError(_("“%(words)s” cannot be a tag.") % {"words": ", ".join(words)})
    if len(tags := tag_names(texts["tags"])) > MAX_TAGS:
        raise RefusedRowError(_("There are more than %(n)d tags.") % {"n": MAX_TAGS})
    day = _day(texts["date"], now.astimezone(zone).date())
    return Row(
        line=line,
        title=texts["title"],
        body=texts["body"],
        tags=tuple(tags),
        district_id=districts[texts["district"]],
        audience=audience,
        posted_at=now if day is None else min(datetime.combine(day, time(12), zone), now),
        day=day,
    )


def _day(text: str, today: date) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text[:10])
    except ValueError as error:
        raise RefusedRowError(_("Write the date as 2026-09-30, not “%(date)s”.") % {"date": text}) from error
    if day > today:
        raise RefusedRowError(_("%(date)s is in the future.") % {"date": text})
    return day


def _text(cells: dict[str, Any], name: str) -> str:
    value = cells.get(name)
    if isinstance(value, list):
        value = ",".join(map(str, value))
    text = "" if value is None else str(value).strip()
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise RefusedRowError(_("The column %(column)s holds a character that no text has.") % {"column": name})
    return text if name == "body" else one_line(text)


def _rows(path: Path, encoding: str, report: Report) -> Iterator[tuple[int, Cells, list[str]]]:
    """(line, cells or why there are none, the cells as they stand in a table)."""
    if path.suffix.lower() == ".json":
        return ((number, cells, []) for number, cells in _json_rows(chunks_of(path, encoding)))
    table = Table(lines_of(path, encoding), known=COLUMNS)
    table.require("title", "body", "district")
    report.columns = table.columns
    return ((row.line, row.fault or row.by_column(), row.cells) for row in table.filled())


def _json_rows(chunks: Iterator[str]) -> Iterator[tuple[int, Cells]]:
    """The objects of the list, one at a time. What follows one that is no JSON is not read."""
    rest = next(chunks, "").lstrip()
    if not rest.startswith("["):
        raise UnreadableFileError(_("The JSON file must hold a list of practices."))
    rest, number = rest[1:], 1
    while True:
        rest = rest.lstrip(" \t\r\n,")
        if rest.startswith("]"):
            return
        try:
            item, end = json.JSONDecoder().raw_decode(rest)
            is_whole = end < len(rest)  # "1" at the end of what was read may be the start of "12"
        except RecursionError:
            is_whole, chunks = False, iter(())
        except ValueError:
            is_whole = False
        if is_whole:
            yield number, item if isinstance(item, dict) else {}
            rest, number = rest[end:], number + 1
        elif len(rest) > MAX_OBJECT or not (more := next(chunks, "")):
            yield number, _("This is not JSON; nothing after it was read.")
            return
        else:
            rest += more
