"""What meetings show on others' pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.districts.models.standing import standing_of
from portal.events import rules
from portal.events.models.agendas import AgendaItem
from portal.events.models.meetings import Meeting
from portal.events.models.rsvps import Reply, Rsvp
from portal.events.models.series import MeetingSeries, covering
from portal.registry import Need, NeedSource, Panel, PanelContext, SetUpStep, need_sources, panels, set_up_steps
from portal.search.asking import related
from portal.templatetags.wording import when

ANSWER_WITHIN_DAYS = 21
NEXT_WITHIN_DAYS = 35
"""A month's second Thursday is 28 or 35 days after the last: a monthly meeting is asked about once the last is over."""
AGENDA_LINES = 3


def next_meeting(context: PanelContext) -> dict[str, Any] | None:
    """The reader's next meeting, of their own office or districts where they have any; three queries."""
    standing = standing_of(context.user)
    meetings = Meeting.objects.visible_to(context.user).to_come(context.now)
    if standing.districts or standing.offices:
        meetings = meetings.near(standing)
    meeting: Any = meetings.with_places().with_answers().with_my_answer(context.user).first()
    if meeting is None:
        return None
    before = meeting.said_before and Rsvp(answer=meeting.said_before, starts_at=meeting.said_before_for)
    return {
        "meeting": meeting,
        "lines": list(AgendaItem.objects.filter(meeting=meeting).accepted()[:AGENDA_LINES]),
        "district_count": meeting.series.districts().count(),
        "said_before": before,
        "answers": Reply.choices,
        "may_answer": rules.may_answer(context.user, meeting, context.now),
    }


def public_dates(context: PanelContext) -> dict[str, Any] | None:
    """The next dates that everybody may see; one query."""
    meetings = list(
        Meeting.objects.filter(series__dates_public=True)
        .to_come(context.now)
        .select_related("series__county", "series__regional_office")[:3]
    )
    return {"meetings": meetings} if meetings else None


def about_practice(pk: Any) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.filter(linked_kind="practice", linked_id=pk, is_proposal=False)


def discussed_at(context: PanelContext) -> dict[str, Any] | None:
    """Meetings whose agenda has the practice; one query."""
    items = list(
        about_practice(context.about.pk)
        .filter(meeting__in=Meeting.objects.visible_to(context.user))
        .select_related("meeting")
        .order_by("-meeting__starts_at", "-pk")[:5]
    )
    return {"items": items} if items else None


def missing_answers(context: PanelContext) -> list[Need]:
    """Meetings of which the person's district has said nothing; one query.

    Those within 21 days, and the next of each series within 35.
    """
    standing, now = standing_of(context.user), context.now
    if not standing.district_ids:
        return []
    nearer = Meeting.objects.filter(series=OuterRef("series"), starts_at__lt=OuterRef("starts_at")).to_come(now)
    meetings = (
        Meeting.objects.filter(covering(standing.office_counties, "series__"))
        .to_come(now)
        .filter(starts_at__lte=now + timedelta(days=NEXT_WITHIN_DAYS))
        .filter(Q(starts_at__lte=now + timedelta(days=ANSWER_WITHIN_DAYS)) | ~Exists(nearer))
        .unanswered_by(standing)[:3]
    )
    return [
        Need(
            text=_("%(meeting)s: %(when)s. Who is coming?")
            % {"meeting": meeting.title, "when": when(meeting.starts_at, meeting.zone)},
            url=f"{meeting.get_absolute_url()}#answer",
            deed=_("Say if you are coming"),
            by=meeting.starts_at,
            about=meeting.title,
        )
        for meeting in meetings
    ]


def register() -> None:
    panels.add(
        Panel("events.next", "home.member", "events/_panel_next.html", next_meeting, order=20),
        Panel("events.public", "home.visitor", "events/_panel_public.html", public_dates, order=40),
        Panel(
            "events.discussed",
            "practice",
            "events/_panel_discussed.html",
            discussed_at,
            order=60,
            behind=about_practice,
        ),
        related.panel("meeting"),
    )
    need_sources.add(NeedSource("events.answers", missing_answers))
    set_up_steps.add(FIRST_MEETING)


def _has_series() -> bool:
    return MeetingSeries.objects.exists()


def _new_series_url() -> str:
    return reverse("events:series-new")


FIRST_MEETING = SetUpStep(
    key="events.first",
    title=gettext_lazy("First meeting"),
    text=gettext_lazy("Say when the county meets; a year of meetings is made from it."),
    deed=gettext_lazy("Plan the first meeting"),
    url=_new_series_url,
    is_done=_has_series,
    order=90,
)
