"""A test collection in the SMART format: a folder with `cran.all.1400`, `cran.qry` and `cranqrel`."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

RECORD = re.compile(r"^\.I\s+(\d+)\s*$", re.MULTILINE)
FIELD = re.compile(r"^\.([A-Z])\s*$", re.MULTILINE)


@dataclass(slots=True)
class Collection:
    documents: dict[int, tuple[str, str]]
    """Title and text by number."""
    queries: list[str]
    relevant: dict[int, dict[str, int]] = field(default_factory=dict)
    """By the query's place in its file, from 1: grade 1 of each relevant document's number."""


def read(folder: Path) -> Collection:
    texts = {int(number): fields for number, fields in _records(folder / "cran.all.1400")}
    documents = {number: (_line(fields.get("T", "")), _line(fields.get("W", ""))) for number, fields in texts.items()}
    queries = [_line(fields.get("W", "")) for _, fields in _records(folder / "cran.qry")]
    relevant: dict[int, dict[str, int]] = defaultdict(dict)
    for line in (folder / "cranqrel").read_text().splitlines():
        query, document, grade = line.split()[:3]
        if int(grade) > 0:
            relevant[int(query)][document] = 1
    return Collection(documents, queries, dict(relevant))


def _records(path: Path) -> list[tuple[str, dict[str, str]]]:
    pieces = RECORD.split(path.read_text(errors="replace"))[1:]
    return [(pieces[at], _fields(pieces[at + 1])) for at in range(0, len(pieces), 2)]


def _fields(text: str) -> dict[str, str]:
    pieces = FIELD.split(text)[1:]
    return {pieces[at]: pieces[at + 1] for at in range(0, len(pieces), 2)}


def _line(text: str) -> str:
    return " ".join(text.split())
