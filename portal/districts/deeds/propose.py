"""A role that somebody else must agree to waits for 14 days, and who may agree is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from portal.districts.models.grants import WaitingGrant, Why
from portal.districts.models.people import Membership, Role, User
from portal.districts.models.places import Place, place_fields
from portal.districts.signals import notice_due

WAIT_DAYS = 14


def propose(person: User, role: str, place: Place, why: str, *, by: User, at: datetime) -> WaitingGrant:
    """The role, waiting. One that waits already, for the same address and place, is returned as it is.

    `person` may be an account that is not made yet. Whether `by` may grant it is judged by the deed that found `why`.
    """
    with transaction.atomic():
        waiting, new = WaitingGrant.objects.get_or_create(
            email=person.email,
            role=role,
            decided_at=None,
            **place_fields(place),
            defaults={
                "name": person.name,
                "person": person if person.pk else None,
                "why": why,
                "proposed_by": by,
                "proposed_at": at,
                "expires_at": at + timedelta(days=WAIT_DAYS),
            },
        )
        if new:
            data = {"role": role, "place": waiting.place, "email": waiting.email, "why": why}
            log(instance=waiting, action="districts.propose_role", user=by, timestamp=at, data=data)
            notice_due.send(
                sender=WaitingGrant,
                kind="role-waiting",
                people=who_may_agree(waiting, on=timezone.localdate(at)),
                key=f"role-waiting:{waiting.pk}",
                at=at,
                context={"waiting": waiting},
            )
    return waiting


def who_may_agree(waiting: WaitingGrant, *, on: date) -> list[User]:
    """Officers, and the district's buyers where it is theirs to say; not who proposed it, nor who would get it."""
    current = Membership.objects.active(on).select_related("person")
    asked = current.filter(role=Role.OFFICER)
    if waiting.why == Why.DOMAIN:
        asked = asked | current.filter(role=Role.BUYER, district=waiting.district)
    people = {membership.person_id: membership.person for membership in asked}
    left_out = {waiting.proposed_by_id, waiting.person_id}
    return [person for pk, person in people.items() if pk not in left_out and person.email != waiting.email]
