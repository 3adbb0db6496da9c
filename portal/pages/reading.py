"""The words of an uploaded file, for search: plain text, tables, and what Word, Excel and PowerPoint write.

A PDF is found by its title, tags and file name only: reading one takes a library that we do not carry.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from pathlib import PurePath
from typing import IO, Any

MOST_BYTES = 2_000_000
"""Read of one file, and of one part of an office file."""
MOST_PARTS = 60
"""Slides of a presentation that are read."""
TEXT = frozenset({".csv", ".txt"})
OFFICE = {
    ".docx": re.compile(r"word/document\.xml"),
    ".pptx": re.compile(r"ppt/slides/slide\d+\.xml"),
    ".xlsx": re.compile(r"xl/sharedStrings\.xml"),
}
_BREAK = re.compile(r"</(?:w:p|w:tc|a:p|si)>|<(?:w:tab|w:br|w:cr|a:br)\b[^<>]*>")
_TAG = re.compile(r"<[^<>]*>")


def text_of(file: Any) -> str:
    """The words of a stored file (`FieldFile`), "" where it has none that can be read, or is gone."""
    suffix = PurePath(file.name or "").suffix.lower()
    if suffix not in TEXT and suffix not in OFFICE:
        return ""
    try:
        with file.storage.open(file.name, "rb") as stream:
            if suffix in OFFICE:
                return _office(stream, OFFICE[suffix])
            return str(stream.read(MOST_BYTES).decode("utf-8-sig", errors="replace"))
    except (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return ""


def _office(stream: IO[bytes], wanted: re.Pattern[str]) -> str:
    """The parts that hold words. Markup is taken off by pattern: no parser, so nothing in it is ever expanded."""
    with zipfile.ZipFile(stream) as archive:
        names = sorted((name for name in archive.namelist() if wanted.fullmatch(name)), key=len)
        parts = []
        for name in names[:MOST_PARTS]:
            with archive.open(name) as part:
                parts.append(_unmarked(part.read(MOST_BYTES).decode("utf-8", errors="replace")))
    return "\n".join(parts)


def _unmarked(text: str) -> str:
    return html.unescape(_TAG.sub("", _BREAK.sub(" ", text)))
