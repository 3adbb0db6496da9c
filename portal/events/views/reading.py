"""The year of meetings, and one meeting before and after."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.districts.models.standing import standing_of
from portal.events import rules
from portal.events.models.meetings import Meeting
from portal.events.models.series import MeetingSeries
from portal.events.screens.meeting import after, before
from portal.events.screens.year import by_month, school_year
from portal.paging import page_of
from portal.registry import PanelContext, shown_panels

PER_PAGE = 60


@login_not_required
@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    year, start, end = school_year(request.GET.get("year", ""), now)
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
            "months": list(by_month(page.rows, now)),
            "readable": {m.pk for m in page if rules.may_read(request.user, m.series)},
            "series": [s for s in series if rules.may_read(request.user, s)],
            "counties": counties,
            "county": county,
            "year": year,
            "may_plan": rules.may_plan_meetings(request.user),
        },
    )


@login_not_required
@require_safe
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    meeting = get_object_or_404(Meeting.objects.announced_to(request.user).with_places().with_neighbors(), pk=pk)
    if not rules.may_read(request.user, meeting.series):
        return render(request, "events/meeting_public.html", {"meeting": meeting})
    shown = after(meeting, request.user) if meeting.is_over(now) else before(meeting, request.user, now)
    return render(
        request,
        "events/meeting_detail.html",
        {
            "meeting": meeting,
            "series": meeting.series,
            "is_over": meeting.is_over(now),
            "has_begun": meeting.has_begun(now),
            "may_run": rules.may_run(request.user, meeting.series),
            "may_reinstate": rules.may_reinstate(request.user, meeting, now),
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
