"""How views come to their meeting: what is not yours to see is not there, what is not yours to do is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from portal.events import rules
from portal.events.models.agendas import AgendaItem
from portal.events.models.meetings import Meeting
from portal.events.models.series import MeetingSeries


def found(request: HttpRequest, pk: int, may: Callable[[Any, Meeting], bool] | None = None) -> Meeting:
    """The meeting with series, county and office."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).with_places(), pk=pk)
    if may is not None and not may(request.user, meeting):
        raise PermissionDenied
    return meeting


def may_run(user: Any, meeting: Meeting) -> bool:
    return rules.may_run(user, meeting.series)


def found_item(request: HttpRequest, pk: int, item: int, may: Callable[[Any, Meeting], bool]) -> AgendaItem:
    """One item, for who may; nobody else is told whether there is one, proposed perhaps, of that number."""
    meeting = found(request, pk, may)
    row = get_object_or_404(AgendaItem.objects.select_related("owner"), pk=item, meeting=meeting)
    row.meeting = meeting
    return row


def found_series(request: HttpRequest, slug: str, *, to_run: bool = False) -> MeetingSeries:
    series = get_object_or_404(MeetingSeries.objects.visible_to(request.user).with_places(), slug=slug)
    if to_run and not rules.may_run(request.user, series):
        raise PermissionDenied
    return series
