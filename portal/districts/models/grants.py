"""Rights that wait: proposed by one person, and given when another one agrees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.districts.models.people import PLACE_FITS_ROLE, Role, User, open_once
from portal.districts.models.places import AtPlace, District, RegionalOffice
from portal.districts.models.standing import standing_of


class Why(models.TextChoices):
    """Why somebody else must agree; the sentence that people read."""

    ONESELF = "oneself", _("Whoever gives this role and whoever gets it look like the same person.")
    OFFICER = "officer", _("A new chapter officer needs a second officer's agreement.")
    DOMAIN = "domain", _("The address is not in the district's mail domains.")


class Outcome(models.TextChoices):
    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Refused")
    TAKEN_BACK = "taken-back", _("Taken back")
    LAPSED = "lapsed", _("Lapsed")


class WaitingGrantQuerySet(models.QuerySet["WaitingGrant"]):
    def waiting(self) -> WaitingGrantQuerySet:
        return self.filter(decided_at=None)

    def due(self, now: datetime) -> WaitingGrantQuerySet:
        """Nobody agreed in time."""
        return self.waiting().filter(expires_at__lte=now)

    def visible_to(self, user: Any) -> WaitingGrantQuerySet:
        """Officers see all, hosts those for their offices' districts, buyers what their district may decide."""
        standing = standing_of(user)
        if standing.is_officer:
            return self
        hosted = Q(district__regional_office_id__in=standing.office_ids)
        return self.filter(hosted | Q(why=Why.DOMAIN, district_id__in=standing.buyer_district_ids))


class WaitingGrant(AtPlace, models.Model):
    """A role for the holder of `email`: `person` gets it once somebody agrees. Who has no account is invited."""

    email = models.EmailField(_("email address"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    person = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    regional_office = models.ForeignKey(
        RegionalOffice, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.CharField(_("why it waits"), max_length=10, choices=Why.choices)
    proposed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))
    expires_at = models.DateTimeField(_("waits until"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """None where the clock decided."""
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)

    objects = WaitingGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiting role")
        verbose_name_plural = _("waiting roles")
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=PLACE_FITS_ROLE, name="waiting_grant_place_fits_role"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="waiting_grant_email_is_lower_case"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, outcome="") | (Q(decided_at__isnull=False) & ~Q(outcome="")),
                name="waiting_grant_decided_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.AGREED)
                | Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(decided_by=F("proposed_by")),
                name="waiting_grant_agreed_by_another",
            ),
            *open_once("waiting_grant", "email", Q(decided_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.who}, {self.get_role_display()}, {self.place}"

    @property
    def who(self) -> str:
        return str(self.person or self.name or self.email)

    @property
    def page(self) -> str:
        """Where it is answered: the district's page, else the people's screen."""
        return self.district.get_absolute_url() if self.district else reverse("districts:people")

    def closed_because(self, at: datetime) -> str:
        """Why nobody can decide it any more, in a sentence; "" while somebody can. At `expires_at` nobody can."""
        if self.decided_at is not None:
            return gettext("This role no longer waits: it was %(outcome)s.") % {
                "outcome": self.get_outcome_display().lower()
            }
        if at >= self.expires_at:
            return gettext("Nobody agreed in time. Whoever gives the role has to start over.")
        return ""
