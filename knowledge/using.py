"""Which products districts use, as every member may know: those of the practices that they posted or have in use.

A practice that tells of a switch names the product that was left, too: nobody is said to use either.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from knowledge.models import Adoption, Kind, Practice, Status
from knowledge.practices import visible
from portal.districts.standing import Standing

ANY_MEMBER = Standing(is_member=True)
"""Of no district, county or office: what this one sees, all see who have a membership."""
MOST = 5_000
"""So many of the newest practices and of the newest confirmations are read: a search waits for it."""


def uses() -> Iterable[tuple[int, str]]:
    """(district id, product's name), each once. One query."""
    newest = (
        Practice.objects.filter(visible(ANY_MEMBER)).exclude(kind=Kind.SWITCHED).order_by("-posted_at", "-pk")[:MOST]
    )
    said = Adoption.objects.filter(visible(ANY_MEMBER, "practice__"), status=Status.IN_USE)
    confirmed = said.exclude(practice__kind=Kind.SWITCHED).order_by("-last_confirmed_at", "-pk")[:MOST]
    used: Any = Practice.products.through.objects
    posted = used.filter(practice__in=newest.values("pk")).values_list("practice__district", "product__name")
    adopted: Any = Adoption.objects.filter(pk__in=confirmed.values("pk"), practice__products__isnull=False)
    return posted.union(adopted.order_by().values_list("district", "practice__products__name"))  # type: ignore[no-any-return]
