"""The demo, built by the deeds that people would do, in the order in which they happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from demo.building.agreements import build_agreements
from demo.building.ground import Ground
from demo.building.meetings import build_meetings
from demo.building.pages import build_pages
from demo.building.places import build_people, build_places
from demo.building.practices import build_practices, build_questions
from demo.building.searches import build_searches

PARTS: list[tuple[str, Callable[[Ground], str]]] = [
    ("places", build_places),
    ("people", build_people),
    ("practices", build_practices),
    ("questions", build_questions),
    ("agreements", build_agreements),
    ("meetings", build_meetings),
    ("pages", build_pages),
    ("searches", build_searches),
]


@transaction.atomic
def build(now: datetime, *, say: Callable[[str], None]) -> Ground:
    """Everything, in one transaction; `say` hears of each part when it is done. For an empty, migrated database."""
    ground = Ground(now)
    for name, part in PARTS:
        say(f"{name}: {part(ground)}")
    return ground
