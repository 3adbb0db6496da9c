"""The words of one file, printed by a program of its own: `python reader.py .pdf < plan.pdf`.

It knows nothing of the portal, neither settings nor database nor secrets, and bounds itself: whatever a file makes it
do, it ends soon, takes no more than its memory, and nobody waits for it. See docs/decisions/0013.
"""

from __future__ import annotations

import logging
import os
import re
import resource
import sys
import zipfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from io import BytesIO
from itertools import islice
from typing import IO

MOST_CHARACTERS = 200_000
"""Printed: as much as search keeps of one thing (`portal.search.entries.indexing.LONGEST_BODY`)."""
MOST_PAGES = 500
"""Of a PDF."""
MOST_PARTS = 60
"""Of an office file: slides, sheets, headers."""
MOST_UNPACKED = 10_000_000
"""Bytes, of all parts of an office file."""
MOST_MEMORY = 512 * 1024 * 1024
MOST_SECONDS = 20
"""Of the processor; `portal.pages.deeds.read_documents` ends it after three times as many by the clock."""
NOT_READ = 3
"""The exit status where the file is to blame. Any other but 0 says that something else kept us from reading it."""

PARTS = {
    ".docx": re.compile(r"word/(?:document|footnotes|endnotes|header|footer)\d*\.xml"),
    ".pptx": re.compile(r"ppt/slides/slide\d+\.xml"),
    ".xlsx": re.compile(r"xl/(?:sharedStrings|worksheets/sheet\d+)\.xml"),
}
BREAKS = frozenset({"p", "tab", "br", "cr", "tc", "si", "is"})
"""Elements before which a word ends."""


def read_text(file: IO[bytes]) -> Iterator[str]:
    """UTF-16 where it is marked, UTF-8, or else what Windows writes in the West.

    Cut by bytes, so the last letter may lack some of its own.
    """
    some = file.read(4 * MOST_CHARACTERS)
    try:
        yield getincrementaldecoder(
            "utf-16" if some.startswith((BOM_UTF16_BE, BOM_UTF16_LE)) else "utf-8-sig"
        )().decode(some)
    except UnicodeDecodeError:
        yield some.decode("cp1252", errors="replace")


def read_pdf(file: IO[bytes]) -> Iterator[str]:
    """Page by page; one that cannot be read keeps none of the others from it. A scan has no words."""
    from pypdf import PdfReader

    trouble: Exception | None = None
    for page in islice(PdfReader(file).pages, MOST_PAGES):
        try:
            text = page.extract_text()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next page may be whole
            trouble = error
        else:
            yield text + "\n"
    if trouble is not None:
        raise trouble


class Texts:
    """Told by an XML parser what it meets; keeps what Word, Excel and PowerPoint put into their `t` elements."""

    def __init__(self) -> None:
        self.met: list[str] = []
        self._in_text = False

    def start(self, tag: str, attributes: object) -> None:
        name = tag.rpartition("}")[2]
        self._in_text = name == "t"
        if name in BREAKS:
            self.met.append(" ")

    def end(self, tag: str) -> None:
        self._in_text = False

    def data(self, text: str) -> None:
        if self._in_text:
            self.met.append(text)

    def close(self) -> None:
        """Asked of every parser's target."""


def read_parts(file: IO[bytes], wanted: re.Pattern[str]) -> Iterator[str]:
    """The parts with words, the body of a text first. A part that declares a document type or entities is refused.

    So is one that is packed by other ways than DEFLATED: Python would unpack it in one piece, however large.
    """
    from defusedxml.ElementTree import DefusedXMLParser

    left = MOST_UNPACKED
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if wanted.fullmatch(name)]
        for name in sorted(names, key=lambda name: ("document" not in name, len(name), name))[:MOST_PARTS]:
            texts = Texts()
            parser = DefusedXMLParser(target=texts, forbid_dtd=True)
            if archive.getinfo(name).compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise zipfile.BadZipFile
            with archive.open(name) as part:
                while left > 0 and (some := part.read(1 << 16)):
                    left -= len(some)
                    parser.feed(some)
                    yield "".join(texts.met)
                    texts.met.clear()
            yield "\n"


READERS: dict[str, Callable[[IO[bytes]], Iterator[str]]] = {
    ".csv": read_text,
    ".pdf": read_pdf,
    ".txt": read_text,
    **{suffix: partial(read_parts, wanted=wanted) for suffix, wanted in PARTS.items()},
}


def bound() -> None:
    os.nice(10)
    logging.disable()
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))  # first SIGXCPU, which nobody else sends
    with suppress(ValueError, OSError):  # macOS does not bound memory
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def main(suffix: str) -> None:
    """Prints each piece as soon as it is read, lest it is lost with the next one; exits `NOT_READ` on trouble."""
    bound()
    left = MOST_CHARACTERS
    try:
        for text in READERS[suffix](BytesIO(sys.stdin.buffer.read())):
            sys.stdout.buffer.write(text[:left].encode("utf-8", errors="ignore"))
            sys.stdout.buffer.flush()
            left -= len(text)
            if left <= 0:
                break
    except ImportError:
        raise  # not the file's fault
    except Exception as error:  # noqa: BLE001 - its name is all that anybody is told
        sys.stderr.write(type(error).__name__)
        sys.exit(NOT_READ)


if __name__ == "__main__":
    main(sys.argv[1])
