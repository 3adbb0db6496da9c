"""What a reader sees of dates and numbers is written by `portal.formats`, so that a translation changes all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from portal.formats import number

OWN_WAY = re.compile(r":,[.\d}]|strftime|:%|\bintcomma\b")
"""Thousands and dates as Python writes them, which is English for everybody."""
FOR_PROGRAMS = {
    "portal/events/forms/fields.py": "the value of an HTML field",
    "portal/events/models/recurrence.py": "RFC 5545 has its own dates",
    "portal/logs.py": "said to the operator",
    "portal/search/mirror/changes.py": "SQL",
    "portal/search/mirror/filling.py": "said to the operator",
    "purchasing/deeds/notify.py": "the key of an occasion",
    "purchasing/forms/fields.py": "the value of an HTML field",
    "purchasing/models/quantities.py": "a row's name in the shell",
}
APPS = ("portal", "knowledge", "purchasing")


def test_only_what_programs_read_is_written_in_our_own_way() -> None:
    root = Path(settings.BASE_DIR)
    found = {
        str(path.relative_to(root))
        for app in APPS
        for path in (root / app).rglob("*.py")
        if not {"migrations", "management"} & set(path.parts) and OWN_WAY.search(path.read_text())
    }
    assert found == set(FOR_PROGRAMS)


@pytest.mark.parametrize(("language", "written"), [("en-us", "1,234,567"), ("de", "1.234.567"), ("es-mx", "1,234,567")])
def test_a_language_writes_its_own_thousands(language: str, written: str) -> None:
    with translation.override(language):
        assert number(1_234_567) == written
