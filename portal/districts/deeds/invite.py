"""Invitations: a link in the mail that makes the account, the membership and the first session."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import limits
from portal.districts import rules
from portal.districts.deeds.grant import enroll
from portal.districts.deeds.propose import propose
from portal.districts.models.chapter import Chapter
from portal.districts.models.grants import WaitingGrant
from portal.districts.models.joining import Invitation, sha256
from portal.districts.models.people import Role, User
from portal.districts.models.places import Place, place_fields
from portal.districts.signals import notice_due
from portal.refusals import Refused

VALID_DAYS = 14


def invite(
    email: str,
    name: str,
    role: str,
    place: Place,
    *,
    by: User,
    at: datetime,
    here: Collection[int] = (),
    agreed: WaitingGrant | None = None,
) -> Invitation | WaitingGrant:
    """A new invitation, or the role waiting where somebody else must agree before one is sent.

    `here` are the other accounts that were signed in in the browser at hand; `agreed` is what somebody agreed to.
    """
    if not rules.may_grant(by, role, place):
        raise PermissionDenied
    email = email.strip().lower()
    person = User.objects.filter(email=email).first() or User(email=email, name=name)
    why = rules.why_wait(by, person, role, place, on=timezone.localdate(at), here=here, agreed=agreed)
    if why:
        return propose(person, role, place, why, by=by, at=at)
    return send_invitation(email, name, role, place, by=by, at=at, agreed=agreed)[0]


def send_invitation(
    email: str,
    name: str,
    role: str,
    place: Place,
    *,
    by: User | None,
    at: datetime,
    agreed: WaitingGrant | None = None,
    by_mail: bool = True,
) -> tuple[Invitation, str]:
    """A new invitation and the path of its link, mailed unless `by_mail` is off. An open one for the same is replaced.

    The secret is in the link only; the database keeps its digest. `by` None is a command of the operator. Raises
    `TooMany` where the address was mailed as many invitations as it may be for now, whoever sent them.
    """
    email = email.strip().lower()
    secret = secrets.token_urlsafe(24)
    with transaction.atomic():
        where = place_fields(place)
        Chapter.objects.select_for_update(no_key=True).filter(pk=1).first()  # one at a time: each sees the one before
        if by is not None and by_mail:
            limits.received("invitation", at, Invitation.objects.last_sent(email))
        open_ones = Invitation.objects.filter(email=email, role=role, accepted_at=None, revoked_at=None, **where)
        open_ones.update(revoked_at=at)
        invitation = Invitation.objects.create(
            email=email,
            name=name,
            role=role,
            secret_sha256=sha256(secret),
            invited_by=by,
            agreed=agreed,
            created_at=at,
            expires_at=at + timedelta(days=VALID_DAYS),
            **where,
        )
        log(instance=invitation, action="districts.invite", user=by, data={"role": role, "email": email})
        path = reverse("districts:invitation", args=[secret])
        if by_mail:
            notice_due.send(
                sender=Invitation,
                kind="invitation",
                people=[email],
                key=f"invitation:{invitation.pk}",
                at=at,
                context={"invitation": invitation, "path": path, "days": VALID_DAYS},
            )
    return invitation, path


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Its link no longer works. Raises `Refused` where somebody was faster, the invited one perhaps."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("district", "regional_office")
    stored = rows.get(pk=invitation.pk)
    if not rules.may_grant(by, stored.role, stored.where):
        raise PermissionDenied
    if stored.accepted_at is not None or stored.revoked_at is not None:
        raise Refused(_("This invitation was already used or withdrawn."))
    stored.revoked_at = at
    stored.save(update_fields=["revoked_at"])
    data = {"role": stored.role, "email": stored.email}
    log(instance=stored, action="districts.withdraw_invitation", user=by, data=data)


def accept(invitation: Invitation, *, at: datetime, here: Collection[int] = ()) -> tuple[User, WaitingGrant | None]:
    """The invited person, with the membership, or with the role waiting where somebody else must agree.

    Once only, however many press at the same time. `here` are the accounts that were signed in in this browser.
    Raises `Refused` where it is closed, or the person's account is.
    """
    with transaction.atomic():
        stored = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("invited_by", "agreed")
            .get(pk=invitation.pk)
        )
        if reason := stored.closed_because(at):
            raise Refused(reason)
        person = User.objects.filter(email=stored.email).first()
        if person is None:
            person = User.objects.create_user(stored.email, name=stored.name or stored.email.split("@")[0])
        if not person.is_active:
            raise Refused(_("This account is closed. A chapter officer can open it again."))
        person.own_address(confirmed=True)
        waiting = _give(stored, person, at=at, here=set(here) - {person.pk})
        stored.accepted_at, stored.accepted_by = at, person
        stored.save(update_fields=["accepted_at", "accepted_by"])
    return person, waiting


def _give(invitation: Invitation, person: User, *, at: datetime, here: Collection[int]) -> WaitingGrant | None:
    """Judged again: since it was sent, rights, the browser, mail domains or the number of officers may have changed.

    A member comes in also when whoever invited them has left; nobody binds or rules on the word of one who has.
    """
    by, role, where = invitation.invited_by, invitation.role, invitation.where
    agreed = invitation.agreed
    if by is not None and agreed is None and role != Role.MEMBER and not rules.may_grant(by, role, where):
        raise Refused(_("Whoever invited you has no right to do so any more. Ask to be invited again."))
    why = rules.why_wait(by, person, role, where, on=timezone.localdate(at), here=here, agreed=agreed)
    if by is not None and why:
        return propose(person, role, where, why, by=by, at=at)
    enroll(person, role, where, by=by, at=at, agreed_by=agreed.decided_by if agreed else None, knows=True)
    return None
