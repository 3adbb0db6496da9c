"""Giving and taking rights: memberships granted, ended, restored, each with its row in the log.

Where `by` is None it is a command of the operator, of whom nothing is asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.districts import rules
from portal.districts.models.people import Membership, Role, User
from portal.districts.models.places import District, Place, RegionalOffice
from portal.refusals import Refused


def place_fields(place: Place) -> dict[str, Any]:
    return {
        "district": place if isinstance(place, District) else None,
        "regional_office": place if isinstance(place, RegionalOffice) else None,
    }


def grant(person: User, role: str, place: Place, *, by: User | None, at: datetime) -> Membership:
    """The person's membership, from today. One that is in force already is returned as it is."""
    if by is not None and not rules.may_grant(by, role, place):
        raise PermissionDenied
    return enroll(person, role, place, by=by, at=at)


def enroll(person: User, role: str, place: Place, *, by: User | None, at: datetime) -> Membership:
    """As `grant`, where somebody had the right before: who invited the person, or who answers their request."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        where = place_fields(place)
        existing = person.memberships.filter(role=role, until=None, **where).first()
        if existing is not None:
            return existing
        membership = Membership(person=person, role=role, since=timezone.localdate(at), **where)
        membership.save()
        _log("grant", membership, by)
    return membership


def end(membership: Membership, *, by: User | None, at: datetime) -> None:
    """End it at once: yesterday was its last day. Raises `Refused` for the last officer."""
    with transaction.atomic():
        stored = _locked(membership)
        if by is not None and not rules.may_change_membership(by, stored):
            raise PermissionDenied
        if stored.until is not None:
            return
        if stored.role == Role.OFFICER:
            others = Membership.objects.select_for_update().current(timezone.localdate(at)).filter(role=Role.OFFICER)
            if not others.exclude(person=stored.person).filter(person__is_active=True).exists():
                raise Refused(_("The chapter needs an officer: name another one first."))
        stored.until = timezone.localdate(at) - timedelta(days=1)
        stored.since = min(stored.since, stored.until)
        stored.save()
        _log("end", stored, by)


def restore(membership: Membership, *, by: User, at: datetime) -> Membership:
    """Take the end back: the same role at the same place, from today."""
    return grant(membership.person, membership.role, membership.district or membership.regional_office, by=by, at=at)


def change_role(membership: Membership, role: str, *, by: User | None, at: datetime) -> Membership:
    """Another of a district's roles at the same district: the old membership ends, the new one begins.

    Raises `Refused` where somebody ended it meanwhile: a page left open gives nobody their rights back.
    """
    with transaction.atomic():
        stored = _locked(membership)
        place = stored.district
        if (
            place is None
            or role not in rules.DISTRICT_ROLES
            or (by is not None and not rules.may_grant(by, role, place))
        ):
            raise PermissionDenied
        if stored.until is not None:
            raise Refused(_("Somebody has already ended this membership."))
        changed = enroll(stored.person, role, place, by=by, at=at)
        if changed.pk != stored.pk:
            end(stored, by=by, at=at)
    return changed


def _locked(membership: Membership) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",)).select_related("person", "district", "regional_office")
    return rows.get(pk=membership.pk)


def _log(deed: str, membership: Membership, by: User | None) -> None:
    data = {"role": membership.role, "place": str(membership.place), "person": membership.person_id}
    log(instance=membership, action=f"districts.{deed}_membership", user=by, data=data)
