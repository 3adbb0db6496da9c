"""Host pages: series, and one meeting moved, canceled, reinstated, changed, announced."""

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
from django.views.decorators.http import require_POST

from portal.districts.models.standing import standing_of
from portal.districts.signed_in import SignedIn
from portal.events import rules
from portal.events.deeds import change, invite, plan_series, reschedule
from portal.events.forms.edit import EditForm, send_again
from portal.events.forms.meeting import CancelForm, DetailsForm, ExtraForm, MoveForm, ReinstateForm
from portal.events.forms.series import SeriesChangeForm, SeriesForm
from portal.events.models.meetings import Meeting
from portal.events.models.series import MeetingSeries
from portal.events.screens.planned import Check
from portal.events.screens.telling import told
from portal.events.views.finding import found, found_series, may_run
from portal.http import posted, read_or_write, show_refusal
from portal.limits import limited
from portal.once import once
from portal.refusals import Refused, Stale


@limited("meeting")
@read_or_write
def series_new(request: SignedIn) -> HttpResponse:
    if not rules.may_plan_meetings(request.user):
        raise PermissionDenied
    standing = standing_of(request.user)
    form = SeriesForm(posted(request), standing=standing, initial={"first_date": timezone.localdate()})
    changing = "change" in request.POST
    if form.is_valid() and not changing:
        plan, now = form.plan(), timezone.now()
        check = Check(plan_series.drafted(plan, by=request.user, at=now), request.user, now)
        if form.cleaned_data["seen"] != check.fingerprint:
            send_again(form, "seen", check.fingerprint)
            return render(request, "events/series_check.html", {"form": form, "check": check})
        try:
            with once(request) as sent:
                series = plan_series.make_series(plan, by=request.user, at=now)
                messages.success(request, _("Planned: %(rule)s.") % {"rule": series.rule_in_words})
                return sent.to(series)
        except Refused as refusal:
            show_refusal(form, refusal)
    refused = 200 if changing else 422
    return _form(request, form, _("Plan meetings"), _("See the dates"), keep=_("Plan no meetings"), refused=refused)


@limited("meeting")
@read_or_write
def series_edit(request: SignedIn, slug: str) -> HttpResponse:
    series = found_series(request, slug, to_run=True)
    said = _("Saved. The meetings to come have the new place.")
    return _edit(request, SeriesChangeForm, series, change.change_series, _("Change the series"), said)


@limited("meeting")
@read_or_write
def extra(request: SignedIn, slug: str) -> HttpResponse:
    series = found_series(request, slug, to_run=True)
    form, now = ExtraForm(posted(request), initial={"clock": series.start_time}), timezone.now()
    if form.is_valid():
        starts_at, title = form.instant(series.zone), form.cleaned_data["title"]
        try:
            with once(request) as sent:
                return sent.to(
                    reschedule.add_extra(series, title=title, starts_at=starts_at, by=request.user, at=timezone.now())
                )
        except Refused as refusal:
            form.add_error("day", str(refusal))
    return _form(
        request,
        form,
        _("Add an extra meeting"),
        _("Add and tell everyone"),
        lede=told("meeting-announced", series, by=request.user, now=now),
        back=series.get_absolute_url(),
        keep=_("Add no meeting"),
    )


@limited("meeting")
@read_or_write
def move(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, may_run)
    local, now = meeting.local_start, timezone.now()
    form = MoveForm(posted(request), initial={"day": local.date(), "clock": local.time()})
    if form.is_valid():
        starts_at, reason = form.instant(meeting.zone), form.cleaned_data["reason"]
        try:
            with once(request) as sent:
                reschedule.move(meeting, starts_at, by=request.user, at=timezone.now(), reason=reason)
                messages.success(request, _("Moved. Everyone invited is told the new date and asked again."))
                return sent.to(meeting)
        except Refused as refusal:
            show_refusal(form, refusal)
    again = _("Answers are for a date: everyone is asked again whether they come on the new one.")
    return _form(
        request,
        form,
        _("Move this meeting"),
        _("Move and tell everyone"),
        lede=f"{told('meeting-moved', meeting.series, by=request.user, now=now)} {again}",
        back=meeting.get_absolute_url(),
        keep=_("Keep the date"),
    )


