"""Feeds of searches, open and by a secret address."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.districts.models import User
from portal.districts.models.standing import standing_of
from portal.districts.signed_in import SignedIn
from portal.http import read_or_write
from portal.once import once
from portal.saved.deeds.feed_address import renew_address, revoke_address
from portal.saved.models import SearchFeedSecret
from portal.saved.models.fitting import words_of
from portal.saved.screens import feeds
from portal.search.asking.address import SearchAddress


@login_not_required
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What is public, for everybody alike: a reader's own session changes nothing."""
    return _feed(request, AnonymousUser())


@login_not_required
@require_safe
def my_feed(request: HttpRequest, token: str) -> HttpResponse:
    """What the person of the secret address may see today, for programs that cannot sign in."""
    person = SearchFeedSecret.person_of(token)
    if person is None or not standing_of(person).is_member:
        raise Http404
    return _feed(request, person)


def _feed(request: HttpRequest, user: User | AnonymousUser) -> HttpResponse:
    address = SearchAddress.read(request.GET)
    own = f"{request.path}?{urlencode(address.pairs('page'))}"
    content = feeds.atom(address, user, request.build_absolute_uri(own))
    response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    response.headers["ETag"] = feeds.etag(content)
    response.headers["Cache-Control"] = "private, max-age=300"
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


@read_or_write
def feed_address(request: SignedIn) -> HttpResponse:
    """Make the person's secret address; it is shown in this answer and never again.

    The search is in the query string, as on the search page.
    """
    if not standing_of(request.user).is_member:
        raise Http404
    asked = urlencode(SearchAddress.read(request.GET).pairs("page"))
    url = ""
    if request.method == "POST":
        with once(request):
            token = renew_address(request.user, at=timezone.now())
        url = request.build_absolute_uri(f"{reverse('saved:my-feed', args=[token])}?{asked}")
    made = SearchFeedSecret.objects.filter(person_id=request.user.pk).values_list("created_at", flat=True).first()
    context = {
        "url": url,
        "made": made,
        "asked": asked,
        "words": words_of(SearchAddress.read(request.GET), request.user),
    }
    return render(request, "saved/feed_address.html", context)


@require_POST
def feed_revoke(request: SignedIn) -> HttpResponse:
    with once(request) as sent:
        revoke_address(request.user)
        messages.success(request, _("Your feed address no longer works."))
        return sent.to("saved:feed-address")
