"""What the registered sources say of how their things rank, for every question of which the best come first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from portal.registry import search_sources


class Ranked(TypedDict):
    """Fields of `Ask`."""

    weights: Mapping[str, float]
    sinking: Mapping[str, tuple[str, ...]]


def ranked() -> Ranked:
    return {
        "weights": {source.kind: source.weight for source in search_sources if source.weight != 1},
        "sinking": {source.kind: tuple(source.sinking) for source in search_sources if source.sinking},
    }
