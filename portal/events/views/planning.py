"""Host pages: series, and one meeting moved, canceled, changed, announced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from portal.districts.models.standing import standing_of
from portal.districts.signed_in import SignedIn
from portal.events import rules
from portal.events.deeds import schedule
from portal.events.forms.edit import EditForm
from portal.events.forms.planning import CancelForm, DetailsForm, ExtraForm, MoveForm, SeriesChangeForm, SeriesForm
from portal.events.models.meetings import Meeting
from portal.events.models.series import MeetingSeries
from portal.events.views.finding import found, found_series, may_run, sent
from portal.once import once
from portal.refusals import Refused, Stale

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@once
def series_new(request: SignedIn) -> HttpResponse:
    if not rules.may_plan_meetings(request.user):
        raise PermissionDenied
    standing = standing_of(request.user)
    form = SeriesForm(sent(request), standing=standing, initial={"first_date": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        series = schedule.make_series(form.plan(), by=request.user, at=timezone.now())
        messages.success(request, _("Planned: %(rule)s.") % {"rule": series.rule_in_words})
        return redirect(series)
    return _form(request, form, _("Plan monthly meetings"), _("Plan the meetings"))


@get_or_post
@once
def series_edit(request: SignedIn, slug: str) -> HttpResponse:
    series = found_series(request, slug, to_run=True)
    said = _("Saved. The meetings to come have the new place.")
    return _edit(request, SeriesChangeForm, series, schedule.change_series, _("Change the series"), said)


@get_or_post
@once
def extra(request: SignedIn, slug: str) -> HttpResponse:
    series = found_series(request, slug, to_run=True)
    form = ExtraForm(sent(request), initial={"clock": series.start_time})
    if request.method == "POST" and form.is_valid():
        try:
            meeting = schedule.add_extra(
                series,
                title=form.cleaned_data["title"],
                starts_at=form.instant(series.zone),
                by=request.user,
                at=timezone.now(),
            )
            return redirect(meeting)
        except Refused as refusal:
            form.add_error("day", str(refusal))
    return _form(request, form, _("Add an extra meeting"), _("Add and tell everyone"), back=series.get_absolute_url())


@get_or_post
@once
def move(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, may_run)
    local = meeting.local_start
    form = MoveForm(sent(request), initial={"day": local.date(), "clock": local.time()})
    if request.method == "POST" and form.is_valid():
        try:
            schedule.move(
                meeting,
                form.instant(meeting.zone),
                by=request.user,
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, _("Moved. Everyone invited gets a mail with the new date."))
            return redirect(meeting)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, _("Move this meeting"), _("Move and tell everyone"), back=meeting.get_absolute_url())


@get_or_post
@once
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, may_run)
    form = CancelForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            schedule.cancel(
                meeting,
                by=request.user,
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, _("Canceled. Everyone invited gets a mail."))
            return redirect(meeting)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    back = meeting.get_absolute_url()
    return _form(request, form, _("Cancel this meeting"), _("Cancel and tell everyone"), back=back, danger=True)


@get_or_post
@once
def details(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, may_run)
    said = _("Saved. Where the place is another, everyone invited gets a mail.")
    return _edit(request, DetailsForm, meeting, schedule.change_details, _("Change title and place"), said)


@require_POST
@once
def invite(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, may_run)
    try:
        told = schedule.invite(meeting, by=request.user, at=timezone.now())
        said = ngettext("Invitation sent to %(count)d person.", "Invitation sent to %(count)d people.", told)
        nobody = _("No mail was sent: everyone invited has this invitation already, or takes no such mail.")
        messages.success(request, said % {"count": told} if told else nobody)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(meeting)


def _edit(
    request: SignedIn,
    form_of: type[EditForm],
    shown: MeetingSeries | Meeting,
    change: Callable[..., Any],
    title: str,
    said: str,
) -> HttpResponse:
    """What is there changed by its form; 409 where somebody changed it since the form was opened."""
    form, refused = form_of(sent(request), initial=form_of.values_of(shown)), 422
    if request.method == "POST" and form.is_valid():
        try:
            change(shown, form.changes(), by=request.user, at=timezone.now(), over=form.cleaned_data["seen"])
            messages.success(request, said)
            return redirect(shown)
        except Stale as stale:
            form.show_stale(stale)
            refused = 409
    return _form(request, form, title, _("Save"), back=shown.get_absolute_url(), refused=refused)


def _form(
    request: HttpRequest,
    form: object,
    title: str,
    submit: str,
    *,
    back: str = "/meetings/",
    danger: bool = False,
    refused: int = 422,
) -> HttpResponse:
    context = {"form": form, "heading": title, "submit": submit, "back": back, "danger": danger}
    return render(request, "events/form.html", context, status=refused if request.method == "POST" else 200)
