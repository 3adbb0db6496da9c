"""One meeting: a row made from its series' rule, moved or canceled by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.districts.models import County, District
from portal.districts.models.standing import Standing, standing_of
from portal.events.models.places import Place
from portal.events.models.rsvps import Rsvp
from portal.events.models.series import MeetingSeries, covering
from portal.events.models.touched import touched_with_meetings
from portal.refusals import Refused
from portal.search.entries.indexing import IndexedModel, IndexedQuerySet, Touched


class Status(models.TextChoices):
    SCHEDULED = "scheduled", _("Scheduled")
    CANCELED = "canceled", _("Canceled")
    HELD = "held", _("Held")


class MinutesState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CIRCULATED = "circulated", _("Circulated")
    APPROVED = "approved", _("Approved")


class MeetingQuerySet(IndexedQuerySet["Meeting"]):
    unindexed = frozenset(
        {"vevent", "vevent_public", "sequence", "changed_at", "invited_at", "approved_at", "circulated_at", "join_link"}
        | {"is_reinstated"}
    )

    def touched(self) -> Touched:
        return touched_with_meetings(self)

    def visible_to(self, user: Any) -> MeetingQuerySet:
        """Meetings the person may read whole: agenda, place, minutes."""
        standing = standing_of(user)
        if standing.is_officer:
            return self.all()
        if not standing.is_member:
            return self.none()
        return self.near(standing)

    def near(self, standing: Standing) -> MeetingQuerySet:
        """Those of the offices the person hosts and of their own districts."""
        return self.filter(readable_to(standing))

    def announced_to(self, user: Any) -> MeetingQuerySet:
        """Also those of which only date, title and county may be shown, because the series' dates are public."""
        standing = standing_of(user)
        if standing.is_officer:
            return self.all()
        shown = Q(series__dates_public=True)
        return self.filter(shown | readable_to(standing) if standing.is_member else shown)

    def in_county(self, county: County) -> MeetingQuerySet:
        """Those of the county's series, and those of whole offices that have it."""
        whole = Q(series__county__isnull=True, series__regional_office__in=county.offices.order_by().values("pk"))
        return self.filter(Q(series__county=county) | whole)

    def to_come(self, now: datetime) -> MeetingQuerySet:
        """Not over and not canceled, the nearest first."""
        return self.filter(ends_at__gt=now, status=Status.SCHEDULED).order_by("starts_at", "pk")

    def before(self, meeting: Meeting) -> MeetingQuerySet:
        """Those of its series that start before it, and those canceled at its own time: it took their place."""
        return self.filter(series=meeting.series_id, starts_at__lte=meeting.starts_at).exclude(pk=meeting.pk)

    def locked(self, pk: int) -> Meeting:
        """The stored row, locked until the transaction ends: a deed judges it instead of the one in hand."""
        return self.select_for_update(of=("self",)).with_places().get(pk=pk)

    def lock_all(self) -> list[int]:
        """Lock these, in one order and before what search knows of them, as who saves minutes does; their ids."""
        return list(self.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))

    def with_places(self) -> MeetingQuerySet:
        return self.select_related("series__county", "series__regional_office")

    def with_answers(self) -> MeetingQuerySet:
        """`districts_answered`: how many districts have said whether they come on the date it has now."""
        answered = (
            _answers()
            .filter(district__isnull=False)
            .order_by()
            .values("meeting")
            .annotate(n=Count("district", distinct=True))
            .values("n")
        )
        return self.annotate(districts_answered=Coalesce(Subquery(answered), 0))

    def with_my_answer(self, user: Any) -> MeetingQuerySet:
        """`my_answer`, "" for none; `said_before` and `said_before_for` for the date before it moved, else None."""
        mine = Rsvp.objects.filter(meeting=OuterRef("pk"), person_id=user.pk or 0)
        now, before = mine.filter(starts_at=OuterRef("starts_at")), mine.order_by("-answered_at", "-pk")
        before = before.exclude(starts_at=OuterRef("starts_at"))
        return self.annotate(
            my_answer=Coalesce(Subquery(now.values("answer")[:1]), models.Value("")),
            said_before=Subquery(before.values("answer")[:1]),
            said_before_for=Subquery(before.values("starts_at")[:1]),
        )

    def unanswered_by(self, standing: Standing) -> MeetingQuerySet:
        """Meetings for which neither the person nor anybody of their district has answered."""
        answered = _answers().filter(Q(person_id=standing.person_id) | Q(district_id__in=standing.district_ids))
        return self.filter(~Exists(answered))

    def with_neighbors(self) -> MeetingQuerySet:
        """`previous_id`, `previous_starts_at`, `next_id`, `next_starts_at` within the series."""
        same = Meeting.objects.filter(series=OuterRef("series"))
        here, then = OuterRef("starts_at"), Q(starts_at=OuterRef("starts_at"))
        before = same.filter(Q(starts_at__lt=here) | then & Q(pk__lt=OuterRef("pk"))).order_by("-starts_at", "-pk")
        after = same.filter(Q(starts_at__gt=here) | then & Q(pk__gt=OuterRef("pk"))).order_by("starts_at", "pk")
        return self.annotate(
            previous_id=Subquery(before.values("pk")[:1]),
            previous_starts_at=Subquery(before.values("starts_at")[:1]),
            next_id=Subquery(after.values("pk")[:1]),
            next_starts_at=Subquery(after.values("starts_at")[:1]),
        )


