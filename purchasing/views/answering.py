"""A district's deeds that bind nobody or release it: plan, withdraw, decline, show interest."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import undo
from portal.districts.signed_in import SignedIn
from portal.http import read_or_write
from portal.limits import limited
from portal.once import once
from portal.refusals import Refused
from purchasing.deeds.answer import decline, show_interest
from purchasing.deeds.commit import require_buyer, withdraw
from purchasing.deeds.plan import plan
from purchasing.deeds.restore import restore, restore_token
from purchasing.deeds.transition import close_if_due
from purchasing.forms.quantities import DeclineForm, QuantityForm
from purchasing.models.agreements import Agreement
from purchasing.models.quantity_table import Row
from purchasing.screens.agreement import agreement_page, show_line
from purchasing.screens.sentences import join_sentence
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
@read_or_write
def agreement_withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """GET shows what it costs everybody; POST withdraws."""
    own, now = own_district(request, pk), timezone.now()
    require_buyer(own.agreement, own.row.district_id, request.user)
    if request.method != "POST":
        return _withdraw_page(request, own)
    try:
        with once(request) as sent:
            token = restore_token(own.row.participation_id)
            withdraw(own.agreement, own.row.district_id, by=request.user, at=now)
            said = _("%(district)s has withdrawn.") % {"district": own.row.short_name}
            back = reverse("purchasing:agreement-restore", args=[pk, token])
            undo.offer(request, f"{said} {join_sentence(own.agreement, now)}", back)
            return sent.to(own.address)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(own.address)


def _withdraw_page(request: SignedIn, own: OwnDistrict) -> HttpResponse:
    if not own.agreement.is_open_at(timezone.now()) or not own.row.is_bound:
        messages.error(request, _("There is nothing to withdraw here now."))
        return redirect(own.address)
    bound = [line for line in own.table.lines if own.row.cell(line.id).committed]
    what = [line.counted(own.row.cell(line.id).committed) for line in bound]
    context = {
        "agreement": own.agreement,
        "row": own.row,
        "back": own.address,
        "promised": [show_line(own.table, line, own.row, 0) for line in bound],
        "deed": _("Withdraw %(what)s") % {"what": what[0] if len(what) == 1 else _("these quantities")},
        "join": join_sentence(own.agreement, timezone.now()),
    }
    return render(request, "purchasing/withdraw_form.html", context)


@limited("agreement")
@require_POST
def agreement_restore(request: SignedIn, pk: int, token: str) -> HttpResponse:
    """Undo of a withdrawal or a lower quantity."""
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk)
    close_if_due(agreement, timezone.now())
    try:
        with once(request) as sent:
            done = restore(agreement, token, by=request.user, at=timezone.now())
            messages.success(request, _("Your district's quantity is as it was before."))
            return sent.to(f"{agreement.get_absolute_url()}?district={done.district_id}")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(agreement)


@require_POST
def agreement_decline(request: SignedIn, pk: int) -> HttpResponse:
    own, now = own_district(request, pk), timezone.now()
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, own, decline_form=form)
    said = f"{_('Thank you.')} {join_sentence(own.agreement, now)}"
    return _answer(request, own, partial(decline, reason=form.cleaned_data["reason"]), said)


@require_POST
def agreement_interest(request: SignedIn, pk: int) -> HttpResponse:
    own = own_district(request, pk)
    said = _("%(district)s is interested. It binds nobody.") % {"district": own.row.short_name}
    return _answer(request, own, show_interest, said)
