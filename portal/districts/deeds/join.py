"""Asking to join a district, and the answer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.districts import rules
from portal.districts.deeds.grant import enroll
from portal.districts.models.joining import JoinRequest
from portal.districts.models.people import Membership, Role, User
from portal.districts.models.places import District, domain_of
from portal.districts.signals import notice_due
from portal.refusals import Refused


def deciders(district: District, *, at: datetime, address_fits: bool = True) -> list[User]:
    """Who is told of a request: the district's buyers and its office's hosts; where there are none, the officers.

    Of somebody whose address is not the district's the buyers are not asked.
    """
    current = Membership.objects.active(timezone.localdate(at)).select_related("person")
    near = current.filter(role=Role.BUYER, district=district) if address_fits else current.none()
    if district.regional_office_id is not None:
        near = near | current.filter(role=Role.HOST, regional_office=district.regional_office_id)
    found = list(near) or list(current.filter(role=Role.OFFICER))
    return list({membership.person_id: membership.person for membership in found}.values())


def ask(email: str, name: str, district: District, message: str, *, at: datetime) -> JoinRequest:
    """The open request of a confirmed address; a second one for the same district is the first. Makes the account.

    An address outside of the district's mail domains may ask too: then a host or an officer answers.
    """
    fits = district.mail_domains.filter(domain=domain_of(email)).exists()
    with transaction.atomic():
        person = User.objects.filter(email=email.lower()).first()
        if person is None:
            person = User.objects.create_user(email, name=name)
            person.own_address(confirmed=True)
        request, new = JoinRequest.objects.get_or_create(
            person=person,
            district=district,
            decided_at=None,
            defaults={"message": message, "created_at": at, "address_fits": fits},
        )
        if new:
            notice_due.send(
                sender=JoinRequest,
                kind="join-request",
                people=deciders(district, at=at, address_fits=fits),
                key=f"join-request:{request.pk}",
                at=at,
                context={"request": request},
            )
    return request


def decide(request: JoinRequest, *, approve: bool, by: User, at: datetime, here: Collection[int] = ()) -> JoinRequest:
    """Approve (the person becomes a member) or decline.

    Raises `Refused` where somebody was faster, and where whoever approves looks like the one who asks: `here` are the
    other accounts that were signed in in the browser at hand.
    """
    with transaction.atomic():
        stored = (
            JoinRequest.objects.select_for_update(of=("self",)).select_related("person", "district").get(pk=request.pk)
        )
        if not rules.may_decide_request(by, stored.district, address_fits=stored.address_fits):
            raise PermissionDenied
        if stored.decided_at is not None:
            raise Refused(_("Somebody has already answered this request."))
        if approve and rules.are_one_person(by, stored.person, here):
            raise Refused(
                _("You and %(person)s look like the same person. Another host, or a chapter officer, decides.")
                % {"person": stored.person}
            )
        stored.decided_at, stored.decided_by, stored.approved = at, by, approve
        stored.save()
        if not approve:
            log(instance=stored, action="districts.decline_request", user=by)
            return stored
        enroll(stored.person, Role.MEMBER, stored.district, by=by, at=at, knows=True)
        notice_due.send(
            sender=JoinRequest,
            kind="join-approved",
            people=[stored.person],
            key=f"join-approved:{stored.pk}",
            at=at,
            context={"request": stored},
        )
    return stored
