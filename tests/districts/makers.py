"""Makers for what stands around a membership."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from portal.districts.deeds.invite import invite
from portal.districts.models import District, Invitation, JoinRequest, MailDomain, RegionalOffice, Role, User


def make_domain(district: District, domain: str) -> MailDomain:
    return MailDomain.objects.create(district=district, domain=domain)


def make_join_request(person: User, district: District, message: str = "") -> JoinRequest:
    return JoinRequest.objects.create(person=person, district=district, message=message, created_at=timezone.now())


def make_invitation(
    email: str,
    place: District | RegionalOffice | None,
    *,
    role: str = Role.MEMBER,
    by: User | None = None,
    at: datetime | None = None,
) -> tuple[Invitation, str]:
    """The invitation and the path of its link; nothing is mailed."""
    return invite(email, "Ann Lee", role, place, by=by, at=at or timezone.now(), by_mail=False)
