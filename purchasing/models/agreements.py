"""A joint buying agreement, its life and its award."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal.districts.models import RegionalOffice
from portal.districts.models.chapter import validate_zone
from portal.districts.models.standing import standing_of
from portal.search.indexed import IndexedModel, IndexedQuerySet, Touched
from portal.templatetags.wording import when
from purchasing import rules
from purchasing.deeds import notify
from purchasing.deeds.step import moving
from purchasing.models.buying_rules import BuyingRule
from purchasing.models.lifecycle import ENDED, RANK, TABLE, IllegalTransition, Kind, State, Transition
from purchasing.models.quantities import Participation, QuantitySnapshot, release_all
from purchasing.models.records import Award

if TYPE_CHECKING:
    from portal.districts.models import User


class AgreementQuerySet(IndexedQuerySet["Agreement"]):
    def touched(self) -> Touched:
        """The agreements with their announcements and items: an item is seen by those who see its agreement."""
        from purchasing.models.lines import LineItem

        ids = list(self.order_by().values_list("pk", flat=True))
        if not ids:
            return []
        lines = LineItem.objects.filter(agreement__in=self.order_by().values("pk")).order_by()
        return [("agreement", ids), ("announcement", ids), ("line-item", list(lines.values_list("pk", flat=True)))]

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
        """The queryset word of `Agreement.state_at`."""
        if state == State.COMMITTING:
            return self.open_at(now)
        if state == State.FROZEN:
            return self.filter(Q(state=state) | Q(state=State.COMMITTING, closes_at__lte=now))
        return self.filter(state=state)

    def asking_county(self, county_id: int) -> AgreementQuerySet:
        asked = Participation.objects.filter(agreement=OuterRef("pk"), district__county=county_id)
        return self.filter(Exists(asked))


class Agreement(IndexedModel):
    """What districts buy together. `closes_at` is an instant; the agreement is open while now < closes_at."""

    number = models.CharField(_("number"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=150)
    summary = models.CharField(_("in one or two sentences"), max_length=400, blank=True)
    body = models.TextField(_("terms"), max_length=20_000, blank=True)
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

    # --- what it is now -----------------------------------------------------------------------------------------------
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

    def words_at(self, now: datetime) -> str:
        """The state as people read it."""
        return _g("Term ended") if self.is_past_term_at(now) else str(State(self.state_at(now)).label)

    def is_open_at(self, now: datetime) -> bool:
        return self.state_at(now) == State.COMMITTING

    def takes_answers_at(self, now: datetime) -> bool:
        """Whether districts may say what they mean to do; only an open agreement takes what binds."""
        return self.state_at(now) in {State.INTEREST, State.COMMITTING}

    def verbs_at(self, now: datetime, user: Any) -> list[Transition]:
        """The rows of the table that this person may try now, in the table's order."""
        state = self.state_at(now)
        rows = [row for row in TABLE.values() if row.is_for(state, self.kind) and rules.may_move(user, self, row.verb)]
        return [row for row in rows if row.verb != "reopen" or self.reopened_at is None]

    # --- verbs --------------------------------------------------------------------------------------------------------
    def ask(self, *, by: User, at: datetime, reason: str = "") -> None:
        """Ask the chosen districts whether they are interested. It binds nobody."""
        with moving(self, "ask", by=by, at=at, reason=reason) as stored:
            stored._complete(at)
            notify.asked(stored, at)

    def open(self, *, by: User, at: datetime, closes_at: datetime, reason: str = "") -> None:
        """Take commitments until `closes_at`."""
        with moving(self, "open", by=by, at=at, reason=reason, closes_at=closes_at.isoformat()) as stored:
            stored._complete(at)
            if not stored.body.strip():
                raise IllegalTransition(_g("Write the terms first: districts commit to what they can read."))
            if stored.lines.filter(breaks__isnull=True).exists():
                raise IllegalTransition(_g("Give every item at least one price before districts commit."))
            days = BuyingRule.on(timezone.localdate(at)).open_days
            if closes_at < at.astimezone(stored.tz) + timedelta(days=days):
                raise IllegalTransition(
                    _g("Choose a closing at least %(days)d days from now, so that boards can meet.") % {"days": days}
                )
            stored.opened_at, stored.closes_at = at, closes_at
            notify.opened(stored, at)

    def extend(self, *, by: User, at: datetime, closes_at: datetime, reason: str) -> None:
        """Move the closing later; never earlier."""
        with moving(self, "extend", by=by, at=at, reason=reason, closes_at=closes_at.isoformat()) as stored:
            if stored.closes_at is not None and closes_at <= stored.closes_at:
                raise IllegalTransition(_g("An extension can only move the closing later."))
            stored.closes_at = closes_at
            what = _g("It now closes %(when)s.") % {"when": when(closes_at, stored.zone)}
            notify.changed(stored, at, what, reason)

    def settle(self, now: datetime) -> bool:
        """Fix the quantities of an agreement past its closing, once; the first write and the timed job call it.

        A transaction of its own where the caller has none. The change is dated to the closing instant itself.
        """
        if self.state_at(now) == self.state or self.closes_at is None:
            return False
        with transaction.atomic():
            stored = Agreement.objects.select_for_update(no_key=True).due(now).filter(pk=self.pk).first()
            done = stored is not None
            if stored is not None and stored.closes_at is not None:
                with moving(stored, "close_on_time", by=None, at=stored.closes_at) as row:
                    row._fix_quantities(stored.closes_at)
        self.refresh_from_db()
        return done

    def close(self, *, by: User, at: datetime, reason: str) -> None:
        """Close before the time."""
        with moving(self, "close", by=by, at=at, reason=reason) as stored:
            stored._fix_quantities(at)
            notify.changed(stored, at, _g("It is closed before its time; the quantities are fixed."), reason)

    def reopen(self, *, by: User, at: datetime, closes_at: datetime, reason: str) -> None:
        """Take commitments again, once. What was fixed is kept and marked as replaced."""
        with moving(self, "reopen", by=by, at=at, reason=reason, closes_at=closes_at.isoformat()) as stored:
            if stored.reopened_at is not None:
                raise IllegalTransition(_g("An agreement is reopened once, and this one was."))
            if closes_at <= at:
                raise IllegalTransition(_g("Choose a closing that lies ahead."))
            stored.snapshots.filter(superseded_at=None).update(superseded_at=at)
            stored.closes_at, stored.closed_at, stored.reopened_at = closes_at, None, at
            what = _g("It takes commitments again, until %(when)s.") % {"when": when(closes_at, stored.zone)}
            notify.changed(stored, at, what, reason)

    def solicit(self, *, by: User, at: datetime, notice: str, bids_close_at: datetime, reason: str = "") -> None:
        """Put an own bid out: the notice is recorded, and the legal days lie between it and the bid closing."""
        with moving(self, "solicit", by=by, at=at, reason=reason, notice=notice) as stored:
            if not notice.strip():
                raise IllegalTransition(_g("Record the public notice: where and when it was printed."))
            days = BuyingRule.on(timezone.localdate(at)).notice_days
            earliest = at.astimezone(stored.tz).date() + timedelta(days=days)
            if bids_close_at <= at or bids_close_at.astimezone(stored.tz).date() < earliest:
                raise IllegalTransition(
                    _g("Bids close at least %(days)d days after the public notice.") % {"days": days}
                )
            stored._complete(at)
            stored.notice, stored.bids_close_at = notice.strip(), bids_close_at

    def evaluate(self, *, by: User, at: datetime, opener: str, witness: str, reason: str = "") -> None:
        """Open the offers, at or after the bid closing, before a witness."""
        with moving(self, "evaluate", by=by, at=at, reason=reason, opener=opener, witness=witness) as stored:
            if stored.bids_close_at is not None and at < stored.bids_close_at:
                raise IllegalTransition(_g("Nobody reads an offer before the bids close."))
            if not opener.strip() or not witness.strip() or opener.strip() == witness.strip():
                raise IllegalTransition(_g("Name who opened the offers, and somebody else who saw it."))

    def award(
        self,
        *,
        by: User,
        at: datetime,
        vendor: str,
        price_source: str,
        price_expires: date | None,
        rationale: str,
        board_date: date | None = None,
        reason: str = "",
    ) -> Award:
        """Choose the vendor. What is written here is never changed."""
        with moving(self, "award", by=by, at=at, reason=reason or rationale, vendor=vendor) as stored:
            if not all(text.strip() for text in (vendor, price_source, rationale)):
                raise IllegalTransition(_g("An award names the vendor, where the price comes from, and why."))
            if stored.kind != Kind.OWN_BID and price_expires is None:
                raise IllegalTransition(_g("Say until when the vendor holds the price."))
            if price_expires is not None and price_expires < at.astimezone(stored.tz).date():
                raise IllegalTransition(_g("The vendor holds this price no more. Ask for a new one first."))
            if stored.kind == Kind.OWN_BID and board_date is None:
                raise IllegalTransition(_g("Give the date on which the lead agency's board approved the award."))
            award = Award.objects.create(
                agreement=stored,
                vendor=vendor.strip(),
                price_source=price_source.strip(),
                price_expires=price_expires,
                rationale=rationale.strip(),
                board_date=board_date,
                awarded_at=at,
                awarded_by=by,
            )
            notify.awarded(stored, award, at)
        return award

    def activate(
        self, *, by: User, at: datetime, effective_on: date, term_ends_on: date | None = None, options: int = 0
    ) -> None:
        """Signed by both sides and in effect: districts may order."""
        with moving(self, "activate", by=by, at=at, effective_on=effective_on.isoformat()) as stored:
            if effective_on > at.astimezone(stored.tz).date():
                raise IllegalTransition(_g("Orders start on the effective date, not before."))
            if term_ends_on is not None and term_ends_on < effective_on:
                raise IllegalTransition(_g("The term ends before it begins. Look at both dates."))
            stored.effective_on, stored.term_ends_on, stored.options = effective_on, term_ends_on, options

    def suspend(self, *, by: User, at: datetime, reason: str) -> None:
        with moving(self, "suspend", by=by, at=at, reason=reason) as stored:
            notify.changed(stored, at, _g("It is suspended. Order nothing by it until you hear more."), reason)

    def resume(self, *, by: User, at: datetime, reason: str) -> None:
        with moving(self, "resume", by=by, at=at, reason=reason) as stored:
            if stored.has_term_ended_at(at):
                raise IllegalTransition(_g("Its term has ended: nobody can order by it again."))
            notify.changed(stored, at, _g("You can order by it again."), reason)

    def fail(self, *, by: User, at: datetime, reason: str) -> None:
        """End without an award: every commitment is released."""
        with moving(self, "fail", by=by, at=at, reason=reason) as stored:
            stored._release(by, at)
            notify.ended(stored, at, reason)

    def cancel(self, *, by: User, at: datetime, reason: str) -> None:
        """Stop it: every commitment is released. The districts of a draft were never asked, and never see it."""
        with moving(self, "cancel", by=by, at=at, reason=reason) as stored:
            if stored.state == State.DRAFT:
                stored.participations.all().delete()
            else:
                notify.ended(stored, at, reason)
            stored._release(by, at)

    def announce(self, *, public: bool, by: User, at: datetime) -> None:
        """Let anybody know title, office and closing date, or take that back. An officer's deed."""
        if not rules.may_announce(by, self):
            raise PermissionDenied
        with transaction.atomic():
            Agreement.objects.filter(pk=self.pk).update(teaser_public=public)
            action = "purchasing.announce" if public else "purchasing.hide"
            log(instance=self, action=action, user=by, timestamp=at)
        self.refresh_from_db()

    # --- guards and effects, on the locked row ------------------------------------------------------------------------
    def _complete(self, at: datetime) -> None:
        if not self.category.strip():
            raise IllegalTransition(_g("Choose a category first."))
        if not self.lines.exclude(unit="").exists():
            raise IllegalTransition(_g("Add at least one item with its unit first."))
        if not self.participations.exists():
            raise IllegalTransition(_g("Choose the districts to ask first."))

    def _fix_quantities(self, at: datetime) -> None:
        self.closed_at = at
        QuantitySnapshot.take(self, at)

    def _release(self, by: User, at: datetime) -> None:
        self.released_at = at
        release_all(self, by=by, at=at)


def close_due(now: datetime) -> int:
    """Fix the quantities of every agreement past its closing, each in its own transaction."""
    return sum(agreement.settle(now) for agreement in Agreement.objects.due(now).order_by("pk"))
