"""The one reader of tables that people bring: CSV files, and cells pasted from a spreadsheet.

It knows encodings, delimiters, names of columns however they are written, blank rows and quotes, and reads row by row:
a large file takes no more memory than a small one. What is wrong with a row as such is said here, once for all tables
(`Row.fault`); what is wrong with what it says, by whoever reads tables of one kind, as `RefusedRowError`.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

csv.field_size_limit(1_000_000)
DELIMITERS = ",;\t|"
ENCODINGS = {"utf-8": gettext_lazy("UTF-8"), "cp1252": gettext_lazy("Windows-1252, as older Excel saves")}
"""What a file may be read as. UTF-16 needs no choice: its first two bytes tell."""
_UNSEEN = str.maketrans("\u00a0\u2007\u202f", "   ", "\u00ad\u200b\u2060\ufeff")
"""No-break spaces are spaces; soft hyphens and what has no width, which copying from web pages brings, are nothing."""
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""The first line by which Excel says which delimiter follows."""


class UnreadableFileError(Exception):
    """The table as a whole cannot be taken; the message is one sentence."""


class RefusedRowError(Exception):
    """One row cannot be taken; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Row:
    columns: tuple[str, ...]
    line: int
    """Where it starts, from 1: a cell in quotes may go on over several lines."""
    last_line: int
    cells: list[str]
    """As they stand in the table; none where the line is empty."""
    trouble: str = ""
    """Why it could not be taken apart, in the words of Python's reader; it has no cells then."""
    is_left_open: bool = False
    """A quote is opened in it and never closed, so that it holds everything after it."""

    @property
    def is_blank(self) -> bool:
        return not self.trouble and not any(cell.translate(_UNSEEN).strip() for cell in self.cells)

    @property
    def beyond(self) -> list[str]:
        """The cells that have no column."""
        return self.cells[len(self.columns) :]

    @property
    def fault(self) -> str:
        """Why its cells cannot be taken for what they seem to be, in a sentence; "" where they can."""
        if self.trouble:
            return _("The row cannot be read: %(error)s.") % {"error": self.trouble}
        if self.is_left_open:
            return _("A quote is opened here and never closed; nothing after it was read.")
        if any(cell.strip() for cell in self.beyond):
            return _("There are more cells than columns. Put text with a comma in quotes: “1,234.50”.")
        return next(filter(None, map(_undecoded, self.columns, self.cells)), "")

    def by_column(self) -> dict[str, str]:
        """A cell for each column, without white space around it; "" where the row ends before."""
        missing = [""] * (len(self.columns) - len(self.cells))
        return {
            name: cell.translate(_UNSEEN).strip()
            for name, cell in zip(self.columns, self.cells + missing, strict=False)
        }


def _undecoded(column: str, cell: str) -> str:
    """What is said of a cell whose bytes are no text in UTF-8, with what they would be in the other encoding."""
    if cell.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in cell):
        return ""
    other = cell.strip()[:40].encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return _(
        "The column %(column)s is not UTF-8 text. In Windows-1252 it reads “%(text)s”: if that is right, choose that"
        " encoding."
    ) % {"column": column, "text": other}


class _Lines:
    """Lines, counted, and whether their end was met."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.read = 0
        self.is_over = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._lines)
        except StopIteration:
            self.is_over = True
            raise
        self.read += 1
        return line


def _key(name: str) -> str:
    """By which a column is known: "NCES ID", "nces-id" and "nces_id" are one."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


