"""Looking at agreements."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.districts.models import County
from portal.districts.models.standing import standing_of
from portal.districts.screens.whom_to_ask import host_to_ask
from portal.paging import page_of
from portal.spreadsheets import csv_response
from purchasing import rules
from purchasing.forms.filters import FilterForm
from purchasing.models.agreements import Agreement
from purchasing.models.quantities import CommitmentEntry
from purchasing.models.quantity_table import quantity_table_of
from purchasing.screens.agreement import agreement_page
from purchasing.screens.grid import grid_of
from purchasing.screens.listing import listed

ORDER = ["rank", "-moved_at", "-pk"]


@login_not_required
@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    token = request.GET.get("page", "")
    if not standing_of(request.user).is_member:
        announced = Agreement.objects.announced().select_related("lead_office")
        page = page_of(announced, order=ORDER, token=token)
        return render(request, "purchasing/announcement_list.html", {"page": page})
    form = FilterForm(request.GET, counties=[(c.pk, str(c)) for c in County.objects.all()])
    form.is_valid()
    rows = Agreement.objects.visible_to(request.user).select_related("lead_office")
    if state := form.cleaned_data.get("state"):
        rows = rows.in_state_at(state, now)
    if county := form.cleaned_data.get("county"):
        rows = rows.asking_county(int(county))
    page = page_of(rows, order=ORDER, token=token)
    context = {
        "page": page,
        "rows": listed(page.rows, now),
        "filters": form,
        "may_draft": rules.may_draft(request.user),
        "is_filtered": bool(state or county),
        "whom": "" if page.rows else _host_to_ask(request),
    }
    return render(request, "purchasing/agreement_list.html", context)


def _host_to_ask(request: HttpRequest) -> str:
    district = standing_of(request.user).district
    return host_to_ask(request.user, district.regional_office if district else None, at=timezone.now())


@login_not_required
@require_safe
def agreement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """In full for those who take part; title, office and closing for anybody where it is announced."""
    rows = Agreement.objects.visible_to(request.user).select_related("lead_office", "award_row__awarded_by")
    agreement = rows.filter(pk=pk).first()
    if agreement is not None:
        context = agreement_page(agreement, request.user, timezone.now(), request.GET.dict())
        status = 422 if context["form"].errors else 200
        return render(request, "purchasing/agreement_detail.html", context, status=status)
    announced = Agreement.objects.announced().select_related("lead_office").filter(pk=pk).first()
    if announced is not None:
        return render(request, "purchasing/announcement_detail.html", {"agreement": announced})
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise Http404


@require_safe
def agreement_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Status changes, and every change of the reader's own districts' quantities; of all for hosts and officers.

    Shared quantities open no other district's reasons, evidence and names: those are told to the host.
    """
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk)
    entries = CommitmentEntry.objects.filter(participation__agreement=agreement)
    if not rules.may_see_grid(request.user, agreement):
        entries = entries.filter(participation__district__in=standing_of(request.user).district_ids)
    entries = entries.select_related("participation__district", "line", "by")
    page = page_of(entries, order=["-pk"], token=request.GET.get("page", ""), per_page=50)
    changes = agreement.changes.select_related("by")
    context = {"agreement": agreement, "page": page, "changes": changes}
    return render(request, "purchasing/agreement_history.html", context)


def _for_grid(request: HttpRequest, pk: int) -> Agreement:
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user).select_related("lead_office"), pk=pk)
    if not rules.may_see_grid(request.user, agreement):
        raise PermissionDenied
    return agreement


@require_safe
def agreement_grid(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = _for_grid(request, pk)
    now = timezone.now()
    table = quantity_table_of(agreement)
    context = {
        "agreement": agreement,
        "table": table,
        "grid": grid_of(table),
        "is_open": agreement.is_open_at(now),
        "may_enter": rules.may_run(request.user, agreement) and agreement.takes_answers_at(now),
        "verbs": rules.verbs_at(request.user, agreement, now),
    }
    return render(request, "purchasing/agreement_grid.html", context)


@require_safe
def agreement_grid_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The grid as a file: the same cells."""
    agreement = _for_grid(request, pk)
    return csv_response(f"agreement-{agreement.pk}", grid_of(quantity_table_of(agreement)))
