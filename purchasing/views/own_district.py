"""For which district the person acts on an agreement's page."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.districts.models.standing import standing_of
from portal.districts.signed_in import SignedIn
from purchasing.deeds.transition import close_if_due
from purchasing.models.agreements import Agreement
from purchasing.models.quantity_table import QuantityTable, Row, quantity_table_of
from purchasing.screens.agreement import own_row, own_rows


@dataclass(frozen=True, slots=True)
class OwnDistrict:
    agreement: Agreement
    table: QuantityTable
    row: Row
    address: str
    """The agreement's page, for the same district: named where the person has several that take part."""


def own_district(request: SignedIn, pk: int) -> OwnDistrict:
    """404 for who may not see the agreement, 403 for who has no district in it.

    A page left open may name a district the person has left: what it sends never answers for another of theirs instead.
    A closing that is due is done before the form's own transaction, which a refusal undoes.
    """
    visible = Agreement.objects.visible_to(request.user).select_related("lead_office", "award_row__awarded_by")
    agreement = get_object_or_404(visible, pk=pk)
    if request.method == "POST":
        close_if_due(agreement, timezone.now())
    table = quantity_table_of(agreement)
    standing = standing_of(request.user)
    named = (request.POST if request.method == "POST" else request.GET).get("district", "")
    row = own_row(table, standing, named)
    if row is None:
        raise PermissionDenied(_("Only districts that take part answer here."))
    if request.method == "POST" and named and str(row.district_id) != named:
        raise PermissionDenied(_("You do not act for that district here. Nothing was changed."))
    address = agreement.get_absolute_url()
    if len(own_rows(table, standing)) > 1:
        address = f"{address}?district={row.district_id}"
    return OwnDistrict(agreement, table, row, address)
