from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.districts.models import User
from portal.notices.deeds import switch as deeds
from portal.notices.models.notices import Notice, SwitchedOff
from portal.once import once
from portal.paging import page_of
from portal.registry import notice_kinds


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Which mail I get, and what was sent to me."""
    person = cast("User", request.user)
    off = set(SwitchedOff.objects.filter(person=person).values_list("kind", flat=True))
    kinds = [
        {"key": kind.key, "label": kind.label, "on": kind.key not in off, "fixed": not kind.can_be_switched_off}
        for kind in sorted(notice_kinds, key=lambda kind: str(kind.label))
    ]
    page = page_of(Notice.objects.filter(person=person), order=["-id"], token=request.GET.get("page", ""))
    return render(request, "notices/settings.html", {"kinds": kinds, "page": page})


@require_POST
@once
def switch(request: HttpRequest) -> HttpResponse:
    """Switch one kind on or off for myself."""
    person = cast("User", request.user)
    kind = request.POST.get("kind", "")
    if kind not in notice_kinds or not notice_kinds[kind].can_be_switched_off:
        raise Http404
    if request.POST.get("on") == "1":
        deeds.switch_on(person, kind)
        messages.success(request, _("You will get this mail again: %(kind)s.") % {"kind": notice_kinds[kind].label})
    else:
        deeds.switch_off(person, kind)
        messages.success(request, _("You will not get this mail: %(kind)s.") % {"kind": notice_kinds[kind].label})
    return redirect("notices:settings")


@csrf_exempt  # RFC 8058: the mail program posts here without a cookie; the signed token is the proof
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def switch_off(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a mail: a GET asks, a POST does it, and neither needs a sign-in."""
    about = deeds.read_token(token)
    if about is None:
        raise Http404
    person, kind = about
    if request.method == "POST":
        deeds.switch_off(person, kind)
    return render(request, "notices/switch_off.html", {"kind": notice_kinds[kind], "done": request.method == "POST"})
