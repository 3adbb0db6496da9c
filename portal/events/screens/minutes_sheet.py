"""The page on which minutes are written: one form, so that saving one item loses nothing typed under another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from portal.districts.models import District, User
from portal.events.deeds.minutes import add_action, change_action, change_decision, record_decision, write_notes
from portal.events.forms.minutes import ActionForm, DecisionForm, NotesForm
from portal.events.models.meetings import Meeting
from portal.events.models.outcomes import ActionItem, Decision
from portal.events.screens.meeting import Line, lines_of
from portal.refusals import Stale

AnyForm = NotesForm | DecisionForm | ActionForm


@dataclass(slots=True)
class Row:
    """One item: its notes, what was decided and taken on under it, and room for more of both."""

    line: Line
    notes: NotesForm
    decided: list[tuple[Decision, DecisionForm]]
    acted: list[tuple[ActionItem, ActionForm]]
    decision: DecisionForm
    action: ActionForm

    def forms(self) -> Iterator[AnyForm]:
        yield self.notes
        yield from (form for _decision, form in self.decided)
        yield from (form for _action, form in self.acted)
        yield from (self.decision, self.action)


class Sheet:
    """`data` is what was sent, None for reading. Four queries for any number of items."""

    def __init__(self, meeting: Meeting, user: User, data: QueryDict | None) -> None:
        self.meeting, self.user, self.data = meeting, user, data
        self.districts: list[District] = list(meeting.series.districts())
        decisions, actions = list(meeting.decisions.all()), list(meeting.actions.select_related("owner"))
        self.rows = [
            self._row(
                line,
                [d for d in decisions if d.item_id == line.item.pk],
                [a for a in actions if a.item_id == line.item.pk],
            )
            for line in lines_of(meeting, user, [])
        ]

    def _row(self, line: Line, decisions: list[Decision], actions: list[ActionItem]) -> Row:
        item = line.item
        now = {"notes": item.notes, "is_finished": item.is_finished, "version": item.version}
        return Row(
            line,
            NotesForm(self._sent(f"item-{item.pk}"), prefix=f"item-{item.pk}", initial=now),
            [(d, self._decision(f"decision-{d.pk}", {"text": d.text})) for d in decisions],
            [(a, self._recorded(a)) for a in actions],
            self._decision(f"decide-{item.pk}", {}),
            self._action(f"act-{item.pk}", {}),
        )

    def _sent(self, prefix: str) -> MultiValueDict[str, Any] | None:
        """What was sent of one form; an item that came onto the agenda since the page was opened sent none."""
        sent = self.data is not None and any(name.startswith(f"{prefix}-") for name in self.data)
        return self.data if sent else None

    def _decision(self, prefix: str, initial: dict[str, Any]) -> DecisionForm:
        return DecisionForm(self._sent(prefix), prefix=prefix, initial=initial)

    def _recorded(self, action: ActionItem) -> ActionForm:
        now = {"text": action.text, "owner": action.owner_id, "due": action.due}
        return self._action(f"action-{action.pk}", now, kept=action.owner)

    def _action(self, prefix: str, initial: dict[str, Any], kept: District | None = None) -> ActionForm:
        sent = self._sent(prefix)
        return ActionForm(
            sent, prefix=prefix, initial=initial, meeting=self.meeting, districts=self.districts, kept=kept
        )

    def forms(self) -> list[AnyForm]:
        return [form for row in self.rows for form in row.forms()]

    def lost(self) -> bool:
        """Whether something was sent for an item, decision or action that somebody took out meanwhile."""
        known = {f"{form.prefix}-" for form in self.forms()}
        names = [name for name in self.data or {} if name.endswith(("-notes", "-text")) and name[:7] != "initial"]
        return any(name.rpartition("-")[0] + "-" not in known for name in names)

    def is_valid(self) -> bool:
        return all(form.is_valid() for form in self.forms() if form.is_bound)

    def save(self) -> bool:
        """Write what was changed. False where somebody saved the same notes meanwhile: then nothing may be kept."""
        fresh = True
        for row in self.rows:
            if row.notes.is_bound and row.notes.is_changed:
                said = row.notes.cleaned_data
                try:
                    write_notes(row.line.item, said["notes"], version=said["version"], is_finished=said["is_finished"])
                except Stale as stale:
                    row.notes.show_stale(stale)
                    fresh = False
            self._save_outcomes(row)
        return fresh

    def _save_outcomes(self, row: Row) -> None:
        for decision, form in row.decided:
            if form.is_bound and form.has_changed():
                change_decision(decision, form.cleaned_data["text"], by=self.user)
        for action, changed in row.acted:
            if changed.is_bound and changed.has_changed():
                change_action(action, changed.cleaned_data, by=self.user)
        if text := row.decision.is_bound and row.decision.cleaned_data["text"]:
            record_decision(self.meeting, text, item=row.line.item)
        if row.action.is_bound and row.action.has_changed():
            said = row.action.cleaned_data
            add_action(self.meeting, said["text"], owner=said["owner"], due=said["due"], item=row.line.item)
