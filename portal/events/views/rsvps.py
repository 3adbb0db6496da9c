"""Who comes: a person's answer in one press, and what a district said by phone."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.districts.signed_in import SignedIn
from portal.events.deeds import answer
from portal.events.forms.edit import send_again
from portal.events.forms.rsvp import DistrictRsvpForm, RsvpForm
from portal.events.models.meetings import Meeting
from portal.events.models.rsvps import Reply
from portal.events.views.finding import found, may_run
from portal.http import show_refusal
from portal.once import once
from portal.refusals import Refused
from portal.undo import offer


@require_POST
def rsvp(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk)
    form = RsvpForm(request.POST)
    if not form.is_valid():
        return render(request, "events/answer_form.html", {"form": form, "meeting": meeting}, status=422)
    said = form.cleaned_data
    with once(request) as sent:
        token = answer.undo_token(meeting, request.user)
        answer.answer(
            meeting, request.user, said["answer"], at=timezone.now(), note=said["note"], asked_for=said["asked_for"]
        )
        words = _("Your answer: %(answer)s.") % {"answer": Reply(said["answer"]).label}
        offer(request, words, reverse("events:rsvp-undo", args=[meeting.pk, token]))
        return sent.to(_before(request, meeting))


@require_POST
def rsvp_undo(request: SignedIn, pk: int, token: str) -> HttpResponse:
    meeting = found(request, pk)
    with once(request) as sent:
        if not answer.undo(meeting, request.user, token, at=timezone.now()):
            raise Http404
        messages.success(request, _("Your answer is as it was before."))
        return sent.to(_before(request, meeting))


@require_POST
def district_rsvp(request: SignedIn, pk: int) -> HttpResponse:
    meeting = found(request, pk, may_run)
    form, status = DistrictRsvpForm(request.POST, meeting=meeting), 422
    if form.is_valid():
        said = form.cleaned_data
        reply = {name: said[name] for name in ("note", "asked_for")}
        try:
            with once(request) as sent:
                answer.answer_for(
                    meeting, said["district"], said["answer"], by=request.user, at=timezone.now(), **reply
                )
                messages.success(request, _("Kept for %(district)s.") % {"district": said["district"]})
                return sent.to(f"{meeting.get_absolute_url()}#answer")
        except Refused as refusal:
            status = show_refusal(form, refusal)
            send_again(form, "asked_for", meeting.starts_at.isoformat())
    return render(request, "events/answer_form.html", {"form": form, "meeting": meeting, "phone": True}, status=status)


def _before(request: HttpRequest, meeting: Meeting) -> str:
    """The page of this site where the button stood, else the meeting's."""
    page, own = request.headers.get("Referer", ""), meeting.get_absolute_url()
    ours = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    path = urlsplit(page).path if ours else own
    return path if path in ("/", own) else own
