"""A host puts an agreement together, and changes it while nobody was asked yet."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.districts.models.standing import standing_of
from portal.districts.screens.whom_to_ask import host_to_ask
from portal.districts.signed_in import SignedIn
from portal.http import posted, read_or_write, show_refusal
from portal.once import once
from portal.refusals import Refused
from purchasing import rules
from purchasing.deeds.draft import LineSpec, draft, redraft, require_draft
from purchasing.forms.agreement import AgreementForm, LineFormSet, line_initial
from purchasing.models.agreements import Agreement
from purchasing.models.quantity_table import lines_by_agreement
from purchasing.views.hosting import run_by


@read_or_write
def agreement_new(request: SignedIn) -> HttpResponse:
    standing = standing_of(request.user)
    if not standing.is_member:
        raise Http404
    if not rules.may_draft(request.user):
        office = standing.district.regional_office if standing.district else None
        whom = host_to_ask(request.user, office, at=timezone.now())
        raise PermissionDenied(_("Hosts of a regional office put agreements together. Ask %(whom)s.") % {"whom": whom})
    form = AgreementForm(posted(request), offices=standing.offices)
    items, status = LineFormSet(posted(request), prefix="items"), 422 if form.is_bound else 200
    if form.is_valid() and items.is_valid():
        written = {"lead_office": form.cleaned_data["lead_office"]} | _written(form, items)
        try:
            with once(request) as sent:
                return sent.to(draft(by=request.user, at=timezone.now(), **written))
        except Refused as refusal:
            status = show_refusal(form, refusal)
    return _page(request, status, form=form, items=items)


@read_or_write
def agreement_edit(request: SignedIn, pk: int) -> HttpResponse:
    """What was typed while a colleague asked the districts is refused by the deed, so that it stands on the page."""
    agreement = run_by(request, pk)
    if request.method != "POST":
        require_draft(agreement)
    offices = standing_of(request.user).offices
    form = AgreementForm(posted(request), instance=Agreement.objects.get(pk=pk), offices=offices)
    initial = line_initial(lines_by_agreement([pk])[pk])
    items, status = LineFormSet(posted(request), prefix="items", initial=initial), 422 if form.is_bound else 200
    if form.is_valid() and items.is_valid():
        written = {"version": form.cleaned_data["version"]} | _written(form, items)
        try:
            with once(request) as sent:
                redraft(agreement, by=request.user, at=timezone.now(), **written)
                return sent.to(agreement)
        except Refused as refusal:
            status = show_refusal(form, refusal)
    return _page(request, status, form=form, items=items, agreement=agreement)


def _written(form: AgreementForm, items: Any) -> dict[str, Any]:
    """What both deeds take. Of the items those that have a name."""
    data = form.cleaned_data
    named: list[LineSpec] = [item.spec for item in items.forms if item.cleaned_data.get("name")]
    return {
        "title": data["title"],
        "fiscal_year": data["fiscal_year"],
        "lines": named + data["pasted"],
        "districts": data["districts"],
    } | form.terms


def _page(request: SignedIn, status: int, **context: Any) -> HttpResponse:
    return render(request, "purchasing/agreement_form.html", context, status=status)
