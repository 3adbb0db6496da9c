from __future__ import annotations

import pytest

from portal.districts.models import District
from portal.registry import SearchSource, search_sources


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
    )
    monkeypatch.setitem(search_sources._things, "note", source)
    return source
