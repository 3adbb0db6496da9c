"""The page on which a member chooses what mail to get."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.districts.signed_in import SignedIn
from portal.notices.deeds.switch import switch_off, switch_on
from portal.notices.models import Notice, SwitchedOff
from portal.once import once
from portal.paging import page_of
from portal.registry import notice_kinds


@require_safe
def settings(request: SignedIn) -> HttpResponse:
    """Which mail I get, and what was sent to me."""
    person = request.user
    off = set(SwitchedOff.objects.filter(person=person).values_list("kind", flat=True))
    kinds = [
        {"key": kind.key, "label": kind.label, "on": kind.key not in off, "fixed": not kind.can_be_switched_off}
        for kind in sorted(notice_kinds, key=lambda kind: str(kind.label))
    ]
    page = page_of(Notice.objects.filter(person=person), order=["-id"], token=request.GET.get("page", ""))
    return render(request, "notices/settings.html", {"kinds": kinds, "page": page})


@require_POST
def switch(request: SignedIn) -> HttpResponse:
    """Switch one kind on or off for myself."""
    kind = request.POST.get("kind", "")
    if kind not in notice_kinds or not notice_kinds[kind].can_be_switched_off:
        raise Http404
    with once(request) as sent:
        if request.POST.get("on") == "1":
            switch_on(request.user, kind)
            text = _("You will get this email again: %(kind)s.")
        else:
            switch_off(request.user, kind)
            text = _("You will not get this email: %(kind)s.")
        messages.success(request, text % {"kind": notice_kinds[kind].label})
        return sent.to("notices:settings")
