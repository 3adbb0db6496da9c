"""Makers for what stands around a membership."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from portal.districts.deeds.invite import invite, send_invitation
from portal.districts.models import (
    District,
    Invitation,
    JoinRequest,
    MailDomain,
    RegionalOffice,
    Role,
    User,
    WaitingGrant,
)
from portal.notices.models import Notice


def make_domain(district: District, domain: str) -> MailDomain:
    return MailDomain.objects.create(district=district, domain=domain)


def make_join_request(person: User, district: District, message: str = "") -> JoinRequest:
    return JoinRequest.objects.create(person=person, district=district, message=message, created_at=timezone.now())


def make_waiting(email: str, place: District | RegionalOffice | None, *, role: str, by: User) -> WaitingGrant:
    """A role that waits since somebody must agree to it: for a buyer from outside, or one officer more."""
    waiting = invite(email, "Ann Lee", role, place, by=by, at=timezone.now())
    assert isinstance(waiting, WaitingGrant)
    return waiting


def make_invitation(
    email: str,
    place: District | RegionalOffice | None,
    *,
    role: str = Role.MEMBER,
    by: User | None = None,
    at: datetime | None = None,
) -> tuple[Invitation, str]:
    """The invitation and the path of its link; nothing is mailed, and nobody else need agree to it."""
    return send_invitation(email, "Ann Lee", role, place, by=by, at=at or timezone.now(), by_mail=False)


def told(kind: str) -> set[str]:
    """The addresses that got a notice of this kind."""
    return set(Notice.objects.filter(kind=kind).values_list("email", flat=True))