def _answers() -> models.QuerySet[Rsvp]:
    """Those for the date that the meeting of the query around has now."""
    return Rsvp.objects.filter(meeting=OuterRef("pk"), starts_at=OuterRef("starts_at"))


def readable_to(standing: Standing) -> Q:
    """Of meetings, and of what has a series: those of the offices the person hosts and of their own districts."""
    return Q(series__regional_office__in=standing.office_ids) | covering(standing.office_counties, "series__")


class Meeting(IndexedModel, Place):
    series = models.ForeignKey(MeetingSeries, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(_("title"), max_length=160)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    zone = models.CharField(_("time zone"), max_length=40)
    original_starts_at = models.DateTimeField(_("first planned for"))
    """Where the rule put it; it names the meeting within its series however often it moves."""
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.SCHEDULED)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    """Why it was moved, canceled or reinstated, as members read it."""
    is_reinstated = models.BooleanField(default=False, editable=False)
    """It was canceled, and takes place after all; forgotten when it is moved or canceled again."""
    sequence = models.PositiveIntegerField(default=0, editable=False)
    """RFC 5545: rises with every change of date, place or status."""
    uid = models.CharField(max_length=120, unique=True, editable=False)
    minutes_state = models.CharField(
        _("minutes"), max_length=10, choices=MinutesState.choices, default=MinutesState.DRAFT
    )
    invited_at = models.DateTimeField(_("invitation sent"), null=True, blank=True, editable=False)
    circulated_at = models.DateTimeField(_("minutes circulated"), null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(_("minutes approved"), null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(editable=False)
    """When what calendars show last changed: DTSTAMP and LAST-MODIFIED."""
    vevent = models.TextField(editable=False)
    """The meeting's VEVENT for members, but for the portal's address; written by `ical.render` when it changes."""
    vevent_public = models.TextField(editable=False)
    """The same with nothing but date, title and county."""

    FORM_FIELDS = ("title", *Place.PLACE_FIELDS)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "original_starts_at"],
                condition=~Q(status=Status.CANCELED),
                name="meeting_once_in_series",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="meeting_status_known"),
            models.CheckConstraint(
                condition=~Q(status=Status.CANCELED) | ~Q(reason=""), name="meeting_canceled_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["series", "starts_at"], name="meeting_by_series"),
            models.Index(fields=["starts_at", "id"], name="meeting_by_start"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("events:meeting-detail", args=[self.pk])

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def is_moved(self) -> bool:
        return self.starts_at != self.original_starts_at

    @property
    def is_canceled(self) -> bool:
        return self.status == Status.CANCELED

    @property
    def local_start(self) -> datetime:
        """By the clock of its own zone."""
        return self.starts_at.astimezone(self.tz)

    @property
    def duration(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def minutes_open(self) -> bool:
        """Whether members may read the minutes."""
        return self.minutes_state != MinutesState.DRAFT

    @property
    def is_writable(self) -> bool:
        """Whether agenda and minutes may still be changed: until the minutes are approved."""
        return self.minutes_state != MinutesState.APPROVED and not self.is_canceled

    def has_begun(self, now: datetime) -> bool:
        return now >= self.starts_at

    def is_over(self, now: datetime) -> bool:
        return self.status == Status.HELD or now >= self.ends_at

    def join_link_from(self) -> datetime:
        """The instant from which the link to join is shown to those entitled."""
        return self.starts_at - timedelta(hours=self.series.join_link_hours)

    def shows_join_link(self, now: datetime) -> bool:
        """From some hours before the start until the end."""
        return bool(self.join_link) and not self.is_canceled and self.join_link_from() <= now < self.ends_at

    def last_with_agenda(self) -> Meeting | None:
        """The latest of its series before this one that had an agenda; a canceled one too: nothing was talked of."""
        return Meeting.objects.before(self).filter(items__is_proposal=False).order_by("-starts_at", "-pk").first()

    def districts_with_attendance(self) -> models.QuerySet[District]:
        """The series' districts, each with how many `people` were there; None where nothing was said of it."""
        was = FilteredRelation("attendance", condition=Q(attendance__meeting=self))
        return self.series.districts().alias(was=was).annotate(people=F("was__people"))

    def refuse_unless_writable(self) -> None:
        """Agenda and minutes stand once the minutes are approved, and where the meeting was canceled."""
        if self.is_canceled:
            raise Refused(_("This meeting was canceled."))
        if not self.is_writable:
            raise Refused(_("These minutes are approved. They can no longer be changed."))

    def refuse_unless_begun(self, now: datetime) -> None:
        if self.is_canceled:
            raise Refused(_("This meeting was canceled."))
        if not self.has_begun(now):
            raise Refused(_("This meeting has not begun. Come back when it has."))

    def refuse_unless_answerable(self, now: datetime) -> None:
        if self.is_canceled or self.is_over(now):
            raise Refused(_("This meeting is canceled or over; no answer is needed."))

    def is_reinstatable(self, now: datetime) -> bool:
        """Canceled, and its time has not come yet."""
        return self.is_canceled and not self.has_begun(now)

    def refuse_unless_reinstatable(self, now: datetime) -> None:
        if not self.is_canceled:
            raise Refused(_("This meeting is not canceled."))
        if self.has_begun(now):
            raise Refused(_("The time of this meeting has passed. Add an extra meeting to the series instead."))

    def refuse_unless_scheduled(self) -> None:
        if self.status == Status.CANCELED:
            raise Refused(_("This meeting is canceled. Add an extra meeting to the series, or reinstate this one."))
        if self.status == Status.HELD:
            raise Refused(_("This meeting was already held."))
