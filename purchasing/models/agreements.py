"""A joint buying agreement, its life and its award."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.districts.models import RegionalOffice
from portal.districts.models.chapter import validate_zone
from portal.districts.models.standing import standing_of
from portal.prose import KeptHTML
from portal.search.entries.indexing import IndexedModel, IndexedQuerySet, Touched
from purchasing.models.buying_rules import BuyingRule
from purchasing.models.lifecycle import ENDED, PLACES, RANK, TERM_ENDED, Kind, State
from purchasing.models.lines import entries_of
from purchasing.models.quantities import Participation


def _past_term(zones: Iterable[str], now: datetime) -> Q:
    ended = Q(pk__in=[])
    for zone in zones:
        ended |= Q(zone=zone, term_ends_on__lt=now.astimezone(ZoneInfo(zone)).date())
    return ended


class AgreementQuerySet(IndexedQuerySet["Agreement"]):
    def touched(self) -> Touched:
        """The agreements with their announcements and items: an item is seen by those who see its agreement."""
        return entries_of(self.order_by().values_list("pk", flat=True))

    def visible_to(self, user: Any) -> AgreementQuerySet:
        """In full: officers all, hosts those of their office, members those their district is asked to (no drafts)."""
        standing = standing_of(user)
        if standing.is_officer:
            return self
        asked = Participation.objects.filter(agreement=OuterRef("pk"), district__in=standing.district_ids)
        return self.filter(Q(lead_office__in=standing.office_ids) | (~Q(state=State.DRAFT) & Exists(asked)))

    def announced(self) -> AgreementQuerySet:
        """Those whose title, office and closing date anybody may know; what ended without an award is over."""
        return self.filter(teaser_public=True).exclude(state__in={State.DRAFT, *ENDED})

    def open_at(self, now: datetime) -> AgreementQuerySet:
        """Taking commitments: the closing instant itself is already closed."""
        return self.filter(state=State.COMMITTING, closes_at__gt=now)

    def due(self, now: datetime) -> AgreementQuerySet:
        """Past their closing instant, the quantities not yet fixed."""
        return self.filter(state=State.COMMITTING, closes_at__lte=now)

    def in_state_at(self, state: str, now: datetime) -> AgreementQuerySet:
        """The queryset word of `Agreement.place_at`."""
        if state == State.COMMITTING:
            return self.open_at(now)
        if state == State.FROZEN:
            return self.filter(Q(state=state) | Q(state=State.COMMITTING, closes_at__lte=now))
        if state == TERM_ENDED:
            return self.past_term(now)
        if state == State.ACTIVE:
            return self.filter(state=state).exclude(_past_term(self._zones(), now))
        return self.filter(state=state)

    def past_term(self, now: datetime) -> AgreementQuerySet:
        """The queryset word of `Agreement.is_past_term_at`, each by the day in its zone. One query, for the zones."""
        return self.filter(_past_term(self._zones(), now), state=State.ACTIVE)

    def _zones(self) -> Iterable[str]:
        """Of those that have a term to end."""
        rows = self.filter(state=State.ACTIVE, term_ends_on__isnull=False).order_by()
        return rows.values_list("zone", flat=True).distinct()

    def asking_county(self, county_id: int) -> AgreementQuerySet:
        asked = Participation.objects.filter(agreement=OuterRef("pk"), district__county=county_id)
        return self.filter(Exists(asked))


class Agreement(IndexedModel):
    """What districts buy together. `closes_at` is an instant; the agreement is open while now < closes_at."""

    number = models.CharField(_("number"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=150)
    summary = models.CharField(_("in one or two sentences"), max_length=400, blank=True)
    body = models.TextField(_("terms"), max_length=20_000, blank=True)
    body_html = KeptHTML()
    kind = models.CharField(_("how we buy"), max_length=10, choices=Kind.choices, default=Kind.QUOTES)
    lead_office = models.ForeignKey(
        RegionalOffice, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("lead agency")
    )
    category = models.CharField(_("category"), max_length=60, blank=True)
    statutory_basis = models.CharField(_("statutory basis"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=14, choices=State.choices, default=State.DRAFT, editable=False)
    rank = models.PositiveSmallIntegerField(default=RANK[State.DRAFT], editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    zone = models.CharField(_("time zone"), max_length=40, default="America/Chicago", validators=[validate_zone])
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    """The calendar year it starts in; `BuyingRule` says when."""
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True, editable=False)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    closed_at = models.DateTimeField(_("quantities fixed"), null=True, blank=True, editable=False)
    reopened_at = models.DateTimeField(_("reopened"), null=True, blank=True, editable=False)
    released_at = models.DateTimeField(_("commitments released"), null=True, blank=True, editable=False)
    notice = models.TextField(_("public notice"), blank=True)
    bids_close_at = models.DateTimeField(_("bids close"), null=True, blank=True)
    effective_on = models.DateField(_("in effect from"), null=True, blank=True)
    term_ends_on = models.DateField(_("term ends"), null=True, blank=True)
    options = models.PositiveSmallIntegerField(_("renewal options"), default=0)
    quantities_shared = models.BooleanField(
        _("participating districts see each other's quantities"),
        default=False,
        help_text=_("Totals, and who has answered, are shown in any case."),
    )
    teaser_public = models.BooleanField(_("announced publicly"), default=False)
    born_of_kind = models.CharField(max_length=30, blank=True, editable=False)
    born_of_id = models.BigIntegerField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(editable=False)
    moved_at = models.DateTimeField(editable=False)
    """When the state last changed."""

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["rank", "-moved_at", "-pk"]
        indexes = [
            models.Index(fields=["rank", "-moved_at", "-id"], name="agreement_in_list_order"),
            models.Index(fields=["state", "closes_at"], name="agreement_by_closing"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="agreement_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=State.COMMITTING) | Q(closes_at__isnull=False, opened_at__isnull=False),
                name="agreement_open_has_a_closing",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ENDED) | Q(released_at__isnull=False), name="agreement_ended_is_released"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("purchasing:agreement-detail", args=[self.pk])

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def fiscal_year_words(self) -> str:
        return BuyingRule.fiscal_year_words(self.fiscal_year)

    def state_at(self, now: datetime) -> str:
        """The state everybody acts on: after the closing instant it is closed, whatever is stored."""
        if self.state == State.COMMITTING and self.closes_at is not None and self.closes_at <= now:
            return State.FROZEN
        return self.state

    def has_term_ended_at(self, now: datetime) -> bool:
        return self.term_ends_on is not None and self.term_ends_on < now.astimezone(self.tz).date()

    def is_past_term_at(self, now: datetime) -> bool:
        """Nobody orders by it any more, whatever is stored."""
        return self.state == State.ACTIVE and self.has_term_ended_at(now)

    def place_at(self, now: datetime) -> str:
        """Where people find it: its state, or that its term has ended. A key of `PLACES`."""
        return TERM_ENDED if self.is_past_term_at(now) else self.state_at(now)

    def words_at(self, now: datetime) -> str:
        """The state as people read it."""
        return str(PLACES[self.place_at(now)])

    def open_until_at(self, now: datetime) -> datetime | None:
        """Until when a district may commit, change and withdraw; None where it may not now.

        Deeds judge by it, and every sentence about that right is made from it.
        """
        return self.closes_at if self.state_at(now) == State.COMMITTING else None

    def is_open_at(self, now: datetime) -> bool:
        return self.open_until_at(now) is not None

    def asked(self) -> QuerySet[Participation]:
        """Who ever saw it: a draft may be one that went back to its terms, and more may be added to it since."""
        if self.state != State.DRAFT:
            return self.participations.all()
        last = self.changes.filter(to_state=State.INTEREST).order_by("-at").values("at")[:1]
        return self.participations.filter(invited_at__lte=Subquery(last))

    def takes_answers_at(self, now: datetime) -> bool:
        """Whether districts may say what they mean to do; only an open agreement takes what binds."""
        return self.state_at(now) in {State.INTEREST, State.COMMITTING}
