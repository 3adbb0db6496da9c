from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from portal.districts.models import District
from portal.registry import SearchSource, search_sources
from portal.search.mirror.changes import Copy
from tests import elastic


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Where Elasticsearch is set, each test of search runs twice: answered by it, and by the database alone.

    But for those that are about Elasticsearch itself, and those that ask neither.
    """
    marks = list(metafunc.definition.iter_markers())
    if elastic.IS_SET and elastic.needs_elasticsearch.mark not in marks:
        engineless = pytest.mark.engineless.mark in marks
        engines = ["database"] if engineless else ["elasticsearch", "database"]
        metafunc.parametrize("answered_by", engines, indirect=True)


@pytest.fixture(autouse=True)
def answered_by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for first of all, so that nothing is noted for a copy which there is none of."""
    if getattr(request, "param", "") == "database":
        monkeypatch.setattr(settings, "ELASTICSEARCH_HOSTS", [])


@pytest.fixture(autouse=True)
def _search_copy(
    answered_by: None, _clean_process: None, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[None]:
    """The suite's, once it is said who answers."""
    if elastic.answers() and "copyless" not in request.keywords:
        yield from elastic.own_copy(monkeypatch)
    else:
        yield


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
