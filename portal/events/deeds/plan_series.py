"""A county plans when it meets: a series, from whose rule its meetings are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import slugify
from wagtail.log_actions import log

from portal.districts.models import Chapter, County, RegionalOffice, User
from portal.events import rules
from portal.events.deeds.make_meetings import make_meetings
from portal.events.deeds.notify import tell_everyone
from portal.events.models.recurrence import Recurrence
from portal.events.models.series import MeetingSeries


@dataclass(frozen=True, slots=True)
class Plan:
    """What a host says when making a series. `zone` "" is the chapter's."""

    name: str
    office: RegionalOffice
    recurrence: Recurrence
    first_date: date
    start_time: time
    county: County | None = None
    last_date: date | None = None
    duration_minutes: int = 90
    zone: str = ""
    dates_public: bool = False
    join_link_hours: int = 24
    place: dict[str, str] = field(default_factory=dict)
    """`room`, `address`, `entrance`, `parking`, `join_link`."""


def drafted(plan: Plan, *, by: User, at: datetime) -> MeetingSeries:
    """The series as it would be, not stored; for weeks it begins on the first day that the rule names."""
    return MeetingSeries(
        name=plan.name,
        slug=_free_slug(plan.name),
        regional_office=plan.office,
        county=plan.county,
        rule=plan.recurrence.to_rfc5545(),
        first_date=plan.recurrence.starting(plan.first_date),
        last_date=plan.last_date,
        start_time=plan.start_time,
        duration_minutes=plan.duration_minutes,
        zone=plan.zone or Chapter.current().zone,
        dates_public=plan.dates_public,
        join_link_hours=plan.join_link_hours,
        created_by=by,
        created_at=at,
        **plan.place,
    )


@transaction.atomic
def make_series(plan: Plan, *, by: User, at: datetime, quiet: bool = False) -> MeetingSeries:
    """The series and its meetings for 12 months from `at`, or from a first date in the past; tells the members once."""
    series = drafted(plan, by=by, at=at)
    if not rules.may_run(by, series):
        raise PermissionDenied
    series.save()
    make_meetings(series, at=at)
    log(series, "events.make_series", user=by, data={"rule": series.rule_in_words})
    first = series.meetings.with_places().to_come(at).first()
    if first is not None and not quiet:
        tell_everyone("series-made", first, by=by, at=at)
    return series


def _free_slug(name: str) -> str:
    base = slugify(name)[:120] or "meetings"
    taken = set(MeetingSeries.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in [base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))] if slug not in taken)
