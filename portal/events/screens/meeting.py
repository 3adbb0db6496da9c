"""What a meeting's page shows, read in few queries: before, who comes; after, what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from portal.districts.models import District
from portal.districts.models.standing import standing_of
from portal.events import rules
from portal.events.models.agendas import AgendaItem
from portal.events.models.meetings import Meeting
from portal.events.models.outcomes import ActionItem, Decision
from portal.events.models.rsvps import Reply, Rsvp
from portal.search.asking.links import resolve


@dataclass(slots=True)
class Outcome:
    """A decision or an action, under an item or the meeting as a whole."""

    kind: str
    pk: int
    item_id: int | None
    text: str
    owner: str
    owner_id: int | None
    due: date | None
    closed_at: datetime | None


@dataclass(slots=True)
class Line:
    """One item of the agenda with what belongs to it."""

    item: AgendaItem
    link: Any
    decisions: list[Outcome] = field(default_factory=list)
    actions: list[Outcome] = field(default_factory=list)


def lines_of(meeting: Meeting, user: Any, outcomes: list[Outcome]) -> list[Line]:
    """The agenda in order: one query, and those of the links where there are any."""
    items = list(meeting.items.accepted().select_related("owner"))
    links = resolve([item.link_key for item in items if item.link_key], user)
    lines = [Line(item, links.get(item.link_key) if item.link_key else None) for item in items]
    for line in lines:
        line.decisions = [o for o in outcomes if o.kind == "decision" and o.item_id == line.item.pk]
        line.actions = [o for o in outcomes if o.kind == "action" and o.item_id == line.item.pk]
    return lines


def outcomes_of(meeting: Meeting) -> list[Outcome]:
    """Decisions and actions in the order they were written. One query."""
    nothing = {
        "owner_name": Value("", output_field=models.CharField()),
        "owner_pk": Cast(Value(None), models.BigIntegerField()),
        "due_on": Cast(Value(None), models.DateField()),
        "done_at": Cast(Value(None), models.DateTimeField()),
    }
    columns = ("what", "pk", "item_id", "text", "owner_name", "owner_pk", "due_on", "done_at")
    decisions = (
        Decision.objects.filter(meeting=meeting)
        .order_by()
        .annotate(what=Value("decision", output_field=models.CharField()), **nothing)
        .values_list(*columns)
    )
    actions = (
        ActionItem.objects.filter(meeting=meeting)
        .order_by()
        .annotate(
            what=Value("action", output_field=models.CharField()),
            owner_name=F("owner__short_name"),
            owner_pk=F("owner_id"),
            due_on=F("due"),
            done_at=F("closed_at"),
        )
        .values_list(*columns)
    )
    rows = decisions.union(actions, all=True)
    found = [Outcome(*row) for row in rows]
    for outcome in found:
        outcome.owner = outcome.owner or ""
    return sorted(found, key=lambda o: (o.kind, o.pk))


@dataclass(slots=True)
class Coming:
    """A district, and the answers of its people; several people may answer for one district."""

    district: District
    answers: list[Rsvp]

    @property
    def best(self) -> str:
        """In person before online before maybe before no; "" for none."""
        given = {rsvp.answer for rsvp in self.answers}
        return next((value for value in Reply.values if value in given), "")


def before(meeting: Meeting, user: Any, now: datetime) -> dict[str, Any]:
    """Agenda and who comes: items, answers and districts are a query each."""
    said = list(meeting.rsvps.select_related("person").order_by("answered_at", "pk"))
    rsvps = [r for r in said if r.starts_at == meeting.starts_at]
    coming = [
        Coming(district, [r for r in rsvps if r.district_id == district.pk]) for district in meeting.series.districts()
    ]
    mine = next((r.answer for r in rsvps if r.person_id == user.pk), "")
    mine_before = [r for r in said if r.person_id == user.pk and r.starts_at != meeting.starts_at]
    own = standing_of(user).district_ids
    return {
        "lines": lines_of(meeting, user, []),
        "coming": coming,
        "cells": [_cell(c, c.district.pk in own) for c in coming],
        "guests": [r for r in rsvps if r.district_id is None],
        "answered": sum(1 for c in coming if c.answers),
        "in_person": sum(1 for r in rsvps if r.answer == Reply.IN_PERSON),
        "online": sum(1 for r in rsvps if r.answer == Reply.ONLINE),
        "missing": [c.district for c in coming if not c.answers],
        "my_answer": mine,
        "said_before": mine_before[-1] if mine_before else None,
        "asked_again": len({r.district_id for r in said if r.district_id} - {r.district_id for r in rsvps}),
        "answers": Reply.choices,
        "may_propose": rules.may_propose(user, meeting, now),
    }


def _cell(coming: Coming, own: bool) -> dict[str, Any]:
    state = {Reply.IN_PERSON: "yes", Reply.ONLINE: "yes", Reply.MAYBE: "pilot", Reply.NO: "stopped"}
    return {
        "label": coming.district.short_name,
        "title": coming.district.name,
        "state": state[Reply(coming.best)] if coming.best else "no",
        "word": Reply(coming.best).label if coming.best else _("Not answered"),
        "own": own,
    }


def after(meeting: Meeting, user: Any) -> dict[str, Any]:
    """Decisions, minutes and attendance; what is still a draft is shown to the host alone."""
    may_read = rules.may_read_minutes(user, meeting)
    outcomes = outcomes_of(meeting) if may_read else []
    districts: list[Any] = list(meeting.districts_with_attendance())
    return {
        "may_read_minutes": may_read,
        "lines": lines_of(meeting, user, outcomes),
        "decisions": [o for o in outcomes if o.kind == "decision"],
        "actions": [o for o in outcomes if o.kind == "action"],
        "attendance": [d for d in districts if d.people],
        "district_total": len(districts),
        "absent": [d for d in districts if not d.people],
        "my_district_ids": standing_of(user).district_ids,
    }
