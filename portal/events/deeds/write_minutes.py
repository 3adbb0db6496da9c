"""Minutes written: notes under each item, decisions and actions; one by one, or a whole page at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.districts.models import District, User
from portal.events.deeds.begin import writable_meeting
from portal.events.models.agendas import AgendaItem
from portal.events.models.meetings import Meeting
from portal.events.models.outcomes import ActionItem, Decision
from portal.prose import with_html
from portal.refusals import Stale


@dataclass(frozen=True, slots=True)
class Notes:
    """What was typed under one item, over its notes as `version`."""

    item: AgendaItem
    text: str
    version: int
    is_finished: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody changed on the page of the minutes. An action is its text, owner and due by name."""

    notes: Sequence[Notes]
    decisions: Sequence[tuple[Decision, str]]
    actions: Sequence[tuple[ActionItem, dict[str, Any]]]
    new_decisions: Sequence[tuple[AgendaItem, str]]
    new_actions: Sequence[tuple[AgendaItem, dict[str, Any]]]


@transaction.atomic
def write_minutes(meeting: Meeting, written: Written, *, by: User) -> None:
    """All of it or nothing: `Stale` where notes were saved meanwhile; its `stored` has a `Stale` for each such item."""
    stale = []
    for notes in written.notes:
        try:
            write_notes(notes.item, notes.text, version=notes.version, is_finished=notes.is_finished, by=by)
        except Stale as refusal:
            stale.append(refusal)
    if stale:
        raise Stale("\n".join(map(str, stale)), stale)
    for decision, text in written.decisions:
        change_decision(decision, text, by=by)
    for action, changes in written.actions:
        change_action(action, changes, by=by)
    for item, text in written.new_decisions:
        record_decision(meeting, text, item=item, by=by)
    for item, said in written.new_actions:
        add_action(meeting, **said, item=item, by=by)


@transaction.atomic
def write_notes(item: AgendaItem, notes: str, *, version: int, by: User, is_finished: bool | None = None) -> AgendaItem:
    """Keep the notes if they were written over `version`; `Stale` otherwise, and nothing is changed."""
    writable_meeting(item.meeting_id, by=by)
    changes: dict[str, object] = {"notes": notes, "version": F("version") + 1}
    if is_finished is not None:
        changes["is_finished"] = is_finished
    written = AgendaItem.objects.filter(pk=item.pk, version=version).update(**with_html(AgendaItem, changes))
    stored = AgendaItem.objects.get(pk=item.pk)
    if not written and (stored.notes, stored.is_finished) != (notes, bool(is_finished)):
        said = _(
            "Somebody saved these minutes since you opened them. Put together what should stay. They now say: %(now)s"
        )
        raise Stale(said % {"now": stored.notes}, stored)
    return stored


@transaction.atomic
def record_decision(meeting: Meeting, text: str, *, by: User, item: AgendaItem | None = None) -> Decision:
    writable_meeting(meeting.pk, by=by)
    return Decision.objects.create(meeting=meeting, item=item, text=text)


@transaction.atomic
def add_action(
    meeting: Meeting,
    text: str,
    *,
    by: User,
    owner: District | None = None,
    due: date | None = None,
    item: AgendaItem | None = None,
) -> ActionItem:
    """`owner` None is the host."""
    writable_meeting(meeting.pk, by=by)
    return ActionItem.objects.create(series=meeting.series, meeting=meeting, item=item, text=text, owner=owner, due=due)


@transaction.atomic
def change_decision(decision: Decision, text: str, *, by: User) -> None:
    """Put it right; without a text it is taken out. What it said before stands in the log."""
    meeting = writable_meeting(decision.meeting_id, by=by)
    log(meeting, "events.change_decision", user=by, data={"was": decision.text, "is": text})
    if not text:
        decision.delete()
        return
    decision.text = text
    decision.save(update_fields=["text"])


@transaction.atomic
def change_action(action: ActionItem, changes: dict[str, Any], *, by: User) -> None:
    """Text, owner, due; without a text it is taken out. What it said before stands in the log."""
    meeting = writable_meeting(action.meeting_id, by=by)
    log(meeting, "events.change_action", user=by, data={"was": action.text, "is": changes["text"]})
    if not changes["text"]:
        action.delete()
        return
    for name, value in changes.items():
        setattr(action, name, value)
    action.save(update_fields=list(changes))
