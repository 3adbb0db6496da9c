"""Meeting series: a rule from which a county's meetings are made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.dateformat import time_format
from django.utils.translation import gettext_lazy as _

from portal.districts.models import County, District, Membership, RegionalOffice, User
from portal.districts.models.chapter import validate_zone
from portal.districts.models.standing import standing_of
from portal.events.models.places import Place
from portal.events.models.recurrence import Recurrence, instant
from portal.events.models.touched import touched_with_meetings
from portal.search.entries.indexing import IndexedModel, IndexedQuerySet, Touched

MONTHS_AHEAD = 12


class SeriesQuerySet(IndexedQuerySet["MeetingSeries"]):
    unindexed = frozenset({"feed_version", "rule", "last_date", "join_link", "join_link_hours"})

    def touched(self) -> Touched:
        """Its meetings are seen by whom the series is for."""
        return touched_with_meetings(self, "meetings__")

    def visible_to(self, user: Any) -> SeriesQuerySet:
        """Series whose meetings the person may read: members of its districts, hosts of the office, officers."""
        standing = standing_of(user)
        if standing.is_officer:
            return self.all()
        if not standing.is_member:
            return self.none()
        return self.filter(Q(regional_office__in=standing.office_ids) | covering(standing.office_counties))

    def announced_to(self, user: Any) -> SeriesQuerySet:
        """Also those whose dates an officer or host published: their dates may be shown, nothing else of them."""
        standing = standing_of(user)
        if standing.is_officer:
            return self.all()
        readable = Q(dates_public=True)
        if standing.is_member:
            readable |= Q(regional_office__in=standing.office_ids) | covering(standing.office_counties)
        return self.filter(readable)

    def with_places(self) -> SeriesQuerySet:
        return self.select_related("county", "regional_office")

    def locked(self, pk: int) -> MeetingSeries:
        """The stored row, locked before any meeting of it: its deeds follow one another and none waits for the other.

        Not its key: who saves minutes has locked their meeting, and a new action only wants the series to stay there.
        """
        return self.select_for_update(of=("self",), no_key=True).with_places().get(pk=pk)


def covering(office_counties: Iterable[tuple[int, int]], prefix: str = "") -> Q:
    """Series of one of these offices for its county, or for the whole office where the county is still one of its."""
    pairs = list(office_counties)
    none, through = Q(pk__in=[]), RegionalOffice.counties.through.objects
    offices = through.filter(reduce(or_, (Q(regionaloffice=o, county=c) for o, c in pairs), none))
    whole = Q(**{f"{prefix}county__isnull": True, f"{prefix}regional_office__in": offices.values("regionaloffice_id")})
    return reduce(or_, (Q(**{f"{prefix}regional_office": o, f"{prefix}county": c}) for o, c in pairs), none) | (
        whole if pairs else none
    )


class MeetingSeries(IndexedModel, Place):
    name = models.CharField(_("name"), max_length=120, help_text=_("Kane County technology directors"))
    slug = models.SlugField(max_length=140, unique=True, editable=False)
    regional_office = models.ForeignKey(
        RegionalOffice, on_delete=models.PROTECT, related_name="meeting_series", verbose_name=_("regional office")
    )
    county = models.ForeignKey(
        County,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="meeting_series",
        verbose_name=_("county"),
        help_text=_("Empty: all counties of the office."),
    )
    rule = models.CharField(_("rule"), max_length=1000, editable=False)
    """An RFC 5545 rule of local dates; see `recurrence`."""
    first_date = models.DateField(_("first date"))
    """Where the rule's weeks are counted from, too."""
    last_date = models.DateField(_("last date"), null=True, blank=True, help_text=_("Empty while it goes on."))
    start_time = models.TimeField(_("starts at"))
    """By the clock in `zone`, summer and winter."""
    duration_minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=90)
    zone = models.CharField(_("time zone"), max_length=40, validators=[validate_zone])
    join_link_hours = models.PositiveSmallIntegerField(_("hours before the start that the link is shown"), default=24)
    dates_public = models.BooleanField(
        _("dates are public"), default=False, help_text=_("Visitors see date, title and county; nothing else.")
    )
    feed_version = models.PositiveIntegerField(default=0, editable=False)
    """Rises with every change that a calendar feed shows."""
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(editable=False)

    FORM_FIELDS = ("name", *Place.PLACE_FIELDS, "join_link_hours", "dates_public")

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting series")
        verbose_name_plural = _("meeting series")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(duration_minutes__gt=0), name="series_lasts"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("events:series-detail", args=[self.slug])

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence.from_rfc5545(self.rule)

    def planned_starts(self, at: datetime) -> list[datetime]:
        """When the rule has its meetings begin, from the first date to the same day 12 months after `at`."""
        last = at.astimezone(self.tz).date() + relativedelta(months=MONTHS_AHEAD)
        if self.last_date is not None:
            last = min(last, self.last_date)
        return [instant(day, self.start_time, self.zone) for day in self.recurrence.days(self.first_date, last)]

    @property
    def rule_in_words(self) -> str:
        """ "Second Thursday of the month, September to May, 1:30 PM"."""
        return f"{self.recurrence.in_words()}, {time_format(self.start_time, 'g:i A')}"

    @property
    def where_it_is(self) -> str:
        """ "Kane County", or the office for a series of all its counties."""
        return str(self.county or self.regional_office)

    @property
    def county_ids(self) -> list[int]:
        """The counties it covers; no query where the office is loaded."""
        return [self.county_id] if self.county_id is not None else list(self.regional_office.county_ids)

    def districts(self) -> models.QuerySet[District]:
        """The districts it is for, by name: the office's own, for its county may lie under other offices too."""
        rows = District.objects.in_directory().filter(county__in=self.county_ids)
        return rows.filter(regional_office=self.regional_office_id).order_by("name", "pk")

    def is_for(self, district: District) -> bool:
        """The same for a district in hand; no query."""
        return district.regional_office_id == self.regional_office_id and district.county_id in self.county_ids

    def district_of(self, person: User) -> District | None:
        """The district the person speaks for here: the oldest membership's of its own; None for hosts and officers."""
        return next(filter(self.is_for, person.standing.districts), None)

    def choices(self, kept: District | None = None) -> models.QuerySet[District]:
        """Its districts to choose from, and the one that was chosen before, though it is no longer among them."""
        if kept is None:
            return self.districts()
        rows = District.objects.filter(Q(pk__in=self.districts().order_by().values("pk")) | Q(pk=kept.pk))
        return rows.order_by("name", "pk")

    def people(self, on: date) -> models.QuerySet[User]:
        """Who is invited on that day: members of the districts, and the office's hosts."""
        theirs = Q(district__county__in=self.county_ids, district__regional_office=self.regional_office_id)
        current = Membership.objects.current(on).filter(theirs | Q(regional_office=self.regional_office_id))
        return User.objects.filter(is_active=True, pk__in=current.values("person_id")).order_by("pk")

    def audience_keys(self) -> list[str]:
        """Who may read its meetings, in the words of `Standing.audience_keys`."""
        office = self.regional_office_id
        return [*(f"office-county:{office}:{pk}" for pk in self.county_ids), f"office:{office}", "officers"]

    def feed_changed(self) -> None:
        """Call in the transaction of every change that the feed shows."""
        MeetingSeries.objects.filter(pk=self.pk).update(feed_version=F("feed_version") + 1)
