"""The host's deeds: draft, move along the lifecycle, remind, enter for a district. And the officer's announcement."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from portal.districts.models.standing import standing_of
from portal.districts.signed_in import SignedIn
from portal.ids import row_id
from portal.once import once
from portal.refusals import Refused
from portal.undo import offer
from purchasing import rules
from purchasing.deeds import notify
from purchasing.deeds.announce import announce_agreement
from purchasing.deeds.draft import LineSpec, draft, redraft
from purchasing.deeds.for_district import Closed
from purchasing.deeds.plan import report
from purchasing.deeds.verbs import VERBS
from purchasing.forms.agreement import AgreementForm, LineFormSet, line_initial
from purchasing.forms.moves import MOVE_FORMS
from purchasing.forms.quantities import ReportForm
from purchasing.models.agreements import Agreement
from purchasing.models.lifecycle import TABLE, State
from purchasing.models.quantities import ParticipationState
from purchasing.models.quantity_table import Row, lines_by_agreement, quantity_table_of


def _run_by(request: SignedIn, pk: int) -> Agreement:
    """The agreement, for a host of its lead office; 404 where not visible, 403 where not theirs to run."""
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user).select_related("lead_office"), pk=pk)
    if not rules.may_run(request.user, agreement):
        raise PermissionDenied
    return agreement


# --- drafting ---------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@once
def agreement_new(request: SignedIn) -> HttpResponse:
    standing = standing_of(request.user)
    if not standing.is_member:
        raise Http404
    if not rules.may_draft(request.user):
        raise PermissionDenied(_("Hosts of a regional office put agreements together. Ask yours."))
    form = AgreementForm(request.POST or None, offices=standing.offices)
    items = LineFormSet(request.POST or None, prefix="items")
    if request.method == "POST" and form.is_valid() and items.is_valid():
        data = form.cleaned_data
        try:
            agreement = draft(
                by=request.user,
                at=timezone.now(),
                lead_office=data["lead_office"],
                title=data["title"],
                fiscal_year=data["fiscal_year"],
                lines=_specs(items) + data["pasted"],
                districts=data["districts"],
                **form.terms,
            )
            return redirect(agreement)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _draft_page(request, form, items)


def _specs(items: Any) -> list[LineSpec]:
    """The items that have a name."""
    return [form.spec for form in items.forms if form.cleaned_data.get("name")]


def _draft_page(request: SignedIn, form: AgreementForm, items: Any, **context: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "purchasing/agreement_form.html", {"form": form, "items": items} | context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def agreement_edit(request: SignedIn, pk: int) -> HttpResponse:
    """What was typed while a colleague asked the districts is refused by the deed, so that it stands on the page."""
    agreement = _run_by(request, pk)
    if agreement.state != State.DRAFT and request.method != "POST":
        raise PermissionDenied(_("Districts were asked already; the items and terms stand."))
    form = AgreementForm(
        request.POST or None, instance=Agreement.objects.get(pk=pk), offices=standing_of(request.user).offices
    )
    initial = line_initial(lines_by_agreement([pk])[pk])
    items = LineFormSet(request.POST or None, prefix="items", initial=initial)
    if request.method == "POST" and form.is_valid() and items.is_valid():
        data = form.cleaned_data
        try:
            redraft(
                agreement,
                by=request.user,
                at=timezone.now(),
                version=data["version"],
                lines=_specs(items) + data["pasted"],
                districts=data["districts"],
                title=data["title"],
                fiscal_year=data["fiscal_year"],
                **form.terms,
            )
            return redirect(agreement)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _draft_page(request, form, items, agreement=agreement)


# --- the lifecycle ----------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@once
def agreement_move(request: SignedIn, pk: int, verb: str) -> HttpResponse:
    """One verb of the table: its form, and the deed."""
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user).select_related("lead_office"), pk=pk)
    if not rules.may_move(request.user, agreement, verb):
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = MOVE_FORMS[verb](posted, zone=agreement.zone, kind=agreement.kind)
    if form.is_valid():
        try:
            VERBS[verb](agreement, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Now: %(state)s.") % {"state": agreement.get_state_display()})
            return redirect(agreement)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"agreement": agreement, "form": form, "move": TABLE[verb]}
    return render(request, "purchasing/agreement_move.html", context, status=422 if posted is not None else 200)


@require_POST
@once
def agreement_announce(request: SignedIn, pk: int) -> HttpResponse:
    """Publish title, office and closing date, or take that back."""
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk)
    if not rules.may_announce(request.user, agreement):
        raise PermissionDenied
    public = request.POST.get("public", request.GET.get("public")) == "yes"
    announce_agreement(agreement, public=public, by=request.user, at=timezone.now())
    text = (
        _("Anybody can now read title, office and closing date.") if public else _("Not announced publicly any more.")
    )
    offer(request, text, f"{reverse('purchasing:agreement-announce', args=[pk])}?public={'no' if public else 'yes'}")
    return redirect(agreement)


# --- the grid's deeds -------------------------------------------------------------------------------------------------
@require_POST
@once
def agreement_remind(request: SignedIn, pk: int) -> HttpResponse:
    """One district that has not answered, or all of them."""
    agreement = _run_by(request, pk)
    waiting = notify.unanswered(agreement)
    if named := request.POST.get("participation", ""):
        waiting = waiting.filter(pk=row_id(named) or 0)
    now = timezone.now()
    if not agreement.takes_answers_at(now):
        said = _("This agreement takes no answers now, so nobody was reminded.")
    elif not waiting.exists():
        said = _("Nobody is left to remind: that has been answered.")
    elif told := notify.reminded(agreement, waiting, now):
        said = ngettext("%(n)d person is reminded by mail.", "%(n)d people are reminded by mail.", told) % {"n": told}
    else:
        said = _("Everybody who can be reminded was reminded today.")
    messages.success(request, said)
    return redirect("purchasing:agreement-grid", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def agreement_enter(request: SignedIn, pk: int, district_id: int) -> HttpResponse:
    """What a district reported by phone or mail; planned until its buyer commits it."""
    agreement = _run_by(request, pk)
    table = quantity_table_of(agreement)
    row = table.row_of([district_id])
    if row is None:
        raise Http404
    now = timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = ReportForm(posted, lines=table.lines, row=row, zone=agreement.zone, now=now)
    if form.is_valid():
        try:
            answer = report(agreement, district_id, form.quantities, by=request.user, at=now, said=form.report)
            messages.success(request, _entered(form.quantities, row, answer) % {"district": row.short_name})
            return redirect("purchasing:agreement-grid", pk)
        except Closed as refusal:
            messages.error(request, str(refusal))
            return redirect("purchasing:agreement-grid", pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"agreement": agreement, "row": row, "form": form}
    return render(request, "purchasing/report_form.html", context, status=422 if posted is not None else 200)


def _entered(quantities: dict[int, int], row: Row, answer: str) -> str:
    """What was recorded; the district's short name goes into it."""
    if all(quantity and quantity == row.cell(pk).committed for pk, quantity in quantities.items()):
        return _("Entered for %(district)s: as it has committed.")
    if any(quantities.values()):
        return _("Entered as planned for %(district)s, until its buyer commits.")
    return (
        _("Entered for %(district)s: not this time.")
        if answer == ParticipationState.DECLINED
        else _("Entered for %(district)s: none.")
    )
