"""A district's deeds: plan, commit, withdraw, decline, show interest."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.districts.models.standing import standing_of
from portal.districts.signed_in import SignedIn
from portal.once import once
from portal.refusals import Refused, Stale
from purchasing import rules
from purchasing.deeds.answer import decline, show_interest
from purchasing.deeds.commit import commit, withdraw
from purchasing.deeds.for_district import Closed
from purchasing.deeds.plan import plan
from purchasing.forms.quantities import CommitForm, DeclineForm, QuantityForm
from purchasing.models.agreements import Agreement
from purchasing.models.quantity_table import QuantityTable, Row, lines_by_agreement, quantity_table_of
from purchasing.screens.agreement import agreement_page, own_row, own_rows, show_line
from purchasing.screens.sentences import committed_sentence


def _mine(request: SignedIn, pk: int) -> tuple[Agreement, QuantityTable, Row]:
    """The agreement, its quantities, and the row of the district the person acts for; 403 for who has none.

    A page left open may name a district the person has left: what it sends never answers for another of theirs instead.
    """
    visible = Agreement.objects.visible_to(request.user).select_related("lead_office", "award_row__awarded_by")
    agreement = get_object_or_404(visible, pk=pk)
    table = quantity_table_of(agreement)
    named = (request.POST if request.method == "POST" else request.GET).get("district", "")
    row = own_row(table, standing_of(request.user), named)
    if row is None:
        raise PermissionDenied(_("Only districts that take part answer here."))
    if request.method == "POST" and named and str(row.district_id) != named:
        raise PermissionDenied(_("You do not act for that district here. Nothing was changed."))
    return agreement, table, row


def _address(request: SignedIn, agreement: Agreement, table: QuantityTable, row: Row) -> str:
    """The agreement's page, for the same district: named where the person has several that take part."""
    url = agreement.get_absolute_url()
    return f"{url}?district={row.district_id}" if len(own_rows(table, standing_of(request.user))) > 1 else url


def _refused(request: SignedIn, address: str, refusal: Refused) -> HttpResponse:
    """Back to the page with the sentence. A redirect, so that a closing found due on the way is kept."""
    messages.error(request, str(refusal))
    return redirect(address)


def _page(request: SignedIn, agreement: Agreement, row: Row, **context: Any) -> HttpResponse:
    page = agreement_page(agreement, request.user, timezone.now(), {"district": str(row.district_id)})
    return render(request, "purchasing/agreement_detail.html", page | context, status=422)


