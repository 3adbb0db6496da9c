"""How somebody comes in: an invitation link, or a request that a person with the right approves."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.districts.models.chapter import Chapter
from portal.districts.models.grants import WaitingGrant
from portal.districts.models.people import Role, User, open_once
from portal.districts.models.places import AtPlace, District, RegionalOffice
from portal.districts.models.standing import standing_of
from portal.limits import RECEIVED


def sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def by_secret(self, secret: str) -> Invitation | None:
        """The one whose link holds this secret, with its place and who sent it."""
        rows = self.select_related("district", "regional_office", "invited_by", "agreed")
        return rows.filter(secret_sha256=sha256(secret)).first()

    def waiting(self) -> InvitationQuerySet:
        """Neither accepted nor withdrawn; those too old are among them, to be sent again."""
        return self.filter(accepted_at=None, revoked_at=None)

    def last_sent(self, email: str) -> list[datetime]:
        """When this address was last invited, newest first; no more than its limit looks at."""
        rows = self.filter(email=email).order_by("-created_at")
        return list(rows.values_list("created_at", flat=True)[: RECEIVED["invitation"].most])

    def within_reach_of(self, user: Any) -> InvitationQuerySet:
        """Those whose role the person may grant: for officers all, for hosts their offices' districts."""
        standing = standing_of(user)
        return self if standing.is_officer else self.filter(district__regional_office_id__in=standing.office_ids)


class Invitation(AtPlace, models.Model):
    """A link sent to one address. The secret itself is not kept, only its SHA-256."""

    email = models.EmailField(_("email address"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    regional_office = models.ForeignKey(
        RegionalOffice, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    secret_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    agreed = models.ForeignKey(WaitingGrant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """The waiting role that somebody else agreed to before this was sent."""
    created_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_is_lower_case"),
            *open_once("invitation", "email", Q(accepted_at__isnull=True, revoked_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.get_role_display()}"

    def needs_sign_in(self) -> bool:
        """Whether its address has an account in use: a link, which can be forwarded, must not open that account."""
        return User.objects.filter(email=self.email, last_login__isnull=False).exists()

    def closed_because(self, at: datetime) -> str:
        """Why it can no longer be accepted, in a sentence; "" while it can. At `expires_at` it no longer can."""
        if self.accepted_at is not None:
            return gettext("This invitation was already used. Sign in instead.")
        if self.revoked_at is not None:
            return gettext("This invitation was withdrawn or replaced by a newer one. Check your email.")
        if at >= self.expires_at:
            who = {"who": self.invited_by or Chapter.current(), "place": self.place}
            return gettext("This invitation is too old. Ask %(who)s for a new one, for %(place)s.") % who
        return ""


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def waiting(self) -> JoinRequestQuerySet:
        return self.filter(decided_at=None)

    def decidable_by(self, user: Any) -> JoinRequestQuerySet:
        """The row-set twin of `rules.may_decide_request`."""
        standing = standing_of(user)
        if standing.is_officer:
            return self
        return self.filter(
            Q(district__regional_office_id__in=standing.office_ids)
            | Q(district_id__in=standing.buyer_district_ids, address_fits=True)
        )


class JoinRequest(models.Model):
    """Somebody with a confirmed address asks to join a district."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="join_requests")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="join_requests")
    message = models.TextField(_("message"), max_length=1000, blank=True)
    address_fits = models.BooleanField(_("address in the district's mail domains"), default=True)
    """As it was when they asked. Where it is false, only a host or an officer answers."""
    created_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    approved = models.BooleanField(_("approved"), null=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "district"], condition=Q(decided_at__isnull=True), name="join_request_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.district}"
