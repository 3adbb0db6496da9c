"""Who may do what with meetings. The person has already been found to see the thing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.districts.models.standing import standing_of
from portal.events.models.meetings import Meeting, Status
from portal.events.models.series import MeetingSeries


def may_plan_meetings(user: Any) -> bool:
    """Make a series: hosts, for their offices, and officers."""
    standing = standing_of(user)
    return standing.is_officer or bool(standing.office_ids)


def may_run(user: Any, series: MeetingSeries) -> bool:
    """Hosts of the office and officers move, cancel, write agendas and minutes."""
    standing = standing_of(user)
    return standing.is_officer or series.regional_office_id in standing.office_ids


def may_read(user: Any, series: MeetingSeries) -> bool:
    """The same as `visible_to`, for a series in hand (with its office); no query beyond the person's standing."""
    return may_run(user, series) or any(map(series.is_for, standing_of(user).districts))


def may_reinstate(user: Any, meeting: Meeting, now: datetime) -> bool:
    return may_run(user, meeting.series) and meeting.is_reinstatable(now)


def may_answer(user: Any, meeting: Meeting, now: datetime) -> bool:
    """Say whether one comes: everybody who may read it, until it is over."""
    return may_read(user, meeting.series) and meeting.status == Status.SCHEDULED and now < meeting.ends_at


def may_propose(user: Any, meeting: Meeting, now: datetime) -> bool:
    return may_answer(user, meeting, now)


def may_see_join_link(user: Any, meeting: Meeting, now: datetime) -> bool:
    return may_read(user, meeting.series) and meeting.shows_join_link(now)


def may_read_minutes(user: Any, meeting: Meeting) -> bool:
    """The host reads the draft, everybody else what was circulated."""
    return may_run(user, meeting.series) or (meeting.minutes_open and may_read(user, meeting.series))


def may_write_minutes(user: Any, meeting: Meeting) -> bool:
    """Until they are approved."""
    return may_run(user, meeting.series) and meeting.is_writable


def may_write_agenda(user: Any, meeting: Meeting) -> bool:
    return may_write_minutes(user, meeting)


def may_close_action(user: Any, series: MeetingSeries, owner_id: int | None) -> bool:
    """The host, and members of the district that took it on."""
    return may_run(user, series) or (owner_id is not None and owner_id in standing_of(user).district_ids)
