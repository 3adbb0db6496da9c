"""The page on which minutes are written: one form, so that saving one item loses nothing typed under another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal import boxes
from portal.districts.models import District
from portal.events.deeds.write_minutes import Notes, Written
from portal.events.forms.edit import send_again
from portal.events.forms.fields import day_field, near
from portal.events.models.agendas import AgendaItem
from portal.events.models.meetings import Meeting
from portal.events.models.outcomes import ActionItem, Decision
from portal.prose import MarkdownField
from portal.refusals import Stale


class NotesForm(forms.Form):
    """What was shown is sent along, so that notes nobody touched are not written."""

    notes = MarkdownField(
        label=_("Minutes"),
        max_length=50_000,
        required=False,
        show_hidden_initial=True,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    is_finished = boxes.BooleanField(
        label=_("Finished"),
        required=False,
        show_hidden_initial=True,
        help_text=_("What is not finished comes onto the next agenda."),
    )
    version = boxes.IntegerField(min_value=0, max_value=boxes.MOST, widget=forms.HiddenInput)

    @property
    def is_changed(self) -> bool:
        return not {"notes", "is_finished"}.isdisjoint(self.changed_data)

    def written(self, item: AgendaItem) -> Notes:
        said = self.cleaned_data
        return Notes(item, said["notes"], version=said["version"], is_finished=said["is_finished"])

    def show_stale(self, refusal: Stale) -> None:
        """Say what stands there now; what was typed stays, and saved once more it replaces that."""
        send_again(self, "version", str(refusal.stored.version))
        self.add_error("notes", str(refusal))


class DecisionForm(forms.Form):
    """A new decision, or a recorded one put right: emptied, it is taken out."""

    text = boxes.CharField(
        label=_("Decision"),
        max_length=2000,
        required=False,
        show_hidden_initial=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ActionForm(forms.Form):
    """A new action, or a recorded one put right: emptied, it is taken out."""

    text = boxes.CharField(label=_("What is to be done"), max_length=1000, required=False, show_hidden_initial=True)
    owner = boxes.ModelChoiceField(
        label=_("Who does it"),
        queryset=District.objects.none(),
        required=False,
        show_hidden_initial=True,
        empty_label=_("The host"),
    )
    due = day_field(_("Due"), required=False)

    def __init__(
        self, *args: Any, meeting: Meeting, districts: Sequence[District], kept: District | None = None, **kwargs: Any
    ) -> None:
        """`kept` has the recorded action now, whether or not it is one of the series' `districts`."""
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = meeting.series.choices(kept)
        left = [kept] if kept is not None and kept not in districts else []
        owner.choices = [("", _("The host")), *((d.pk, d.name) for d in (*left, *districts))]
        self.fields["due"].show_hidden_initial = True

    def clean_due(self) -> date | None:
        return near(self.cleaned_data["due"])

    def clean(self) -> dict[str, Any]:
        if self.has_changed() and not self.cleaned_data.get("text") and not self.initial:
            self.add_error("text", _("Say what is to be done."))
        return self.cleaned_data


AnyForm = NotesForm | DecisionForm | ActionForm


@dataclass(slots=True)
class ItemForms:
    """One item: its notes, what was decided and taken on under it, and room for more of both."""

    item: AgendaItem
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


class MinutesForm:
    """The forms of every item. `data` is what was sent, None for reading. Four queries for any number of items."""

    def __init__(self, data: QueryDict | None, *, meeting: Meeting) -> None:
        self.meeting, self.data = meeting, data
        self.districts: list[District] = list(meeting.series.districts())
        acted = Prefetch("actions", ActionItem.objects.select_related("owner"))
        self.rows = [self._row(item) for item in meeting.items.accepted().prefetch_related("decisions", acted)]

    def _row(self, item: AgendaItem) -> ItemForms:
        now = {"notes": item.notes, "is_finished": item.is_finished, "version": item.version}
        return ItemForms(
            item,
            NotesForm(self._sent(f"item-{item.pk}"), prefix=f"item-{item.pk}", initial=now),
            [(d, self._decision(f"decision-{d.pk}", {"text": d.text})) for d in item.decisions.all()],
            [(a, self._recorded(a)) for a in item.actions.all()],
            self._decision(f"decide-{item.pk}", {}),
            self._action(f"act-{item.pk}", {}),
        )

    def _sent(self, prefix: str) -> QueryDict | None:
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

    def is_lost(self) -> bool:
        """Whether something was sent for an item, decision or action that somebody took out meanwhile."""
        known = {f"{form.prefix}-" for form in self.forms()}
        names = [name for name in self.data or {} if name.endswith(("-notes", "-text")) and name[:7] != "initial"]
        return any(name.rpartition("-")[0] + "-" not in known for name in names)

    def is_valid(self) -> bool:
        return self.data is not None and all(form.is_valid() for form in self.forms() if form.is_bound)

    def written(self) -> Written:
        """What was changed, of a form that is valid."""
        rows = self.rows
        decided = [pair for row in rows for pair in row.decided]
        acted = [pair for row in rows for pair in row.acted]
        return Written(
            notes=[row.notes.written(row.item) for row in rows if row.notes.is_bound and row.notes.is_changed],
            decisions=[(d, form.cleaned_data["text"]) for d, form in decided if form.is_bound and form.has_changed()],
            actions=[(a, form.cleaned_data) for a, form in acted if form.is_bound and form.has_changed()],
            new_decisions=[
                (row.item, text)
                for row in rows
                if (text := row.decision.is_bound and row.decision.cleaned_data["text"])
            ],
            new_actions=[
                (row.item, row.action.cleaned_data) for row in rows if row.action.is_bound and row.action.has_changed()
            ],
        )

    def show_stale(self, refusal: Stale) -> None:
        """Under each item whose notes somebody saved meanwhile, what they say now."""
        notes = {row.item.pk: row.notes for row in self.rows}
        for each in refusal.stored:
            notes[each.stored.pk].show_stale(each)
