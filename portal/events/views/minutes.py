"""Minutes: notes under each item, decisions, actions, attendance, and their way from draft to approved."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, FilteredRelation, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.districts.signed_in import SignedIn
from portal.events import rules
from portal.events.deeds import minutes as deeds
from portal.events.forms.minutes import AttendanceForm
from portal.events.models.meetings import Meeting
from portal.events.models.outcomes import ActionItem
from portal.events.screens.minutes_sheet import Sheet
from portal.events.views.finding import found, may_run, sent
from portal.ids import row_id
from portal.once import once
from portal.refusals import Refused
from portal.undo import offer

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@once
def minutes(request: SignedIn, pk: int) -> HttpResponse:
    """Every button saves the whole page."""
    meeting = found(request, pk, rules.may_write_minutes)
    sheet = Sheet(meeting, request.user, sent(request))
    status = 200
    if request.method == "POST":
        if sheet.lost():
            raise Http404
        status = 422
        if sheet.is_valid():
            if sheet.save():
                messages.success(request, _("Minutes saved."))
                return _to_item(meeting, request.POST.get("to", ""))
            status = 409
    invalid = next((form for form in sheet.forms() if form.errors), None)
    context = {"meeting": meeting, "rows": sheet.rows, "form": invalid}
    return render(request, "events/minutes_edit.html", context, status=status)


def _to_item(meeting: Meeting, item: str) -> HttpResponse:
    anchor = f"#item-{item}" if row_id(item) is not None else ""
    return redirect(reverse("events:minutes", args=[meeting.pk]) + anchor)


@require_POST
@once
def action_close(request: SignedIn, pk: int) -> HttpResponse:
    action = _action(request, pk)
    deeds.close_action(action, by=request.user, at=timezone.now())
    offer(request, _("Done: %(text)s") % {"text": action.text[:80]}, reverse("events:action-reopen", args=[pk]))
    return redirect(action.series)


@require_POST
@once
def action_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    action = _action(request, pk)
    deeds.reopen_action(action)
    return redirect(action.series)


def _action(request: HttpRequest, pk: int) -> ActionItem:
    rows = ActionItem.objects.visible_to(request.user).select_related("series__regional_office")
    action = get_object_or_404(rows, pk=pk)
    if not rules.may_close_action(request.user, action.series, action.owner_id):
        raise PermissionDenied
    return action


@get_or_post
@once
def attendance(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, rules.may_write_minutes)
    was = FilteredRelation("attendance", condition=Q(attendance__meeting=meeting))
    districts = list(meeting.series.districts().alias(was=was).annotate(people=F("was__people")))
    present = {d.pk: d.people or 0 for d in districts}
    form = AttendanceForm(sent(request), districts=districts, present=present)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.take_attendance(meeting, form.people(), by=request.user, at=timezone.now())
            messages.success(request, _("Attendance saved."))
            return redirect(meeting)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "heading": _("Who was there"), "submit": _("Save"), "back": meeting.get_absolute_url()}
    return render(request, "events/form.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@once
def circulate(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, may_run)
    try:
        deeds.circulate(meeting, by=request.user, at=timezone.now())
        messages.success(request, _("Minutes sent round. Members read them on the meeting's page."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(meeting)


@require_POST
@once
def approve(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, may_run)
    try:
        deeds.approve(meeting, by=request.user, at=timezone.now())
        messages.success(request, _("Minutes approved. They can no longer be changed."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(meeting)
