"""A new agenda starts from last month's."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.districts.models import User
from portal.events.deeds.agenda import add_item
from portal.events.deeds.begin import writable_meeting
from portal.events.models.agendas import AgendaItem, ItemKind
from portal.events.models.meetings import Meeting
from portal.events.models.outcomes import ActionItem

MOST_LISTED = 50
"""Open actions that an agenda names."""


@transaction.atomic
def start_from_last(meeting: Meeting, *, by: User) -> int:
    """Carry over what is on every agenda and what was not finished, and list the open actions; how many items came.

    Pressed twice, nothing comes twice. Actions in minutes that are still a draft are left out: members read agendas.
    """
    meeting = writable_meeting(meeting.pk, by=by)
    last = meeting.last_with_agenda()
    carried = 0
    if last is not None:
        there = set(meeting.items.filter(carried_from__isnull=False).values_list("carried_from_id", flat=True))
        old_items = last.items.accepted()
        if not last.is_canceled:
            old_items = old_items.filter(is_finished=False) | old_items.filter(repeats=True)
        for old in old_items.select_related("owner"):
            if old.pk not in there:
                _carry(old, meeting, by)
                carried += 1
    carried += _list_open_actions(meeting, by)
    return carried


def _carry(old: AgendaItem, meeting: Meeting, by: User) -> AgendaItem:
    return add_item(
        meeting,
        old.title,
        by=by,
        kind=old.kind,
        minutes=old.minutes_planned,
        owner=old.owner,
        body=old.body,
        link=old.link_key,
        repeats=old.repeats,
        carried_from=old,
    )


def _list_open_actions(meeting: Meeting, by: User) -> int:
    title = _("Open actions")
    before = Meeting.objects.before(meeting).order_by()
    actions = ActionItem.objects.filter(meeting__in=before.values("pk")).sent_round().open().select_related("owner")
    lines = [f"- {action.text} ({action.owner or _('host')})" for action in actions[:MOST_LISTED]]
    if not lines or meeting.items.filter(title=title).exists():
        return 0
    if left := max(actions.count() - MOST_LISTED, 0):
        lines.append(ngettext("- and %(n)d more", "- and %(n)d more", left) % {"n": left})
    add_item(meeting, title, by=by, kind=ItemKind.INFORMATION, minutes=5, body="\n".join(lines))
    meeting.items.filter(title=title).update(is_finished=True)  # it is listed anew each time, not carried
    return 1
