"""The agenda: items added, ordered, proposed by members, taken from suggestions, linked to what they are about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal.districts.models import District, User
from portal.events import rules
from portal.events.deeds.begin import writable_meeting
from portal.events.models.agendas import AgendaItem, ItemKind
from portal.events.models.meetings import Meeting
from portal.prose import with_html
from portal.refusals import Refused


@transaction.atomic
def add_item(
    meeting: Meeting,
    title: str,
    *,
    by: User,
    kind: str = ItemKind.DISCUSSION,
    minutes: int = 10,
    owner: District | None = None,
    body: str = "",
    link: tuple[str, int] | None = None,
    repeats: bool = False,
    carried_from: AgendaItem | None = None,
) -> AgendaItem:
    """One more item at the end. `link` names a thing that search knows; the caller checked that its adder sees it."""
    writable_meeting(meeting.pk, by=by)
    return AgendaItem.objects.create(
        meeting=meeting,
        position=_end(meeting),
        title=title,
        kind=kind,
        minutes_planned=minutes,
        owner=owner,
        body=body,
        linked_kind=link[0] if link else "",
        linked_id=link[1] if link else None,
        repeats=repeats,
        carried_from=carried_from,
    )


@transaction.atomic
def propose_item(
    meeting: Meeting, title: str, *, by: User, at: datetime, body: str = "", minutes: int = 10
) -> AgendaItem:
    """A member's wish: the host sees it on the agenda page and takes it or not. It is found by nobody until then."""
    meeting = Meeting.objects.locked(meeting.pk)
    if not rules.may_propose(by, meeting, at):
        raise PermissionDenied
    meeting.refuse_unless_writable()
    return AgendaItem.objects.create(
        meeting=meeting,
        position=_end(meeting),
        title=title,
        body=body,
        minutes_planned=minutes,
        owner=meeting.series.district_of(by),
        is_proposal=True,
        proposed_by=by,
    )


@transaction.atomic
def accept_item(item: AgendaItem, *, by: User) -> None:
    """Take a proposal: it goes to the end of the agenda."""
    writable_meeting(item.meeting_id, by=by)
    item.is_proposal = False
    item.position = _end(item.meeting)
    item.save(update_fields=["is_proposal", "position"])


@transaction.atomic
def change_item(item: AgendaItem, changes: dict[str, Any], *, by: User, over: str) -> None:
    """Title, kind, minutes, owner, text, whether it is on every agenda.

    `over` is the fingerprint of the item that was changed; `Stale` where it is no longer that one.
    """
    writable_meeting(item.meeting_id, by=by)
    stored = AgendaItem.objects.select_for_update().get(pk=item.pk)
    stored.refuse_stale(over)
    for name, value in changes.items():
        setattr(stored, name, value)
    stored.save(update_fields=list(with_html(AgendaItem, changes)))


@transaction.atomic
def remove_item(item: AgendaItem, *, by: User) -> None:
    """Take it off the agenda. Refused where minutes stand under it, or were sent out: they would go with it."""
    meeting = writable_meeting(item.meeting_id, by=by)
    stored = AgendaItem.objects.select_for_update().get(pk=item.pk)
    if meeting.minutes_open and not stored.is_proposal:
        raise Refused(_("The minutes were sent out; their items stay."))
    if stored.notes or stored.decisions.exists() or stored.actions.exists():
        raise Refused(_("Minutes, decisions or actions stand under this item. It stays with them."))
    log(meeting, "events.remove_item", user=by, data={"title": stored.title, "body": stored.body})
    stored.delete()


@transaction.atomic
def shift_item(item: AgendaItem, steps: int, *, by: User) -> None:
    """Up (-1) or down (1) among the accepted items; at the edge nothing happens."""
    writable_meeting(item.meeting_id, by=by)
    items = list(AgendaItem.objects.select_for_update().filter(meeting=item.meeting_id).accepted())
    place = next((i for i, other in enumerate(items) if other.pk == item.pk), None)
    if place is None or not 0 <= place + steps < len(items):
        return
    items.insert(place + steps, items.pop(place))
    for position, other in enumerate(items, start=1):
        other.position = position
    AgendaItem.objects.bulk_update(items, ["position"])


@transaction.atomic
def link_item(item: AgendaItem, link: tuple[str, int] | None, *, by: User) -> None:
    """Say what the item is about, or no longer."""
    writable_meeting(item.meeting_id, by=by)
    item.linked_kind, item.linked_id = link or ("", None)
    item.save(update_fields=["linked_kind", "linked_id"])


def _end(meeting: Meeting) -> int:
    last: int | None = AgendaItem.objects.filter(meeting=meeting).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1