@require_POST
@once
def agreement_plan(request: SignedIn, pk: int) -> HttpResponse:
    agreement, table, row = _mine(request, pk)
    form = QuantityForm(request.POST, lines=table.lines, row=row)
    if not form.is_valid():
        return _page(request, agreement, row, form=form)
    try:
        plan(agreement, row.district_id, form.quantities, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _refused(request, _address(request, agreement, table, row), refusal)
    messages.success(request, _planned(form.quantities, row) % {"district": row.short_name})
    return redirect(_address(request, agreement, table, row))


def _planned(quantities: dict[int, int], row: Row) -> str:
    """What was saved; the district's short name goes into it."""
    if not any(quantities.values()):
        return _("Saved: %(district)s plans none.")
    if all(quantity in {0, row.cell(pk).committed} for pk, quantity in quantities.items()):
        return _("Saved: %(district)s plans what it has committed.")
    return _("Saved as planned for %(district)s. It binds nobody.")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def agreement_commit(request: SignedIn, pk: int) -> HttpResponse:
    """GET asks who approves; GET with `check` shows the answers; POST commits."""
    agreement, table, row = _mine(request, pk)
    if not rules.may_commit(request.user, row.district_id):
        raise PermissionDenied(_("Only a buyer commits a district. You can save a planned quantity."))
    if not agreement.is_open_at(timezone.now()) and request.method != "POST":
        messages.error(request, _("This agreement is closed: quantities cannot be changed now."))
        return redirect(_address(request, agreement, table, row))
    if request.method == "POST":
        return _commit(request, agreement, table, row)
    form = _commit_form(request, table, row)
    context = {"agreement": agreement, "row": row, "form": form, "back": _address(request, agreement, table, row)}
    if "check" not in request.GET:
        return render(request, "purchasing/commit_form.html", context)
    if not form.is_valid():
        return render(request, "purchasing/commit_form.html", context, status=422)
    return render(request, "purchasing/commit_check.html", context | _promise(request, form, table, row))


def _commit_form(request: SignedIn, table: QuantityTable, row: Row) -> CommitForm:
    """Bound when it is to be checked, else filled with the quantities carried over from the page before."""
    if "check" in request.GET:
        return CommitForm(request.GET, lines=table.lines, row=row)
    carried = QuantityForm(request.GET, lines=table.lines)
    typed = carried.quantities if carried.is_valid() else {}
    initial: dict[str, Any] = {carried.name_of(line): typed[line.id] for line in table.lines if line.id in typed}
    initial |= {
        name: request.GET[name] for name in ("authority", *CommitForm.asked_on_condition) if name in request.GET
    }
    initial["seen"] = CommitForm.seen_of(table.lines, row)
    return CommitForm(initial=initial, lines=table.lines, row=row)


def _promise(request: SignedIn, form: CommitForm, table: QuantityTable, row: Row) -> dict[str, Any]:
    """What the check page shows: each quantity with its price now and with it, and the words of the button."""
    chosen = [line for line in table.lines if line.id in form.quantities]
    deeds = [line.counted(form.quantities[line.id]) for line in chosen]
    query = request.GET.copy()
    query.pop("check", None)
    return {
        "change_query": f"?{query.urlencode()}",
        "promised": [show_line(line, row.cell(line.id), form.quantities[line.id]) for line in chosen],
        "deed": _("Commit %(what)s") % {"what": deeds[0] if len(deeds) == 1 else _("these quantities")},
        "approval": form.approval,
        "authority": dict(form.fields["authority"].choices)[form.cleaned_data["authority"]],  # type: ignore[attr-defined]
    }


def _commit(request: SignedIn, agreement: Agreement, table: QuantityTable, row: Row) -> HttpResponse:
    form = CommitForm(request.POST, lines=table.lines, row=row)
    if form.is_valid():
        try:
            commit(
                agreement,
                row.district_id,
                form.quantities,
                by=request.user,
                at=timezone.now(),
                approval=form.approval,
                seen=form.versions,
            )
        except Closed as refusal:
            return _refused(request, _address(request, agreement, table, row), refusal)
        except Stale as refusal:
            agreement, table, row = _mine(request, agreement.pk)
            form = _over_what_stands(request, table, row)
            form.add_error(None, str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            after = lines_by_agreement([agreement.pk])[agreement.pk]
            messages.success(request, committed_sentence(table.lines, after, form.quantities))
            return redirect(_address(request, agreement, table, row))
    context = {"agreement": agreement, "row": row, "form": form, "back": _address(request, agreement, table, row)}
    return render(request, "purchasing/commit_form.html", context, status=422)


def _over_what_stands(request: SignedIn, table: QuantityTable, row: Row) -> CommitForm:
    """The form as sent, to be sent again over the quantities that the refusal beside it names."""
    sent = request.POST.copy()
    sent["seen"] = CommitForm.seen_of(table.lines, row)
    return CommitForm(sent, lines=table.lines, row=row)


@require_POST
@once
def agreement_withdraw(request: SignedIn, pk: int) -> HttpResponse:
    agreement, table, row = _mine(request, pk)
    try:
        withdraw(agreement, row.district_id, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _refused(request, _address(request, agreement, table, row), refusal)
    messages.success(request, _("%(district)s has withdrawn. You can commit again.") % {"district": row.short_name})
    return redirect(_address(request, agreement, table, row))


@require_POST
@once
def agreement_decline(request: SignedIn, pk: int) -> HttpResponse:
    agreement, table, row = _mine(request, pk)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, agreement, row, decline_form=form)
    reason = form.cleaned_data["reason"]
    try:
        decline(agreement, row.district_id, by=request.user, at=timezone.now(), reason=reason)
    except Refused as refusal:
        return _refused(request, _address(request, agreement, table, row), refusal)
    messages.success(request, _("Thank you. You can still join until the closing."))
    return redirect(_address(request, agreement, table, row))


@require_POST
@once
def agreement_interest(request: SignedIn, pk: int) -> HttpResponse:
    agreement, table, row = _mine(request, pk)
    try:
        show_interest(agreement, row.district_id, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _refused(request, _address(request, agreement, table, row), refusal)
    messages.success(request, _("%(district)s is interested. It binds nobody.") % {"district": row.short_name})
    return redirect(_address(request, agreement, table, row))
