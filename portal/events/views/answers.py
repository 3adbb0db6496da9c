"""Who comes: a person's answer in one press, and what a district said by phone."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.districts.signed_in import SignedIn
from portal.events import rules
from portal.events.deeds import answer
from portal.events.forms.agenda import AnswerForm, DistrictAnswerForm
from portal.events.models.meetings import Meeting
from portal.events.models.rsvps import Reply
from portal.events.views.finding import found, may_run
from portal.once import once
from portal.refusals import Refused
from portal.undo import offer


@require_POST
@once
def rsvp(request: SignedIn, pk: int) -> HttpResponse:
    now = timezone.now()
    meeting = found(request, pk)
    form = AnswerForm(request.POST)
    if not rules.may_answer(request.user, meeting, now):
        raise PermissionDenied(_("This meeting is canceled or over; no answer is needed."))
    if not form.is_valid():
        return render(request, "events/answer_form.html", {"form": form, "meeting": meeting}, status=422)
    choice = form.cleaned_data["answer"]
    token = answer.undo_token(meeting, request.user)
    answer.answer(meeting, request.user, choice, at=now, note=form.cleaned_data["note"])
    said = _("Your answer: %(answer)s.") % {"answer": Reply(choice).label}
    offer(request, said, reverse("events:rsvp-undo", args=[meeting.pk, token]))
    return _back(request, meeting)


@require_POST
@once
def rsvp_undo(request: SignedIn, pk: int, token: str) -> HttpResponse:
    meeting = found(request, pk)
    if not rules.may_answer(request.user, meeting, timezone.now()):
        raise PermissionDenied(_("This meeting is canceled or over; no answer is needed."))
    if not answer.undo(meeting, request.user, token):
        raise Http404
    messages.success(request, _("Your answer is as it was before."))
    return _back(request, meeting)


@require_POST
@once
def district_rsvp(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, may_run)
    form = DistrictAnswerForm(request.POST, meeting=meeting)
    if form.is_valid():
        data = form.cleaned_data
        try:
            answer.answer_for(
                meeting,
                data["district"],
                data["answer"],
                by=request.user,
                at=timezone.now(),
                note=data["note"],
            )
            messages.success(request, _("Kept for %(district)s.") % {"district": data["district"]})
            return redirect(f"{meeting.get_absolute_url()}#answer")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "events/answer_form.html", {"form": form, "meeting": meeting, "phone": True}, status=422)


def _back(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """To the page of this site where the button stood, else to the meeting."""
    sent_from = request.META.get("HTTP_REFERER", "")
    if url_has_allowed_host_and_scheme(
        sent_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        from urllib.parse import urlsplit

        path = urlsplit(sent_from).path
        if path in ("/", meeting.get_absolute_url()):
            return redirect(path)
    return redirect(meeting)
