"""Search learns of the features by what they register: it names none of their kinds, and none of their addresses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

from portal.registry import search_sources
from portal.search.facets import FACETS

BELOW = {"district", "person", "search", "districts"}
"""Kinds and namespaces of search itself and of what it stands on."""
ALSO_WORDS = {"page", "action"}
"""Kinds that are parameters of an address too."""


def _said(pattern: str, *, templates: bool) -> set[str]:
    """What the pattern's first group is in search's modules, and in its templates."""
    folder = Path(settings.BASE_DIR)
    files = [path for path in folder.glob("portal/search/**/*.py") if "migrations" not in path.parts]
    files += folder.glob("templates/search/**/*.html") if templates else []
    assert files
    return {name for path in files for name in re.findall(pattern, path.read_text())}


def _quoted(names: set[str], more: str = "") -> str:
    return rf"""["']((?:{"|".join(sorted(names))}){more})["']"""


def _as_kind(names: set[str]) -> str:
    """A name that is a facet, too, where it is taken for a kind: `kind="product"`, `{"kind": ("product",)}`."""
    return rf"""\bkinds?["']?[\])]?\s*(?:==?|!=|:|(?:not )?in)\s*[\[({{]*\s*{_quoted(names)}"""


def test_no_kind_of_a_feature_is_named() -> None:
    kinds = set(search_sources.keys()) - BELOW - ALSO_WORDS
    assert _said(_quoted(kinds - set(FACETS)), templates=False) == set()
    assert "product" in kinds & set(FACETS)
    assert _said(_as_kind(kinds & set(FACETS)), templates=False) == set()


@pytest.mark.parametrize(
    "line",
    [
        '{"kind": ("product",)}',
        'Entry.objects.filter(kind="product")',
        'if entry.kind == "product":',
        'if row["kind"] in {"product"}:',
        'find(words, kinds=["product"])',
    ],
)
def test_a_kind_that_is_a_facet_too_is_seen_where_it_is_taken_for_a_kind(line: str) -> None:
    assert re.findall(_as_kind({"product"}), line) == ["product"]


def test_no_address_of_a_feature_is_named() -> None:
    namespaces = {name for name in get_resolver().namespace_dict if not name.startswith("wagtail")} - BELOW
    assert {"knowledge", "events", "purchasing", "pages"} <= namespaces
    assert _said(_quoted(namespaces, more=":[^\"']+"), templates=True) == set()


def test_what_the_features_tell_of_their_kinds() -> None:
    assert {str(words) for words in search_sources["practice"].sinking.values()} == {
        "Nobody reports doing this any more"
    }
    assert [source.kind for source in search_sources if source.ask] == ["question"]
    assert [source.kind for source in search_sources if source.is_named] == ["product"]
    offered = {source.kind for source in search_sources if source.is_offered}
    assert offered == {"practice", "question", "agreement", "meeting", "toolkit"}
