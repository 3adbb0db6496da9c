"""What one product's page shows beside its practices: which districts use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from knowledge.models import Adoption, Practice, Product, Status
from portal.districts.models.alike import likeness
from portal.districts.models.standing import standing_of


@dataclass(slots=True)
class ProductUser:
    """A district that uses a product, by the practices it posted or does too."""

    name: str
    url: str
    enrollment: int | None
    reason: str
    said: str
    practice: str
    practice_url: str


def users_of(product: Product, user: Any, limit: int = 50) -> list[ProductUser]:
    """Who uses the product, districts like the reader's first. Two queries."""
    mine = standing_of(user).district
    seen = Practice.objects.visible_to(user).filter(products=product)
    posted = seen.select_related("district").order_by("-posted_at")[:limit]
    said = (
        Adoption.objects.filter(practice__in=seen.values("pk"))
        .select_related("district", "practice")
        .order_by("-last_confirmed_at")[:limit]
    )
    rows = [(p.district, _("posted"), p) for p in posted]
    rows += [(a.district, str(Status(a.status).label).lower(), a.practice) for a in said]
    users = []
    for district, word, practice in rows:
        reason = likeness(mine, district).reason
        users.append(
            ProductUser(
                district.name,
                district.get_absolute_url(),
                district.enrollment,
                reason,
                word,
                practice.title,
                practice.get_absolute_url(),
            )
        )
    return sorted(users, key=lambda u: (not u.reason, u.name, u.practice))
