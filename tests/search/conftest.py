from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from portal.districts.models import District
from portal.registry import SearchSource, search_sources
from portal.search.copies import Copy
from tests import elastic


@pytest.fixture
def note(monkeypatch: pytest.MonkeyPatch) -> SearchSource:
    """A kind of thing of which only the entries are there (`make_entry`)."""
    source = SearchSource(
        kind="note",
        label="Notes",
        singular="Note",
        model=District,
        rows=District.objects.none,
        entries=lambda rows: [],
        urls=lambda ids: {pk: f"/notes/{pk}/" for pk in ids},
        facts=lambda ids, user, now: {pk: f"fact {pk}" for pk in ids},
        sinking={"stopped": "Nobody writes these any more"},
    )
    monkeypatch.setitem(search_sources._things, "note", source)
    return source


@pytest.fixture
def live(db: None, settings: Any) -> Iterator[Copy]:
    """A filled copy; nothing is shipped to it unless the test ships it."""
    yield from elastic.filled_copy(settings)
