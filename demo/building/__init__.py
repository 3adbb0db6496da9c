"""The demo, built by the deeds that people would do, in the order in which they happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from demo.building.ground import Ground
from demo.building.places import build_people, build_places

PARTS: list[tuple[str, Callable[[Ground], str]]] = [
    ("places", build_places),
    ("people", build_people),
]


@transaction.atomic
def build(now: datetime, *, say: Callable[[str], None]) -> Ground:
    """Everything, in one transaction; `say` hears of each part when it is done. For an empty, migrated database."""
    ground = Ground(now)
    for name, part in PARTS:
        say(f"{name}: {part(ground)}")
    return ground
