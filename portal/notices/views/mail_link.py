"""The link in a mail that switches its kind off."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from portal.http import read_or_write
from portal.notices.deeds import switch
from portal.registry import notice_kinds


@csrf_exempt  # RFC 8058: the mail program posts here without a cookie; the signed token is the proof
@login_not_required
@read_or_write
def switch_off(request: HttpRequest, token: str) -> HttpResponse:
    """A GET asks, a POST does it, and neither needs a sign-in."""
    about = switch.read_token(token)
    if about is None:
        raise Http404
    person, kind = about
    if request.method == "POST":
        switch.switch_off(person, kind)
    return render(request, "notices/switch_off.html", {"kind": notice_kinds[kind], "done": request.method == "POST"})
