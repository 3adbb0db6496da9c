"""A district's buyer commits it: who approves, a look at the answers, the deed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import undo
from portal.districts.signed_in import SignedIn
from portal.http import read_or_write, show_refusal
from portal.limits import limited
from portal.once import once
from portal.refusals import Refused, Stale
from purchasing.deeds.commit import commit, require_buyer
from purchasing.deeds.for_district import Closed
from purchasing.deeds.restore import restore_token
from purchasing.forms.quantities import CommitForm, QuantityForm
from purchasing.models.quantity_table import QuantityTable, Row, lines_by_agreement
from purchasing.screens.agreement import show_line
from purchasing.screens.sentences import approval_words, committed_sentence, right_sentence
from purchasing.views.own_district import OwnDistrict, own_district


@limited("agreement")
@read_or_write
def agreement_commit(request: SignedIn, pk: int) -> HttpResponse:
    """GET asks who approves; GET with `check` shows the answers; POST commits."""
    own = own_district(request, pk)
    require_buyer(own.agreement, own.row.district_id, request.user)
    if not own.agreement.is_open_at(timezone.now()):
        messages.error(request, _("This agreement is closed: quantities cannot be changed now."))
        return redirect(own.address)
    if request.method == "POST":
        return _commit(request, own)
    form = _commit_form(request, own.table, own.row)
    if "check" not in request.GET:
        return _page(request, own, form, 200)
    if not form.is_valid():
        return _page(request, own, form, 422)
    context = _context(own, form) | _promise(request, form, own.table, own.row)
    return render(request, "purchasing/commit_check.html", context)


def _context(own: OwnDistrict, form: CommitForm) -> dict[str, Any]:
    """`standing_approvals` says of each quantity what approves it now."""
    cells = [(line, own.row.cell(line.id)) for line in own.table.lines]
    return {
        "agreement": own.agreement,
        "row": own.row,
        "form": form,
        "back": own.address,
        "right": right_sentence(own.agreement, timezone.now()),
        "standing_approvals": [
            f"{line.counted(cell.committed)}: {approval_words(cell)}" for line, cell in cells if cell.committed
        ],
    }


def _page(request: SignedIn, own: OwnDistrict, form: CommitForm, status: int) -> HttpResponse:
    return render(request, "purchasing/commit_form.html", _context(own, form), status=status)


def _commit_form(request: SignedIn, table: QuantityTable, row: Row) -> CommitForm:
    """Bound when it is to be checked, else filled with the quantities carried over from the page before."""
    if "check" in request.GET:
        return CommitForm(request.GET, lines=table.lines, row=row)
    carried = QuantityForm(request.GET, lines=table.lines)
    typed = carried.quantities if carried.is_valid() else {}
    initial: dict[str, Any] = {carried.name_of(line): typed[line.id] for line in table.lines if line.id in typed}
    initial |= {name: request.GET[name] for name in CommitForm.asked_on_condition if name in request.GET}
    initial["seen"] = CommitForm.seen_of(table.lines, row)
    return CommitForm(initial=initial, lines=table.lines, row=row)


def _promise(request: SignedIn, form: CommitForm, table: QuantityTable, row: Row) -> dict[str, Any]:
    """What the check page shows: each quantity with its price now and with it, and the words of the button."""
    chosen = [line for line in table.lines if line.id in form.quantities]
    deeds = [line.counted(form.quantities[line.id]) for line in chosen]
    query = request.GET.copy()
    query.pop("check", None)
    shown = [show_line(table, line, row, form.quantities[line.id]) for line in chosen]
    return {
        "change_query": f"?{query.urlencode()}",
        "promised": shown,
        "deed": _("Commit %(what)s") % {"what": deeds[0] if len(deeds) == 1 else _("these quantities")},
        "approvals": _approvals(form),
    }


def _approvals(form: CommitForm) -> list[str]:
    """What approves each quantity once it is committed."""
    new, found = form.approval, []
    for pk, quantity in form.quantities.items():
        cell = replace(form.bound(pk), committed=quantity)
        if new.replaces(form.bound(pk).committed, quantity, rises=form.rises):
            cell = replace(cell, authority=new.authority, board_date=new.board_date, evidence=new.evidence)
        found.append(approval_words(cell))
    return [said for said in dict.fromkeys(found) if said]


def _commit(request: SignedIn, own: OwnDistrict) -> HttpResponse:
    form, status = CommitForm(request.POST, lines=own.table.lines, row=own.row), 422
    if form.is_valid():
        try:
            return _committed(request, own, form)
        except Closed as refusal:
            messages.error(request, str(refusal))
            return redirect(own.address)
        except Stale as refusal:
            own = own_district(request, own.agreement.pk)
            form = _over_what_stands(request, own)
            status = show_refusal(form, refusal)
        except Refused as refusal:
            status = show_refusal(form, refusal)
    return _page(request, own, form, status)


def _committed(request: SignedIn, own: OwnDistrict, form: CommitForm) -> HttpResponse:
    agreement, typed = own.agreement, form.quantities
    with once(request) as sent:
        approval, seen = form.approval, form.versions
        token = restore_token(own.row.participation_id)
        commit(agreement, own.row.district_id, typed, by=request.user, at=timezone.now(), approval=approval, seen=seen)
        answer = sent.to(own.address)
    after = lines_by_agreement([agreement.pk])[agreement.pk]
    said = committed_sentence(own.table.lines, after, typed)
    if any(quantity < own.row.cell(pk).committed for pk, quantity in typed.items()):
        undo.offer(request, said, reverse("purchasing:agreement-restore", args=[agreement.pk, token]))
    else:
        messages.success(request, said)
    return answer


def _over_what_stands(request: SignedIn, own: OwnDistrict) -> CommitForm:
    """The form as sent, to be sent again over the quantities that the refusal beside it names."""
    sent = request.POST.copy()
    sent["seen"] = CommitForm.seen_of(own.table.lines, own.row)
    return CommitForm(sent, lines=own.table.lines, row=own.row)