class Table:
    """`columns` are the names in the first row that is not blank. The rows under it are read once, by iterating."""

    def __init__(
        self,
        lines: str | Iterable[str],
        *,
        known: Sequence[str] = (),
        also: Mapping[str, str] | None = None,
        strict: bool = False,
    ) -> None:
        """A column is called as in `known`, however it is written; one that is not known, in lower case.

        `also` has other names of known columns. Raises `UnreadableFileError` where the first line cannot be read or
        names a known column twice (any, where none is known), and with `strict`, which knows no other quotes than those
        around a cell, at any row.
        """
        self._lines = _Lines(io.StringIO(lines, newline="") if isinstance(lines, str) else lines)
        self._strict = strict
        try:
            first, delimiter = self._first_line()
            self._reader = csv.reader(chain([first], self._lines), delimiter=delimiter, strict=strict)
            names = [name.translate(_UNSEEN).strip() for name in next(self._reader, [])]
        except csv.Error as error:
            raise self._unreadable(error) from error
        ours = {_key(name): name for name in known} | {_key(other): name for other, name in (also or {}).items()}
        self._header_line = max(self._lines.read, 1)
        self.columns = tuple(ours.get(_key(name), name.lower()) for name in names)
        counted = Counter(name for name in self.columns if name and (not known or name in known))
        if twice := [name for name, times in counted.items() if times > 1]:
            raise UnreadableFileError(
                _("Line %(line)s: there are two columns of one name: %(names)s. Rename or remove one.")
                % {"line": self._header_line, "names": ", ".join(twice)}
            )

    def _first_line(self) -> tuple[str, str]:
        """The line with the names, and the delimiter that it is written with: the one that makes most columns."""
        line = next((line.lstrip("\ufeff") for line in self._lines if line.strip("\ufeff \t\r\n")), "")
        if said := _SEPARATOR.fullmatch(line):
            return next(self._lines, ""), said[1]
        return line, max(DELIMITERS, key=lambda sign: len(next(csv.reader([line], delimiter=sign), [])))

    def missing(self, *names: str) -> list[str]:
        """Which of these columns it lacks."""
        return [name for name in names if name not in self.columns]

    def require(self, *names: str) -> None:
        """Raises `UnreadableFileError` where it lacks one of these columns."""
        if missing := self.missing(*names):
            raise UnreadableFileError(
                _("Line %(line)s has to name the columns; it lacks the columns %(names)s. It reads: %(found)s")
                % {
                    "line": self._header_line,
                    "names": ", ".join(missing),
                    "found": ", ".join(self.columns)[:200] or _("nothing"),
                }
            )

    def __iter__(self) -> Iterator[Row]:
        while True:
            line = self._lines.read + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                if self._strict:
                    raise self._unreadable(error) from error
                yield Row(self.columns, line, self._lines.read, [], trouble=str(error))
                continue
            yield Row(self.columns, line, self._lines.read, cells, is_left_open=self._lines.is_over)

    def filled(self) -> Iterator[Row]:
        """Its rows without the blank ones."""
        return (row for row in self if not row.is_blank)

    def _unreadable(self, error: csv.Error) -> UnreadableFileError:
        if self._strict:
            return UnreadableFileError(_("The table could not be read: %(error)s.") % {"error": error})
        return UnreadableFileError(_("The first line cannot be read: %(error)s") % {"error": error})


def pasted(text: str, *, known: Sequence[str] = ()) -> Table:
    """What somebody put into a text field: cells of a spreadsheet, which come with tabs between them, or CSV."""
    return Table(text.strip("\ufeff\r\n "), known=known, strict=True)


def decoded(content: bytes, encoding: str = "utf-8") -> str:
    """The text of a file, read as one of `ENCODINGS`, with or without the mark at its start.

    Bytes that are no UTF-8 stay in it as lone surrogates, so that they cost their own row and not the file.
    """
    codec, errors = _codec(content[:2], encoding)
    return content.decode(codec, errors=errors)


def lines_of(path: Path, encoding: str = "utf-8") -> Iterator[str]:
    """The file's lines as `decoded`, read as they are asked for. Raises `UnreadableFileError` where it is not there."""
    with _opened(path, encoding) as text:
        yield from text


def chunks_of(path: Path, encoding: str = "utf-8", size: int = 1 << 16) -> Iterator[str]:
    """As `lines_of`, for what has no lines: `size` characters at a time."""
    with _opened(path, encoding) as text:
        while chunk := text.read(size):
            yield chunk


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[TextIO]:
    """Raises `UnreadableFileError` with the file's name alone: where it lies is nobody's business."""
    try:
        with path.open("rb") as file:
            codec, errors = _codec(file.read(2), encoding)
        with path.open(encoding=codec, errors=errors, newline="") as text:
            yield text
    except OSError as error:
        raise UnreadableFileError(_("%(file)s cannot be read.") % {"file": path.name}) from error


def _codec(start: bytes, encoding: str) -> tuple[str, str]:
    if start in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", "replace"
    return ("utf-8-sig", "surrogateescape") if encoding == "utf-8" else (encoding, "surrogateescape")


def refused_rows(columns: Sequence[str], refused: Iterable[tuple[int, str, Sequence[str]]]) -> list[list[str]]:
    """Rows (line, why, cells) as a table that can be mended and taken in again: its two more columns nobody reads."""
    return [["line", "reason", *columns], *([str(line), why, *cells] for line, why, cells in refused)]
