"""Which products districts use, as every member may know: those of the practices that they posted or have in use.

A practice that tells of a switch names the product that was left, too: nobody is said to use either.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from knowledge.models import Adoption, Kind, Practice, Status
from knowledge.models.practices import visible
from portal.districts.models.standing import Standing

ANY_MEMBER = Standing(is_member=True)
"""Of no district, county or office: what this one sees, all see who have a membership."""
MOST = 5_000
"""So many pairs of the newest practices and of the newest confirmations are read: a search waits for it."""


def uses() -> Iterable[tuple[int, str]]:
    """(district id, product's name), the same more than once where a district does so. Two queries."""
    newest = Practice.objects.filter(visible(ANY_MEMBER), products__isnull=False).exclude(kind=Kind.SWITCHED)
    posted: Any = newest.order_by("-posted_at", "-pk").values_list("district", "products__name")
    said = Adoption.objects.filter(visible(ANY_MEMBER, "practice__"), status=Status.IN_USE)
    confirmed = said.filter(practice__products__isnull=False).exclude(practice__kind=Kind.SWITCHED)
    adopted: Any = confirmed.order_by("-last_confirmed_at", "-pk").values_list("district", "practice__products__name")
    # Each its own plain join: with limits inside, PostgreSQL sorted all anew for every row until it had statistics.
    return chain(posted[:MOST], adopted[:MOST])
