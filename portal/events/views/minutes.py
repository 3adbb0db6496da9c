"""Minutes: notes under each item, decisions, actions, attendance, and their way from draft to approved."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.districts.signed_in import SignedIn
from portal.events import rules
from portal.events.deeds import circulate as deeds
from portal.events.deeds.attend import take_attendance
from portal.events.deeds.close_action import close_action, reopen_action
from portal.events.deeds.write_minutes import write_minutes
from portal.events.forms.attendance import AttendanceForm
from portal.events.forms.minutes import MinutesForm
from portal.events.models.meetings import Meeting
from portal.events.models.outcomes import ActionItem
from portal.events.views.finding import found
from portal.http import posted, read_or_write
from portal.ids import row_id
from portal.limits import limited
from portal.once import once
from portal.refusals import Refused, Stale
from portal.undo import offer


@read_or_write
def minutes(request: SignedIn, pk: int) -> HttpResponse:
    """Every button saves the whole page."""
    meeting = found(request, pk, rules.may_write_minutes)
    form = MinutesForm(posted(request), meeting=meeting)
    if form.is_lost():
        raise Http404
    refused = 422
    if form.is_valid():
        try:
            with once(request) as sent:
                write_minutes(meeting, form.written(), by=request.user)
                messages.success(request, _("Minutes saved."))
                return sent.to(_address(meeting, request.POST.get("to", "")))
        except Stale as refusal:
            form.show_stale(refusal)
            refused = 409
        except Refused as refusal:
            messages.error(request, str(refusal))
            refused = refusal.status
    invalid = next((one for one in form.forms() if one.errors), None)
    context = {"meeting": meeting, "rows": form.rows, "form": invalid}
    return render(request, "events/minutes_edit.html", context, status=refused if request.method == "POST" else 200)


def _address(meeting: Meeting, item: str) -> str:
    anchor = f"#item-{item}" if row_id(item) is not None else ""
    return reverse("events:minutes", args=[meeting.pk]) + anchor


@require_POST
def action_close(request: SignedIn, pk: int) -> HttpResponse:
    action = _action(request, pk)
    with once(request) as sent:
        close_action(action, by=request.user, at=timezone.now())
        words = _("Done: %(text)s") % {"text": Truncator(action.text).chars(80)}
        offer(request, words, reverse("events:action-reopen", args=[pk]))
        return sent.to(action.series)


@require_POST
def action_reopen(request: SignedIn, pk: int) -> HttpResponse:
    action = _action(request, pk)
    with once(request) as sent:
        reopen_action(action, by=request.user)
        return sent.to(action.series)


def _action(request: HttpRequest, pk: int) -> ActionItem:
    rows = ActionItem.objects.visible_to(request.user).select_related("series__regional_office")
    return get_object_or_404(rows, pk=pk)


@read_or_write
def attendance(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, rules.may_write_minutes)
    districts = list(meeting.districts_with_attendance())
    form = AttendanceForm(posted(request), districts=districts)
    if form.is_valid():
        try:
            with once(request) as sent:
                take_attendance(meeting, form.people(), by=request.user, at=timezone.now())
                messages.success(request, _("Attendance saved."))
                return sent.to(meeting)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "heading": _("Who was there"), "submit": _("Save"), "back": meeting.get_absolute_url()}
    return render(request, "events/form.html", context, status=422 if request.method == "POST" else 200)


@limited("meeting")
@require_POST
def circulate(request: SignedIn, pk: int) -> HttpResponse:
    return _pass_on(request, pk, deeds.circulate, _("Minutes sent out. Members read them on the meeting's page."))


@require_POST
def approve(request: SignedIn, pk: int) -> HttpResponse:
    return _pass_on(request, pk, deeds.approve, _("Minutes approved. They can no longer be changed."))


def _pass_on(request: SignedIn, pk: int, deed: Callable[..., None], said: str) -> HttpResponse:
    meeting = found(request, pk)
    try:
        with once(request) as sent:
            deed(meeting, by=request.user, at=timezone.now())
            messages.success(request, said)
            return sent.to(meeting)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(meeting)
