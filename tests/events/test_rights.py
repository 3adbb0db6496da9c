"""A deed asks who may by itself, whether or not a view asked before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from portal.districts.models import User
from portal.events.deeds import (
    agenda,
    answer,
    attend,
    carry_over,
    change,
    circulate,
    close_action,
    invite,
    plan_series,
    reschedule,
    write_minutes,
)
from portal.events.models import ActionItem, AgendaItem, Decision, Meeting
from tests.events.makers import SECOND_THURSDAY, make_item, make_meeting, make_minutes
from tests.people import Cast

NOW = timezone.now()
Deed = Callable[[Cast, AgendaItem, User], Any]

HOSTS_DEEDS: dict[str, Deed] = {
    "add an item": lambda cast, item, by: agenda.add_item(item.meeting, "Carts", by=by),
    "accept": lambda cast, item, by: agenda.accept_item(item, by=by),
    "change an item": lambda cast, item, by: agenda.change_item(item, {"title": "Carts"}, by=by, over=""),
    "remove": lambda cast, item, by: agenda.remove_item(item, by=by),
    "shift": lambda cast, item, by: agenda.shift_item(item, 1, by=by),
    "link": lambda cast, item, by: agenda.link_item(item, None, by=by),
    "start from last": lambda cast, item, by: carry_over.start_from_last(item.meeting, by=by),
    "answer by phone": lambda cast, item, by: answer.answer_for(item.meeting, cast.geneva, "no", by=by, at=NOW),
    "write notes": lambda cast, item, by: write_minutes.write_notes(item, "Words", version=item.version, by=by),
    "decide": lambda cast, item, by: write_minutes.record_decision(item.meeting, "Buy", by=by),
    "take on": lambda cast, item, by: write_minutes.add_action(item.meeting, "Ask", by=by),
    "change a decision": lambda cast, item, by: write_minutes.change_decision(Decision.objects.get(), "", by=by),
    "change an action": lambda cast, item, by: write_minutes.change_action(
        ActionItem.objects.get(), {"text": ""}, by=by
    ),
    "attendance": lambda cast, item, by: attend.take_attendance(item.meeting, {cast.geneva: 9}, by=by, at=NOW),
    "circulate": lambda cast, item, by: circulate.circulate(item.meeting, by=by, at=NOW),
    "approve": lambda cast, item, by: circulate.approve(item.meeting, by=by, at=NOW),
    "close": lambda cast, item, by: close_action.close_action(ActionItem.objects.get(), by=by, at=NOW),
    "reopen": lambda cast, item, by: close_action.reopen_action(ActionItem.objects.get(), by=by),
    "invite": lambda cast, item, by: invite.invite(item.meeting, by=by, at=NOW),
    "move": lambda cast, item, by: reschedule.move(item.meeting, NOW + timedelta(days=1), by=by, at=NOW, reason="Snow"),
    "cancel": lambda cast, item, by: reschedule.cancel(item.meeting, by=by, at=NOW, reason="Snow"),
    "add a meeting": lambda cast, item, by: reschedule.add_extra(
        item.meeting.series, title="", starts_at=NOW + timedelta(days=1), by=by, at=NOW
    ),
    "change the place": lambda cast, item, by: change.change_details(item.meeting, {"room": "Gym"}, by=by, at=NOW),
    "change the series": lambda cast, item, by: change.change_series(
        item.meeting.series, {"room": "Gym"}, by=by, at=NOW
    ),
    "plan a series": lambda cast, item, by: plan_series.make_series(
        plan_series.Plan("Ours", cast.roe31, SECOND_THURSDAY, NOW.date(), NOW.time()), by=by, at=NOW
    ),
}


@pytest.mark.parametrize("deed", HOSTS_DEEDS)
@pytest.mark.parametrize("who", ["member", "outsider"])
def test_a_hosts_deed_is_refused_to_members(cast: Cast, deed: str, who: str) -> None:
    item = make_minutes(cast, make_meeting(cast, days=-2))
    with pytest.raises(PermissionDenied):
        HOSTS_DEEDS[deed](cast, item, getattr(cast, who))


def test_nobody_answers_or_proposes_for_a_county_not_their_own(cast: Cast) -> None:
    meeting = make_meeting(cast)
    make_item(meeting)
    token = answer.undo_token(meeting, cast.outsider)
    for deed in (
        lambda: answer.answer(meeting, cast.outsider, "online", at=NOW),
        lambda: answer.undo(meeting, cast.outsider, token, at=NOW),
        lambda: agenda.propose_item(meeting, "Ours", by=cast.outsider, at=NOW),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    assert not Meeting.objects.filter(rsvps__isnull=False).exists()
