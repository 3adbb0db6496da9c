"""Two hosts of one series at the same moment, on whichever database the suite runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from portal.districts.models import User
from portal.events.deeds import change, make_meetings, reschedule
from portal.events.deeds.agenda import propose_item
from portal.events.deeds.write_minutes import add_action, write_notes
from portal.events.models.agendas import AgendaItem
from portal.events.models.meetings import Meeting
from portal.events.models.outcomes import ActionItem
from portal.events.models.series import MeetingSeries
from portal.refusals import Refused
from tests.events.makers import make_item, make_series
from tests.people import make_cast
from tests.purchasing.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

FALL = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
ROUNDS = 10


def test_a_meeting_moved_and_one_added_never_share_an_instant() -> None:
    cast = make_cast()
    series = make_series(cast, at=FALL)
    first = series.meetings.earliest("starts_at")
    deed: dict[str, Any] = {"by": cast.host, "at": FALL, "quiet": True}
    for hours in range(1, ROUNDS + 1):
        free = first.original_starts_at + timedelta(hours=hours)
        move = partial(reschedule.move, first, free, reason="Testing week", **deed)
        ended = at_once([move, partial(reschedule.add_extra, series, title="", starts_at=free, **deed)])
        assert [type(end) for end in ended if not isinstance(end, Meeting)] == [Refused], ended
        assert series.meetings.filter(starts_at=free).count() == 1


def test_the_year_ahead_is_made_once_by_two() -> None:
    series = make_series(make_cast(), at=FALL)
    for days in range(90, 90 * ROUNDS, 90):
        copies = [MeetingSeries.objects.get(pk=series.pk) for _n in range(2)]
        fewer, more = sorted(
            at_once([partial(make_meetings.make_meetings, one, at=FALL + timedelta(days=days)) for one in copies])
        )
        assert fewer == 0 < more


def test_a_changed_series_and_its_meetings_never_wait_for_each_other() -> None:
    cast = make_cast()
    series = make_series(cast, at=FALL)
    deed: dict[str, Any] = {"by": cast.host, "at": FALL}
    for meeting in series.meetings.order_by("starts_at")[:ROUNDS]:
        later = meeting.starts_at + timedelta(hours=1)
        ended = at_once(
            [
                partial(change.change_series, series, {"room": f"Room {meeting.pk}"}, **deed),
                partial(change.change_details, meeting, {"title": "All"}, quiet=True, **deed),
                partial(reschedule.move, meeting, later, reason="Testing week", quiet=True, **deed),
                partial(reschedule.cancel, meeting, reason="Snow", quiet=True, **deed),
            ]
        )
        assert all(isinstance(end, Meeting | MeetingSeries | Refused) for end in ended), ended


def test_a_changed_series_and_minutes_with_a_new_action_never_wait_for_each_other() -> None:
    """Minutes lock their meeting first and want the series at the end; both write what search knows of the meeting."""
    cast = make_cast()
    series = make_series(cast, at=FALL)
    assert cast.member.standing.districts  # read here, not in the race
    for round_, meeting in enumerate(series.meetings.order_by("starts_at")[:ROUNDS]):
        item = make_item(meeting)
        ended = at_once(
            [
                partial(change.change_series, series, {"room": f"Room {round_}"}, by=cast.host, at=FALL),
                partial(save_minutes, item, cast.host),
                partial(propose_item, meeting, "Carts", by=cast.member, at=FALL),
                partial(make_meetings.make_due_meetings, FALL + timedelta(days=1)),
            ]
        )
        assert [type(end) for end in ended] == [MeetingSeries, ActionItem, AgendaItem, int], ended
        assert Meeting.objects.get(pk=meeting.pk).room == f"Room {round_}"


@transaction.atomic
def save_minutes(item: AgendaItem, by: User) -> ActionItem:
    """As the page does: all in one transaction."""
    write_notes(item, "Batavia lends its bench.", version=0, by=by)
    return add_action(item.meeting, "Send the parts list", item=item, by=by)
