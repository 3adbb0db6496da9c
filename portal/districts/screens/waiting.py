"""Roles that wait for somebody else's agreement, as one person may see and answer them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from portal.districts import rules
from portal.districts.models.grants import WaitingGrant
from portal.districts.models.joining import JoinRequest
from portal.districts.models.places import District

MOST = 50


@dataclass(frozen=True, slots=True)
class WaitingRole:
    waiting: WaitingGrant
    may_agree: bool
    may_take_back: bool


def districts_with_what_waits() -> QuerySet[District]:
    """Each with `has_requests` and `has_waiting`: most of the time nothing waits, and nothing more is asked."""
    requests = JoinRequest.objects.waiting().filter(district=OuterRef("pk"))
    waiting = WaitingGrant.objects.waiting().filter(district=OuterRef("pk"))
    rows = District.objects.select_related("county", "regional_office")
    return rows.annotate(has_requests=Exists(requests), has_waiting=Exists(waiting))


def waiting_roles(user: Any, district: District | None = None) -> list[WaitingRole]:
    """The oldest 50 that this person sees, of one district where it is named. One query."""
    rows = WaitingGrant.objects.waiting().visible_to(user)
    if district is not None:
        rows = rows.filter(district=district)
    rows = rows.select_related("person", "district", "regional_office", "proposed_by")[:MOST]
    return [WaitingRole(row, rules.may_agree(user, row), rules.may_take_back(user, row)) for row in rows]
