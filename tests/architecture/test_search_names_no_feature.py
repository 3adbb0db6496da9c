"""Search learns of the features by what they register: it names none of their kinds, and none of their addresses."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.urls import get_resolver

from portal.registry import search_sources
from portal.search.engines.base import FACETS

BELOW = {"district", "person", "search", "districts"}
"""Kinds and namespaces of search itself and of what it stands on."""
ALSO_WORDS = {"page", "action"}
"""Kinds that are parameters of an address too."""


def _said(pattern: str, *, templates: bool) -> set[str]:
    """What of the pattern's first group stands in quotes in search's modules, and in its templates."""
    folder = Path(settings.BASE_DIR)
    files = [path for path in folder.glob("portal/search/**/*.py") if "migrations" not in path.parts]
    files += folder.glob("templates/search/**/*.html") if templates else []
    assert files
    return {name for path in files for name in re.findall(rf"""["']{pattern}["']""", path.read_text())}


def test_no_kind_of_a_feature_is_named() -> None:
    kinds = set(search_sources.keys()) - BELOW - ALSO_WORDS - set(FACETS)
    assert _said(f"({'|'.join(kinds)})", templates=False) == set()


def test_no_address_of_a_feature_is_named() -> None:
    namespaces = {name for name in get_resolver().namespace_dict if not name.startswith("wagtail")} - BELOW
    assert {"knowledge", "events", "purchasing", "pages"} <= namespaces
    assert _said(f"({'|'.join(namespaces)}):[^\"']+", templates=True) == set()


def test_what_the_features_tell_of_their_kinds() -> None:
    assert {str(words) for words in search_sources["practice"].sinking.values()} == {
        "Nobody reports doing this any more"
    }
    assert [source.kind for source in search_sources if source.ask] == ["question"]
    assert [source.kind for source in search_sources if source.is_named] == ["product"]
    offered = {source.kind for source in search_sources if source.is_offered}
    assert offered == {"practice", "question", "agreement", "meeting", "toolkit"}
