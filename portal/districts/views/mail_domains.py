"""*Set up*: the mail domains that the districts' websites propose, confirmed all at once or one by one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal import undo
from portal.districts.deeds.mail_domains import answer_proposal, confirm_proposed
from portal.districts.models import District
from portal.districts.screens.proposed_domains import domains_page, proposals, seen, sure
from portal.districts.signed_in import SignedIn
from portal.districts.views.chapter import officers_only
from portal.formats import number
from portal.http import read_or_write
from portal.once import once
from portal.refusals import Stale


@read_or_write
def mail_domains(request: SignedIn) -> HttpResponse:
    """A press confirms what was shown and nothing else: `seen` says what that was."""
    officers_only(request)
    found = proposals()
    clear = sure(found)
    if request.method == "POST":
        if request.POST.get("seen") != seen(clear):
            raise Stale(_("The proposals changed while you were looking. Look at them again, then confirm."))
        with once(request) as sent:
            done = confirm_proposed(clear, by=request.user, at=timezone.now())
            messages.success(
                request,
                ngettext("%(n)s mail domain is confirmed.", "%(n)s mail domains are confirmed.", done)
                % {"n": number(done)},
            )
            return sent.to("districts:set-up-domains")
    return render(request, "districts/set_up_domains.html", domains_page(found, request.GET.get("q", "")))


@require_POST
def mail_domain_answer(request: SignedIn, pk: int, answer: str, domain: str) -> HttpResponse:
    officers_only(request)
    district = get_object_or_404(District, pk=pk)
    words = {"domain": domain, "district": district}
    said = {
        "confirm": _("%(domain)s is confirmed for %(district)s."),
        "refuse": _("%(domain)s is not taken for %(district)s."),
        "reopen": _("%(domain)s is open again for %(district)s."),
    }[answer] % words
    with once(request) as sent:
        answer_proposal(district, domain, answer, by=request.user, at=timezone.now())
        if answer == "reopen":
            messages.success(request, said)
        else:
            undo.offer(request, said, reverse("districts:set-up-domain", args=[pk, "reopen", domain]))
        return sent.to("districts:set-up-domains")
