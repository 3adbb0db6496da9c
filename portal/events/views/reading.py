"""The year of meetings, and one meeting before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.districts.models.chapter import Chapter
from portal.districts.models.standing import standing_of
from portal.events import rules
from portal.events.models.meetings import Meeting
from portal.events.models.series import MeetingSeries
from portal.events.screens import meeting as meeting_screens
from portal.paging import page_of
from portal.registry import PanelContext, shown_panels

FIRST_MONTH = 7
"""The year shown is the school year, from July to June."""
PER_PAGE = 60


@dataclass(frozen=True, slots=True)
class Month:
    first: datetime
    is_past: bool
    meetings: list[Meeting]


@login_not_required
@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    year, start, end = _year(request.GET.get("year", ""), now)
    meetings = Meeting.objects.announced_to(request.user).filter(starts_at__gte=start, starts_at__lt=end)
    series = list(MeetingSeries.objects.announced_to(request.user).with_places()[:200])
    counties = sorted({s.county for s in series if s.county}, key=str)
    county = next((c for c in counties if c.slug == request.GET.get("county")), None)
    if county is not None:
        meetings = meetings.in_county(county)
    meetings = meetings.with_places().with_answers().with_my_answer(request.user)
    page = page_of(meetings, order=["starts_at", "pk"], token=request.GET.get("page", ""), per_page=PER_PAGE)
    return render(
        request,
        "events/meeting_list.html",
        {
            "page": page,
            "months": list(_by_month(page.rows, now)),
            "readable": {m.pk for m in page if rules.may_read(request.user, m.series)},
            "series": [s for s in series if rules.may_read(request.user, s)],
            "counties": counties,
            "county": county,
            "year": year,
            "may_plan": rules.may_plan_meetings(request.user),
        },
    )


def _year(text: str, now: datetime) -> tuple[int, datetime, datetime]:
    """The school year that begins in July of the year named, else the one we are in."""
    tz: ZoneInfo = Chapter.current().tz
    today = now.astimezone(tz)
    year = today.year if today.month >= FIRST_MONTH else today.year - 1
    if len(text) == 4 and text.isascii() and text.isdigit() and 2000 <= int(text) <= 2100:
        year = int(text)
    return year, datetime(year, FIRST_MONTH, 1, tzinfo=tz), datetime(year + 1, FIRST_MONTH, 1, tzinfo=tz)


def _by_month(meetings: Iterable[Meeting], now: datetime) -> Iterable[Month]:
    for (_year, _month), group in groupby(meetings, key=lambda m: (m.local_start.year, m.local_start.month)):
        rows = list(group)
        yield Month(rows[0].local_start, all(m.is_over(now) for m in rows), rows)


@login_not_required
@require_safe
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    meeting = get_object_or_404(Meeting.objects.announced_to(request.user).with_places().with_neighbors(), pk=pk)
    if not rules.may_read(request.user, meeting.series):
        return render(request, "events/meeting_public.html", {"meeting": meeting})
    shown = (
        meeting_screens.after(meeting, request.user)
        if meeting.is_over(now)
        else meeting_screens.before(meeting, request.user, now)
    )
    return render(
        request,
        "events/meeting_detail.html",
        {
            "meeting": meeting,
            "series": meeting.series,
            "is_over": meeting.is_over(now),
            "has_begun": meeting.has_begun(now),
            "may_run": rules.may_run(request.user, meeting.series),
            "may_write_minutes": rules.may_write_minutes(request.user, meeting),
            "may_answer": rules.may_answer(request.user, meeting, now),
            "shows_join_link": rules.may_see_join_link(request.user, meeting, now),
            "panels": shown_panels("meeting", PanelContext(request.user, now, meeting)),
            **shown,
        },
    )


@require_safe
def series_detail(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    series = get_object_or_404(MeetingSeries.objects.visible_to(request.user).with_places(), slug=slug)
    return render(
        request,
        "events/series_detail.html",
        {
            "series": series,
            "meetings": list(series.meetings.to_come(now)[:12]),
            "actions": list(series.actions.visible_to(request.user).open().select_related("owner", "meeting")[:50]),
            "may_run": rules.may_run(request.user, series),
            "district_ids": standing_of(request.user).district_ids,
        },
    )
