"""Calendar feeds and files."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.districts.signed_in import SignedIn
from portal.events import ical, rules
from portal.events.deeds.feed_address import renew_address, revoke_address
from portal.events.models.feed_secret import FeedSecret
from portal.events.models.series import MeetingSeries
from portal.events.views.finding import found
from portal.http import read_or_write
from portal.once import once


@login_not_required
@require_safe
def series_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody's: dates only, where they are public. A signed-in reader of the series gets the members' feed."""
    series = get_object_or_404(MeetingSeries.objects.announced_to(request.user).with_places(), slug=slug)
    if rules.may_read(request.user, series):
        return _feed(request, series, f"person-{request.user.pk}", "vevent")
    return _feed(request, series, "everybody", "vevent_public")


@login_not_required
@require_safe
def my_series_feed(request: HttpRequest, token: str, slug: str) -> HttpResponse:
    """The members' feed by a secret address, for calendars that cannot sign in."""
    person = FeedSecret.person_of(token)
    if person is None:
        raise Http404
    series = get_object_or_404(MeetingSeries.objects.visible_to(person).with_places(), slug=slug)
    return _feed(request, series, f"person-{person.pk}", "vevent")


def _feed(request: HttpRequest, series: MeetingSeries, reader: str, column: str) -> HttpResponse:
    etag = ical.etag(series.pk, series.feed_version, reader)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        texts = series.meetings.order_by("original_starts_at").values_list(column, flat=True)
        response = _file(ical.feed(series.name, series.zone, texts), f"{series.slug}.ics")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    return response


@require_safe
def meeting_file(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = found(request, pk)
    return _file(ical.one(meeting), f"meeting-{meeting.pk}.ics")


@read_or_write
def feed_address(request: SignedIn) -> HttpResponse:
    """Make the person's secret address; it is shown in this answer and never again."""
    series = list(MeetingSeries.objects.visible_to(request.user).with_places())
    token = ""
    if request.method == "POST":
        with once(request):
            token = renew_address(request.user, at=timezone.now())
    addresses = [
        (s, request.build_absolute_uri(reverse("events:my-series-feed", args=[token, s.slug])) if token else "")
        for s in series
    ]
    made = FeedSecret.objects.filter(person_id=request.user.pk).values_list("created_at", flat=True).first()
    return render(
        request,
        "events/feed_address.html",
        {
            "addresses": [(s, url, "webcal:" + url.partition(":")[2]) for s, url in addresses],
            "token": token,
            "made": made,
        },
    )


@require_POST
def feed_revoke(request: SignedIn) -> HttpResponse:
    with once(request) as sent:
        revoke_address(request.user)
        messages.success(request, _("Your calendar address no longer works."))
        return sent.to("events:feed-address")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
