"""Giving and taking rights: memberships granted, ended, restored, each with its row in the log and told at once.

Where `by` is None it is a command of the operator, of whom nothing is asked. `here` are the other accounts that were
signed in in the browser at hand: nobody grants a right to themselves.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.districts import rules
from portal.districts.deeds.propose import propose
from portal.districts.models.grants import WaitingGrant
from portal.districts.models.people import Membership, Role, User
from portal.districts.models.places import District, Place, place_fields
from portal.districts.signals import notice_due
from portal.refusals import Refused


def grant(
    person: User, role: str, place: Place, *, by: User | None, at: datetime, here: Collection[int] = ()
) -> Membership | WaitingGrant:
    """The person's membership, from today, or the role waiting where somebody else must agree.

    One that is in force already is returned as it is.
    """
    if by is not None and not rules.may_grant(by, role, place):
        raise PermissionDenied
    with transaction.atomic():
        why = rules.why_wait(by, person, role, place, on=timezone.localdate(at), here=here)
        if by is not None and why and not _held(person, role, place).exists():
            return propose(person, role, place, why, by=by, at=at)
        return enroll(person, role, place, by=by, at=at)


def enroll(
    person: User,
    role: str,
    place: Place,
    *,
    by: User | None,
    at: datetime,
    agreed_by: User | None = None,
    instead_of: Membership | None = None,
    knows: bool = False,
) -> Membership:
    """As `grant`, where the right was judged before. `instead_of` is the role that the caller ends with it.

    `knows`: the person learns of it otherwise.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        existing = _held(person, role, place).first()
        if existing is not None:
            return existing
        membership = Membership(person=person, role=role, since=timezone.localdate(at), **place_fields(place))
        membership.save()
        _log("grant_membership", membership, by, **({"agreed_by": str(agreed_by)} if agreed_by else {}))
        told = [other for other in place_people(place, at=at) if not knows or other != person]
        _tell("granted", membership, by, at, told, agreed_by=agreed_by, was=instead_of)
    return membership


def _held(person: User, role: str, place: Place) -> QuerySet[Membership]:
    return person.memberships.filter(role=role, until=None, **place_fields(place))


def end(membership: Membership, *, by: User | None, at: datetime) -> None:
    """End it at once: yesterday was its last day.

    Raises `Refused` for the last officer, and where one of the last two would end the other.
    """
    with transaction.atomic():
        stored = _locked(membership)
        if by is not None and not rules.may_change_membership(by, stored):
            raise PermissionDenied
        if stored.until is not None:
            return
        if stored.role == Role.OFFICER:
            _keep_an_officer(stored, by, at)
        told = place_people(stored.where, at=at)
        _end(stored, by, at)
        _tell("ended", stored, by, at, told)


def _keep_an_officer(membership: Membership, by: User | None, at: datetime) -> None:
    """Whoever ends the only other one could then make officers alone."""
    others = Membership.objects.select_for_update().officers(timezone.localdate(at)).exclude(person=membership.person)
    if not others.exists():
        raise Refused(_("The chapter needs an officer: name another one first."))
    if by is not None and by.pk != membership.person_id and not others.exclude(person=by).exists():
        raise Refused(
            _("%(person)s is the only other officer, and can step down. Name a third one before you end this role.")
            % {"person": membership.person}
        )


def _end(stored: Membership, by: User | None, at: datetime) -> None:
    stored.until = timezone.localdate(at) - timedelta(days=1)
    stored.since = min(stored.since, stored.until)
    stored.save()
    _log("end_membership", stored, by)


def restore(membership: Membership, *, by: User, at: datetime, here: Collection[int] = ()) -> Membership | WaitingGrant:
    """Take the end back: the same role at the same place, from today, judged like every grant."""
    return grant(membership.person, membership.role, membership.where, by=by, at=at, here=here)


def change_role(
    membership: Membership, role: str, *, by: User | None, at: datetime, here: Collection[int] = ()
) -> Membership | WaitingGrant:
    """Another of a district's roles at the same district: the old membership ends, the new one begins.

    Where somebody else must agree the new one waits, and the old one stays, then too.
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
        if role == Role.BUYER and not _held(stored.person, role, place).exists():
            why = rules.why_wait(by, stored.person, role, place, on=timezone.localdate(at), here=here)
            if by is not None and why:
                return propose(stored.person, role, place, why, by=by, at=at)
        changed = enroll(stored.person, role, place, by=by, at=at, instead_of=stored)
        if changed.pk != stored.pk:
            _end(stored, by, at)
    return changed


def let_host_buy(membership: Membership, reason: str, *, by: User, at: datetime, here: Collection[int] = ()) -> None:
    """Record why a buyer who hosts an office commits the district in agreements that it leads; "" takes it back."""
    with transaction.atomic():
        stored = _locked(membership)
        if not rules.may_let_host_buy(by, stored) or rules.are_one_person(by, stored.person, here):
            raise PermissionDenied(_("Another officer records that: you would give the right to yourself."))
        if stored.until is not None:
            raise Refused(_("Somebody has already ended this membership."))
        stored.buys_though_host = reason
        stored.save(update_fields=["buys_though_host"])
        _log("let_host_buy", stored, by, reason=reason)
        _tell("excepted" if reason else "not-excepted", stored, by, at, place_people(stored.where, at=at))


def _locked(membership: Membership) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",)).select_related("person", "district", "regional_office")
    return rows.get(pk=membership.pk)


def _log(action: str, membership: Membership, by: User | None, **more: str) -> None:
    data = {"role": membership.role, "place": membership.place, "person": membership.person_id} | more
    log(instance=membership, action=f"districts.{action}", user=by, data=data)


def place_people(place: Place, *, at: datetime) -> list[User]:
    """Whom a right there concerns: the district's members; the office's hosts and the officers; the officers."""
    current = Membership.objects.active(timezone.localdate(at)).select_related("person")
    if isinstance(place, District):
        rows = current.filter(district=place)
    elif place is not None:
        rows = current.filter(regional_office=place) | current.filter(role=Role.OFFICER)
    else:
        rows = current.filter(role=Role.OFFICER)
    return list({row.person_id: row.person for row in rows}.values())


def _tell(deed: str, membership: Membership, by: User | None, at: datetime, people: list[User], **more: Any) -> None:
    """Nobody can switch it off."""
    notice_due.send(
        sender=Membership,
        kind="role-changed",
        people=people,
        key=f"role-{deed}:{membership.pk}:{at.timestamp()}",
        at=at,
        context={"deed": deed, "membership": membership, "by": by} | more,
    )
