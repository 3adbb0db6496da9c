"""Who is in reach of a host or an officer: members, who asks to join, whose role waits, who is invited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from portal.districts.models.joining import Invitation, JoinRequest
from portal.districts.models.people import Membership, MembershipQuerySet, Role, User
from portal.districts.models.places import find_words
from portal.districts.models.standing import standing_of
from portal.districts.screens.waiting import waiting_roles
from portal.paging import page_of

INVITATIONS_A_PAGE = 50
REQUESTS_SHOWN = 50


def people_page(user: User, now: datetime, query: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows of `?q=` and of its two lists' `?page=` and `?invited=`. Four queries."""
    typed = query.get("q", "").replace("\x00", "").strip()[:200]
    found = _named(Membership.objects.current(timezone.localdate(now)).within_reach_of(user), typed)
    hosting = Membership.objects.current(timezone.localdate(now)).filter(role=Role.HOST, person=OuterRef("person"))
    found = found.select_related("person", "district", "regional_office")
    found = found.annotate(person_name=F("person__name"), hosts=Exists(hosting))
    requests = JoinRequest.objects.waiting().decidable_by(user).select_related("person", "district")
    invitations = Invitation.objects.waiting().within_reach_of(user)
    invitations = invitations.select_related("district", "regional_office", "invited_by")
    invited = page_of(
        invitations, order=["-created_at", "-pk"], token=query.get("invited", ""), per_page=INVITATIONS_A_PAGE
    )
    return {
        "page": page_of(found, order=["person_name", "pk"], token=query.get("page", "")),
        "q": typed,
        "requests": list(requests[:REQUESTS_SHOWN]),
        "waiting": waiting_roles(user),
        "invitations": [(row, row.closed_because(now)) for row in invited],
        "invited": invited,
        "may_let_host_buy": standing_of(user).is_officer,
    }


def _named(found: MembershipQuerySet, typed: str) -> MembershipQuerySet:
    """Those whose name, address or district holds each of the first five words."""
    for word in typed.split()[:5]:
        named = Q(person__name__icontains=word) | Q(person__email__icontains=word)
        for part in find_words(word)[:1]:
            named |= Q(district__find_text__contains=part)
        found = found.filter(named)
    return found
