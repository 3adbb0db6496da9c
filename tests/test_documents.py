"""What the documents say of the code, where a program can tell."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.notices.models import Notice
from purchasing.deeds.commit import commit
from tests.people import Cast
from tests.purchasing.makers import by_board, line_of, make_agreement

CHECKOUT = Path(settings.BASE_DIR)
DOCUMENTS = [
    *(CHECKOUT / name for name in ("README.md", "CONTRIBUTING.md", "bench/README.md")),
    *sorted((CHECKOUT / "docs").rglob("*.md")),
]
READS = re.compile(r"(?:env\.\w+|_env\.\w+|environ\.get|text|integer|flag|words|path)\(\s*[\"']([A-Z][A-Z_]+)[\"']")
"""A variable's name in a call that reads it."""
RELAXED = {"DEBUG"}
"""Read by development's settings only."""


def read_by_production() -> set[str]:
    modules = [*(CHECKOUT / "portal" / "settings").glob("*.py"), CHECKOUT / "portal" / "gunicorn.py"]
    return {name for module in modules for name in READS.findall(module.read_text())} - RELAXED


def test_operations_lists_every_variable_that_is_read_and_no_other() -> None:
    rows = [row for row in (CHECKOUT / "docs" / "operations.md").read_text().splitlines() if row.startswith("| `")]
    listed = {name for row in rows for name in re.findall(r"`([A-Z][A-Z_]+)`", row.split("|")[1])}
    assert {"SECRET_KEY", "DATABASE_URL", "EMAIL_URL", "REDIS_URL", "WEB_CONCURRENCY"} <= read_by_production()
    assert listed == read_by_production()


def test_every_file_that_a_document_names_is_there() -> None:
    named = re.compile(r"(?<![\w/.-])((?:portal|knowledge|purchasing|tests|script|bench|docs|demo|\.ci)/[\w./-]*\w)")
    missing = [
        f"{document.name}: {path}"
        for document in DOCUMENTS
        for path in named.findall(document.read_text())
        if not (CHECKOUT / path).exists()
    ]
    assert missing == []


def test_a_commitment_writes_what_the_architecture_says(cast: Cast) -> None:
    """The request that docs/architecture.md follows through: four tables, no search entry, no notice."""
    agreement = make_agreement(cast)
    line, told = line_of(agreement), Notice.objects.count()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        commit(agreement, cast.kaneland, {line.pk: 240}, by=cast.buyer, at=timezone.now(), approval=by_board())
    writes = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
    assert {found[1] for query in queries if (found := writes.match(query["sql"]))} == {
        "purchasing_commitment",
        "purchasing_commitmententry",
        "purchasing_lineitem",
        "purchasing_participation",
    }
    assert Notice.objects.count() == told
