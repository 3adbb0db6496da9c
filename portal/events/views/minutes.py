"""Minutes: notes under each item, decisions, actions, attendance, and their way from draft to approved."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, FilteredRelation, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.events import minuting, rules
from portal.events.agendas import ActionItem, AgendaItem
from portal.events.forms import ActionForm, AttendanceForm, DecisionForm, NotesForm
from portal.events.meetings import Meeting, NotPossibleError
from portal.events.showing import lines_of, outcomes_of
from portal.events.views.finding import found, found_item, may_run, sent
from portal.once import once
from portal.undo import offer

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def _to_item(item: AgendaItem) -> HttpResponse:
    return redirect(f"{reverse('events:minutes', args=[item.meeting_id])}#item-{item.pk}")


def _notes_form(item: AgendaItem) -> NotesForm:
    initial = {"notes": item.notes, "is_finished": item.is_finished, "version": item.version}
    return NotesForm(initial=initial, auto_id=f"id_{item.pk}_%s")


@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = found(request, pk, rules.may_write_minutes)
    outcomes = outcomes_of(meeting)
    lines = lines_of(meeting, request.user, outcomes)
    districts = list(meeting.series.districts())
    forms = []
    for line in lines:
        action_form = ActionForm(meeting=meeting, auto_id=f"id_action_{line.item.pk}_%s")
        owner = action_form.fields["owner"]
        owner.choices = [("", _("The host")), *((d.pk, d.name) for d in districts)]  # type: ignore[attr-defined]
        decision_form = DecisionForm(auto_id=f"id_decision_{line.item.pk}_%s")
        forms.append((line, _notes_form(line.item), decision_form, action_form))
    return render(request, "events/minutes_edit.html", {"meeting": meeting, "rows": forms})


@require_POST
@once
def notes(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    row = found_item(request, pk, item, rules.may_write_minutes)
    form = NotesForm(request.POST)
    if not form.is_valid():
        return _refused(request, form, row.meeting, status=422)
    data = form.cleaned_data
    try:
        minuting.write_notes(row, data["notes"], version=data["version"], is_finished=data["is_finished"])
    except minuting.StaleNotesError as stale:
        context = {"item": stale.stored, "meeting": row.meeting, "typed": data["notes"], "form": form}
        return render(request, "events/notes_conflict.html", context, status=409)
    messages.success(request, _("Minutes saved: %(title)s") % {"title": row.title})
    return _to_item(row)


@require_POST
@once
def decide(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    row = found_item(request, pk, item, rules.may_write_minutes)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _refused(request, form, row.meeting, status=422)
    minuting.record_decision(row.meeting, form.cleaned_data["text"], item=row)
    return _to_item(row)


@require_POST
@once
def act(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    row = found_item(request, pk, item, rules.may_write_minutes)
    form = ActionForm(request.POST, meeting=row.meeting)
    if not form.is_valid():
        return _refused(request, form, row.meeting, status=422)
    data = form.cleaned_data
    minuting.add_action(row.meeting, data["text"], owner=data["owner"], due=data["due"], item=row)
    return _to_item(row)


@require_POST
@once
def action_close(request: HttpRequest, pk: int) -> HttpResponse:
    action = _action(request, pk)
    minuting.close_action(action, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    offer(request, _("Done: %(text)s") % {"text": action.text[:80]}, reverse("events:action-reopen", args=[pk]))
    return redirect(action.series)


@require_POST
@once
def action_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    action = _action(request, pk)
    minuting.reopen_action(action)
    return redirect(action.series)


def _action(request: HttpRequest, pk: int) -> ActionItem:
    rows = ActionItem.objects.visible_to(request.user).select_related("series__regional_office")
    action = get_object_or_404(rows, pk=pk)
    if not rules.may_close_action(request.user, action.series, action.owner_id):
        raise PermissionDenied
    return action


@get_or_post
@once
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = found(request, pk, rules.may_write_minutes)
    was = FilteredRelation("attendance", condition=Q(attendance__meeting=meeting))
    districts = list(meeting.series.districts().alias(was=was).annotate(people=F("was__people")))
    present = {d.pk: d.people or 0 for d in districts}
    form = AttendanceForm(sent(request), districts=districts, present=present)
    if request.method == "POST" and form.is_valid():
        try:
            minuting.take_attendance(meeting, form.people(), by=request.user, at=timezone.now())  # type: ignore[arg-type]
            messages.success(request, _("Attendance saved."))
            return redirect(meeting)
        except NotPossibleError as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "heading": _("Who was there"), "submit": _("Save"), "back": meeting.get_absolute_url()}
    return render(request, "events/form.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@once
def circulate(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = found(request, pk, may_run)
    try:
        minuting.circulate(meeting, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("Minutes sent round. Members read them on the meeting's page."))
    except NotPossibleError as refusal:
        messages.error(request, str(refusal))
    return redirect(meeting)


@require_POST
@once
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = found(request, pk, may_run)
    try:
        minuting.approve(meeting, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("Minutes approved. They can no longer be changed."))
    except NotPossibleError as refusal:
        messages.error(request, str(refusal))
    return redirect(meeting)


def _refused(request: HttpRequest, form: object, meeting: Meeting, *, status: int) -> HttpResponse:
    back = reverse("events:minutes", args=[meeting.pk])
    context = {"form": form, "heading": _("Minutes"), "submit": _("Save"), "back": back}
    return render(request, "events/form.html", context, status=status)
