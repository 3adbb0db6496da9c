"""The host's deeds: leading an agreement through its life, reminding, entering for a district. And the officer's."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.districts.signed_in import SignedIn
from portal.http import posted, read_or_write, show_refusal
from portal.ids import row_id
from portal.limits import limited
from portal.once import once
from portal.refusals import Refused
from portal.undo import offer
from purchasing import rules
from purchasing.deeds.announce import announce_agreement
from purchasing.deeds.for_district import Closed
from purchasing.deeds.plan import report
from purchasing.deeds.remind import remind
from purchasing.deeds.transition import close_if_due
from purchasing.deeds.verbs import VERBS
from purchasing.forms.moves import MOVE_FORMS
from purchasing.forms.quantities import ReportForm
from purchasing.models.agreements import Agreement
from purchasing.models.lifecycle import ENDED, TABLE
from purchasing.models.quantities import ParticipationState
from purchasing.models.quantity_table import Row, quantity_table_of
from purchasing.screens.moving import consequences


def _visible(request: SignedIn, pk: int) -> Agreement:
    return get_object_or_404(Agreement.objects.visible_to(request.user).select_related("lead_office"), pk=pk)


def run_by(request: SignedIn, pk: int) -> Agreement:
    """The agreement, for a host of its lead office; 404 where not visible, 403 where not theirs to run."""
    agreement = _visible(request, pk)
    if not rules.may_run(request.user, agreement):
        raise PermissionDenied
    return agreement


@limited("agreement")
@read_or_write
def agreement_move(request: SignedIn, pk: int, verb: str) -> HttpResponse:
    """One verb of the table: its form, and the deed."""
    agreement = _visible(request, pk)
    if not rules.may_move(request.user, agreement, verb):
        raise PermissionDenied
    form = MOVE_FORMS[verb](posted(request), zone=agreement.zone, kind=agreement.kind)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            with once(request) as sent:
                VERBS[verb](agreement, by=request.user, at=timezone.now(), **form.cleaned_data)
                messages.success(request, _("Now: %(state)s.") % {"state": agreement.get_state_display()})
                return sent.to(agreement)
        except Refused as refusal:
            status = show_refusal(form, refusal)
    move = TABLE[verb]
    context = {
        "agreement": agreement,
        "form": form,
        "move": move,
        "is_end": move.target in ENDED,
        "consequences": consequences(agreement, move, timezone.now()),
    }
    return render(request, "purchasing/agreement_move.html", context, status=status)


@require_POST
def agreement_announce(request: SignedIn, pk: int) -> HttpResponse:
    """Publish title, office and closing date, or take that back."""
    agreement = _visible(request, pk)
    public = request.POST.get("public", request.GET.get("public")) == "yes"
    text = (
        _("Anybody can now read title, office and closing date.") if public else _("Not announced publicly any more.")
    )
    back = f"{reverse('purchasing:agreement-announce', args=[pk])}?public={'no' if public else 'yes'}"
    with once(request) as sent:
        announce_agreement(agreement, public=public, by=request.user, at=timezone.now())
        offer(request, text, back)
        return sent.to(agreement)


@limited("agreement")
@require_POST
def agreement_remind(request: SignedIn, pk: int) -> HttpResponse:
    """One district that has not answered, or all of them."""
    agreement = _visible(request, pk)
    named = request.POST.get("participation", "")
    only = (row_id(named) or 0) if named else None
    try:
        with once(request) as sent:
            told = remind(agreement, by=request.user, at=timezone.now(), participation_id=only)
            messages.success(request, _reminded(told))
            return sent.to("purchasing:agreement-grid", pk)
    except Refused as refusal:
        messages.success(request, str(refusal))
        return redirect("purchasing:agreement-grid", pk)


def _reminded(told: int) -> str:
    if not told:
        return _("Everybody who can be reminded was reminded today.")
    return ngettext("%(n)d person is reminded by email.", "%(n)d people are reminded by email.", told) % {"n": told}


@read_or_write
def agreement_enter(request: SignedIn, pk: int, district_id: int) -> HttpResponse:
    """What a district reported by phone or mail; planned until its buyer commits it."""
    agreement, now = run_by(request, pk), timezone.now()
    if request.method == "POST":
        close_if_due(agreement, now)  # before the form's own transaction, which a refusal undoes
    table = quantity_table_of(agreement)
    row = table.row_of([district_id])
    if row is None:
        raise Http404
    form = ReportForm(posted(request), lines=table.lines, row=row, zone=agreement.zone, now=now)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            return _entered(request, agreement, row, form)
        except Closed as refusal:
            messages.error(request, str(refusal))
            return redirect("purchasing:agreement-grid", pk)
        except Refused as refusal:
            status = show_refusal(form, refusal)
    context = {"agreement": agreement, "row": row, "form": form}
    return render(request, "purchasing/report_form.html", context, status=status)


def _entered(request: SignedIn, agreement: Agreement, row: Row, form: ReportForm) -> HttpResponse:
    typed, said = form.quantities, form.report
    with once(request) as sent:
        state = report(agreement, row.district_id, typed, by=request.user, at=timezone.now(), said=said)
        messages.success(request, _recorded(typed, row, state) % {"district": row.short_name})
        return sent.to("purchasing:agreement-grid", agreement.pk)


def _recorded(quantities: dict[int, int], row: Row, state: str) -> str:
    """What was recorded; the district's short name goes into it."""
    if all(quantity and quantity == row.cell(pk).committed for pk, quantity in quantities.items()):
        return _("Entered for %(district)s: as it has committed.")
    if any(quantities.values()):
        return _("Entered as planned for %(district)s, until its buyer commits.")
    return (
        _("Entered for %(district)s: not this time.")
        if state == ParticipationState.DECLINED
        else _("Entered for %(district)s: none.")
    )
