"""The one reader of tables that people bring: CSV files, and cells pasted from a spreadsheet.

It takes the text apart and says what it met. Which columns are needed, and what is wrong with a row, is said by whoever
reads a table of one kind, in sentences of its own, by the two errors here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

csv.field_size_limit(1_000_000)


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
        return not any(cell.strip() for cell in self.cells)

    @property
    def beyond(self) -> list[str]:
        """The cells that have no column."""
        return self.cells[len(self.columns) :]

    def by_column(self) -> dict[str, str]:
        """A cell for each column, without white space around it; "" where the row ends before.

        Of two columns of one name the last one counts.
        """
        missing = [""] * (len(self.columns) - len(self.cells))
        return {name: cell.strip() for name, cell in zip(self.columns, self.cells + missing, strict=False)}


class Table:
    """`columns` are the names in the first row. The rows under it are read once, by iterating."""

    def __init__(self, text: str, *, delimiter: str = ",", strict: bool = False, any_case: bool = True) -> None:
        """With `any_case` the names of columns are in lower case, however they are written.

        Raises `UnreadableFileError` where the first line cannot be read, and with `strict`, which knows no other
        quotes than those around a cell, at any row.
        """
        self._lines = list(io.StringIO(text, newline=""))
        self._strict = strict
        self._reader = csv.reader(self._lines, delimiter=delimiter, strict=strict)
        try:
            names = [name.strip() for name in next(self._reader, [])]
        except csv.Error as error:
            raise self._unreadable(error) from error
        self.columns = tuple(name.lower() if any_case else name for name in names)

    def missing(self, *names: str) -> list[str]:
        """Which of these columns it lacks."""
        return [name for name in names if name not in self.columns]

    def __iter__(self) -> Iterator[Row]:
        while (line := self._reader.line_num + 1) <= len(self._lines):
            try:
                cells = next(self._reader, [])
            except csv.Error as error:
                if self._strict:
                    raise self._unreadable(error) from error
                yield Row(self.columns, line, self._reader.line_num, [], trouble=str(error))
                continue
            last_line = self._reader.line_num
            yield Row(self.columns, line, last_line, cells, is_left_open=self._is_left_open(line, last_line))

    def _is_left_open(self, line: int, last_line: int) -> bool:
        """Only the last row of a table can be."""
        if last_line < len(self._lines):
            return False
        row = "".join(self._lines[line - 1 :])
        try:
            list(csv.reader(io.StringIO(row, newline=""), self._reader.dialect, strict=True))
        except csv.Error as error:
            return "end of data" in str(error)
        return False

    def _unreadable(self, error: csv.Error) -> UnreadableFileError:
        if self._strict:
            return UnreadableFileError(_("The table could not be read: %(error)s.") % {"error": error})
        return UnreadableFileError(_("The first line cannot be read: %(error)s") % {"error": error})


def pasted(text: str) -> Table:
    """What somebody put into a text field: cells of a spreadsheet, which come with tabs between them, or CSV."""
    text = text.strip("\ufeff\r\n ")
    return Table(text, delimiter="\t" if "\t" in text.partition("\n")[0] else ",", strict=True)


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, with or without the mark at its start.

    Bytes that are no UTF-8 stay in it as lone surrogates, so that they cost their own row and not the file.
    """
    return content.decode("utf-8-sig", errors="surrogateescape")


def text_of(path: Path) -> str:
    """The file's text, as `decoded`. Raises `UnreadableFileError` where there is no such file."""
    try:
        return decoded(path.read_bytes())
    except OSError as error:
        raise UnreadableFileError(_("%(path)s cannot be read.") % {"path": path}) from error