@limited("meeting")
@read_or_write
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, may_run)
    form, now = CancelForm(posted(request)), timezone.now()
    if form.is_valid():
        try:
            with once(request) as sent:
                reschedule.cancel(meeting, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
                messages.success(request, _("Canceled. Everyone invited is told."))
                return sent.to(meeting)
        except Refused as refusal:
            show_refusal(form, refusal)
    stays = _("It stays on the list as canceled. You can reinstate it until its time has come.")
    return _form(
        request,
        form,
        _("Cancel this meeting"),
        _("Cancel and tell everyone"),
        lede=f"{told('meeting-canceled', meeting.series, by=request.user, now=now)} {stays}",
        back=meeting.get_absolute_url(),
        keep=_("Keep the meeting"),
        danger=True,
    )


@limited("meeting")
@read_or_write
def reinstate(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, may_run)
    form, now = ReinstateForm(posted(request)), timezone.now()
    if form.is_valid():
        try:
            with once(request) as sent:
                reschedule.reinstate(meeting, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
                messages.success(request, _("Reinstated. Everyone invited is told that the meeting takes place."))
                return sent.to(meeting)
        except Refused as refusal:
            show_refusal(form, refusal)
    count = _("Answers for this date still count.")
    return _form(
        request,
        form,
        _("Reinstate this meeting"),
        _("Reinstate and tell everyone"),
        lede=f"{told('meeting-reinstated', meeting.series, by=request.user, now=now)} {count}",
        back=meeting.get_absolute_url(),
        keep=_("Leave it canceled"),
    )


@limited("meeting")
@read_or_write
def details(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, may_run)
    said = _("Saved. If the place changed, everyone invited gets an email.")
    return _edit(request, DetailsForm, meeting, change.change_details, _("Change title and place"), said)


@limited("meeting")
@require_POST
def invitation(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk)
    try:
        with once(request) as sent:
            told = invite.invite(meeting, by=request.user, at=timezone.now())
            said = ngettext("Invitation sent to %(count)d person.", "Invitation sent to %(count)d people.", told)
            nobody = _("No email was sent: everyone invited has this invitation already or has turned such email off.")
            messages.success(request, said % {"count": told} if told else nobody)
            return sent.to(meeting)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(meeting)


def _edit(
    request: SignedIn,
    form_of: type[EditForm],
    shown: MeetingSeries | Meeting,
    deed: Callable[..., Any],
    title: str,
    said: str,
) -> HttpResponse:
    """What is there changed by its form; 409 where somebody changed it since the form was opened."""
    form, refused = form_of(posted(request), initial=form_of.values_of(shown)), 422
    if form.is_valid():
        try:
            with once(request) as sent:
                deed(shown, form.changes(), by=request.user, at=timezone.now(), over=form.cleaned_data["seen"])
                messages.success(request, said)
                return sent.to(shown)
        except Stale as refusal:
            form.show_stale(refusal)
            refused = 409
        except Refused as refusal:
            show_refusal(form, refusal)
    back, keep = shown.get_absolute_url(), _("Leave it as it is")
    return _form(request, form, title, _("Save"), back=back, keep=keep, refused=refused)


def _form(
    request: HttpRequest,
    form: object,
    title: str,
    submit: str,
    *,
    keep: str,
    lede: str = "",
    back: str = "/meetings/",
    danger: bool = False,
    refused: int = 422,
    **more: object,
) -> HttpResponse:
    """`keep` names the way back by what it keeps; `lede` says what will happen, and whom it is told."""
    context = {"form": form, "heading": title, "submit": submit, "back": back, "danger": danger, **more}
    context |= {"keep": keep, "lede": lede}
    return render(request, "events/form.html", context, status=refused if request.method == "POST" else 200)
