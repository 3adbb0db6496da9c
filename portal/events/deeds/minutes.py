"""Minutes: notes under each item, decisions, actions, who was there; drafted, circulated, approved."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal.districts.models import District, User
from portal.events.deeds.notify import tell_everyone
from portal.events.models.agendas import AgendaItem
from portal.events.models.attendance import Attendance
from portal.events.models.meetings import Meeting, MinutesState, Status
from portal.events.models.outcomes import ActionItem, Decision
from portal.refusals import Refused, Stale


@transaction.atomic
def write_notes(item: AgendaItem, notes: str, *, version: int, is_finished: bool | None = None) -> AgendaItem:
    """Keep the notes if they were written over `version`; `Stale` otherwise, and nothing is changed."""
    Meeting.objects.writable(item.meeting_id)
    changes: dict[str, object] = {"notes": notes, "version": F("version") + 1}
    if is_finished is not None:
        changes["is_finished"] = is_finished
    written = AgendaItem.objects.filter(pk=item.pk, version=version).update(**changes)
    stored = AgendaItem.objects.get(pk=item.pk)
    if not written and (stored.notes, stored.is_finished) != (notes, bool(is_finished)):
        said = _(
            "Somebody saved these minutes since you opened them. Put together what should stay. They now say: %(now)s"
        )
        raise Stale(said % {"now": stored.notes}, stored)
    return stored


@transaction.atomic
def record_decision(meeting: Meeting, text: str, *, item: AgendaItem | None = None) -> Decision:
    Meeting.objects.writable(meeting.pk)
    return Decision.objects.create(meeting=meeting, item=item, text=text)


@transaction.atomic
def add_action(
    meeting: Meeting,
    text: str,
    *,
    owner: District | None = None,
    due: date | None = None,
    item: AgendaItem | None = None,
) -> ActionItem:
    """`owner` None is the host."""
    Meeting.objects.writable(meeting.pk)
    return ActionItem.objects.create(series=meeting.series, meeting=meeting, item=item, text=text, owner=owner, due=due)


@transaction.atomic
def change_decision(decision: Decision, text: str, *, by: User | None) -> None:
    """Put it right; without a text it is taken out. What it said before stands in the log."""
    meeting = Meeting.objects.writable(decision.meeting_id)
    log(meeting, "events.change_decision", user=by, data={"was": decision.text, "is": text})
    if not text:
        decision.delete()
        return
    decision.text = text
    decision.save(update_fields=["text"])


@transaction.atomic
def change_action(action: ActionItem, changes: dict[str, Any], *, by: User | None) -> None:
    """Text, owner, due; without a text it is taken out. What it said before stands in the log."""
    meeting = Meeting.objects.writable(action.meeting_id)
    log(meeting, "events.change_action", user=by, data={"was": action.text, "is": changes["text"]})
    if not changes["text"]:
        action.delete()
        return
    for name, value in changes.items():
        setattr(action, name, value)
    action.save(update_fields=list(changes))


@transaction.atomic
def close_action(action: ActionItem, *, by: User | None, at: datetime) -> None:
    action.close(by=by, at=at)


@transaction.atomic
def reopen_action(action: ActionItem) -> None:
    action.reopen()


@transaction.atomic
def take_attendance(meeting: Meeting, people: dict[District, int], *, by: User | None, at: datetime) -> None:
    """Who was there, district by district; those left out or with zero were not. The meeting was held.

    Refused before it begins: held is held, there is no way back to a date that members still answer to.
    """
    meeting = Meeting.objects.writable(meeting.pk)
    _refuse_unless_begun(meeting, at)
    present = {district: count for district, count in people.items() if count > 0}
    meeting.attendance.exclude(district__in=present).delete()
    Attendance.objects.bulk_create(
        [Attendance(meeting=meeting, district=district, people=count) for district, count in present.items()],
        update_conflicts=True,
        unique_fields=["meeting", "district"],
        update_fields=["people"],
    )
    if meeting.status != Status.HELD:
        meeting.status = Status.HELD
        meeting.save(update_fields=["status"])
        log(meeting, "events.hold", user=by)


@transaction.atomic
def circulate(meeting: Meeting, *, by: User | None, at: datetime, quiet: bool = False) -> None:
    """From now on members read the minutes; they are told."""
    meeting = Meeting.objects.locked(meeting.pk)
    if meeting.minutes_state != MinutesState.DRAFT:
        raise Refused(_("These minutes were already sent round."))
    _refuse_unless_begun(meeting, at)
    meeting.minutes_state, meeting.circulated_at = MinutesState.CIRCULATED, at
    meeting.save(update_fields=["minutes_state", "circulated_at"])
    log(meeting, "events.circulate", user=by)
    if not quiet:
        tell_everyone("minutes-circulated", meeting, by=by, at=at, attach=False)


@transaction.atomic
def approve(meeting: Meeting, *, by: User | None, at: datetime) -> None:
    """Approved at the next meeting: nobody changes them any more."""
    meeting = Meeting.objects.locked(meeting.pk)
    if meeting.minutes_state != MinutesState.CIRCULATED:
        raise Refused(_("Send the minutes round first."))
    meeting.minutes_state, meeting.approved_at = MinutesState.APPROVED, at
    meeting.save(update_fields=["minutes_state", "approved_at"])
    log(meeting, "events.approve", user=by)


def _refuse_unless_begun(meeting: Meeting, at: datetime) -> None:
    if meeting.is_canceled:
        raise Refused(_("This meeting was canceled."))
    if not meeting.has_begun(at):
        raise Refused(_("This meeting has not begun. Come back when it has."))
