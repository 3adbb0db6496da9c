"""A district's deeds that bind nobody or release it: plan, withdraw, decline, show interest."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.districts.signed_in import SignedIn
from portal.limits import limited
from portal.once import once
from portal.refusals import Refused
from purchasing.deeds.answer import decline, show_interest
from purchasing.deeds.commit import withdraw
from purchasing.deeds.plan import plan
from purchasing.forms.quantities import DeclineForm, QuantityForm
from purchasing.models.quantity_table import Row
from purchasing.screens.agreement import agreement_page
from purchasing.views.own_district import OwnDistrict, own_district


def _answer(request: SignedIn, own: OwnDistrict, deed: Callable[..., None], said: str) -> HttpResponse:
    """The district's deed; and back to the page, with what is said of it or with why it was refused."""
    try:
        with once(request) as sent:
            deed(own.agreement, own.row.district_id, by=request.user, at=timezone.now())
            messages.success(request, said)
            return sent.to(own.address)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(own.address)


def _page(request: SignedIn, own: OwnDistrict, **context: Any) -> HttpResponse:
    page = agreement_page(own.agreement, request.user, timezone.now(), {"district": str(own.row.district_id)})
    return render(request, "purchasing/agreement_detail.html", page | context, status=422)


@require_POST
def agreement_plan(request: SignedIn, pk: int) -> HttpResponse:
    own = own_district(request, pk)
    form = QuantityForm(request.POST, lines=own.table.lines, row=own.row)
    if not form.is_valid():
        return _page(request, own, form=form)
    said = _planned(form.quantities, own.row) % {"district": own.row.short_name}
    return _answer(request, own, partial(plan, quantities=form.quantities), said)


def _planned(quantities: dict[int, int], row: Row) -> str:
    """What was saved; the district's short name goes into it."""
    if not any(quantities.values()):
        return _("Saved: %(district)s plans none.")
    if all(quantity in {0, row.cell(pk).committed} for pk, quantity in quantities.items()):
        return _("Saved: %(district)s plans what it has committed.")
    return _("Saved as planned for %(district)s. It binds nobody.")


@limited("agreement")
@require_POST
def agreement_withdraw(request: SignedIn, pk: int) -> HttpResponse:
    own = own_district(request, pk)
    said = _("%(district)s has withdrawn. You can commit again.") % {"district": own.row.short_name}
    return _answer(request, own, withdraw, said)


@require_POST
def agreement_decline(request: SignedIn, pk: int) -> HttpResponse:
    own = own_district(request, pk)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, own, decline_form=form)
    said = _("Thank you. You can still join until the closing.")
    return _answer(request, own, partial(decline, reason=form.cleaned_data["reason"]), said)


@require_POST
def agreement_interest(request: SignedIn, pk: int) -> HttpResponse:
    own = own_district(request, pk)
    said = _("%(district)s is interested. It binds nobody.") % {"district": own.row.short_name}
    return _answer(request, own, show_interest, said)
