"""What every source of search entries must keep. A feature's tests call `check_source` after its own writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from portal.registry import search_sources
from portal.search.asking.finding import find
from portal.search.entries import rebuilding
from portal.search.models import Entry


def check_source(kind: str) -> None:
    """Every row of the source has its entry, no entry is left over, and a rebuild would change nothing.

    Also that reading many rows costs no more queries than the constant that sources promise.
    """
    source = search_sources[kind]
    drift = rebuilding.drift_of(source)
    assert drift.missing == 0, f"{drift.missing} rows of {kind} have no entry"
    assert drift.differing == 0, f"{drift.differing} entries of {kind} differ from what would be written now"
    assert drift.left_over == 0, f"{drift.left_over} entries of {kind} stand for nothing"
    before = _stored(kind)
    rebuilding.rebuild(source)
    assert _stored(kind) == before, f"a rebuild changed the entries of {kind}"
    ids = list(Entry.objects.filter(kind=kind).values_list("object_id", flat=True)[:20])
    assert set(source.urls(ids)) == set(ids), f"some entries of {kind} have no URL"
    assert set(source.facts(ids, AnonymousUser(), timezone.now())) <= set(ids), f"facts of {kind} about others"


def check_hidden(kind: str, text: str, outsiders: Iterable[Any], hide: Callable[[], Any]) -> None:
    """One more row that the outsiders may not see, made by `hide`, changes nothing of what they find."""
    outsiders = list(outsiders)
    before = [_seen(text, user) for user in outsiders]
    count = Entry.objects.filter(kind=kind).count()
    hide()
    assert Entry.objects.filter(kind=kind).count() > count, "nothing was hidden"
    assert [_seen(text, user) for user in outsiders] == before


def _seen(text: str, user: Any) -> object:
    seen = []
    for asked in (text, "", text + " zzzz"):
        found = find(asked, user=user)
        hits = [(hit.kind, hit.object_id, hit.title, hit.snippet) for hit in found.hits]
        seen.append((found.total, hits, found.facets, found.corrected, found.relaxed))
    return seen


def _stored(kind: str) -> list[tuple[Any, ...]]:
    rows = Entry.objects.filter(kind=kind).order_by("object_id")
    return list(rows.values_list("object_id", "audience_id", "title", "labels", "extra", "body", "version"))
