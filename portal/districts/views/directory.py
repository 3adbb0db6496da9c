"""The directory: find a district, look at one, look at a county. Open to everybody; only members see people."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from portal.districts import rules
from portal.districts.deeds.describe import describe_district
from portal.districts.forms.district import DistrictWordsForm
from portal.districts.forms.find import FindForm
from portal.districts.models import County, District, JoinRequest, Membership
from portal.districts.models.joining import JoinRequestQuerySet
from portal.districts.models.standing import standing_of
from portal.districts.screens.rights import rights_history
from portal.districts.screens.waiting import districts_with_what_waits, waiting_roles
from portal.districts.signed_in import SignedIn
from portal.http import posted, read_or_write, show_refusal
from portal.once import once
from portal.paging import capped_count, page_of
from portal.refusals import Refused
from portal.registry import PanelContext, shown_panels


@login_not_required
@require_GET
def district_list(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET)
    found, meant, token = form.districts(), "", request.GET.get("page", "")
    page = page_of(found.select_related("county"), order=["name", "pk"], token=token)
    if page.rows:
        count, more = capped_count(found)
    else:
        ids, meant = form.meant()
        count, more = len(ids), False
        near = District.objects.filter(pk__in=ids).select_related("county")
        page = page_of(near, order=["name", "pk"], token=token) if ids else page
    context = {"form": form, "page": page, "count": count, "more": more, "asks": form.asks, "meant": meant}
    return render(request, "districts/district_list.html", context)


@login_not_required
@require_GET
def district_detail(request: HttpRequest, slug: str) -> HttpResponse:
    district: Any = get_object_or_404(districts_with_what_waits(), slug=slug)
    now, is_member = timezone.now(), standing_of(request.user).is_member
    sees_rights = rules.may_see_rights(request.user, district)
    memberships = Membership.objects.none()
    if is_member:
        memberships = Membership.objects.active(timezone.localdate()).at(district).select_related("person")
    context = {
        "district": district,
        "people": list(memberships.people_first()) if is_member else [],
        "is_member": is_member,
        "may_edit": rules.may_edit_district(request.user, district),
        "may_ask": rules.may_ask_to_join(request.user, district),
        "requests": list(_requests(request, district)),
        "waiting": waiting_roles(request.user, district) if district.has_waiting else [],
        "rights": rights_history(district, request.GET.get("rights", "")) if sees_rights else None,
        "panels": shown_panels("district", PanelContext(request.user, now, district)),
    }
    return render(request, "districts/district_detail.html", context)


def _requests(request: HttpRequest, district: Any) -> JoinRequestQuerySet:
    if not district.has_requests:
        return JoinRequest.objects.none()
    rows = JoinRequest.objects.waiting().decidable_by(request.user).filter(district=district)
    return rows.select_related("person", "district")


@login_not_required
@require_GET
def county_detail(request: HttpRequest, slug: str) -> HttpResponse:
    county = get_object_or_404(County, slug=slug)
    districts = county.districts.in_directory().order_by(F("enrollment").desc(nulls_last=True), "name")
    hosts = Membership.objects.none()
    if standing_of(request.user).is_member:
        hosts = Membership.objects.active(timezone.localdate()).hosting(county).select_related("person")
    context = {
        "county": county,
        "offices": list(county.offices.all()),
        "districts": list(districts),
        "hosts": list(hosts),
        "is_member": standing_of(request.user).is_member,
    }
    return render(request, "districts/county_detail.html", context)


@read_or_write
def district_edit(request: SignedIn, slug: str) -> HttpResponse:
    district = get_object_or_404(District, slug=slug)
    if not rules.may_edit_district(request.user, district):
        raise PermissionDenied
    form = DistrictWordsForm(posted(request), instance=district)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("short_name", "other_names", "domains")}
        try:
            with once(request) as sent:
                describe_district(district, **said, by=request.user, at=timezone.now())
                return sent.to(district)
        except Refused as refusal:
            show_refusal(form, refusal)
    status = 422 if form.is_bound else 200
    confirmed = district.mail_domains.exclude(confirmed_at=None).select_related("confirmed_by")
    context = {"form": form, "district": district, "confirmed": confirmed}
    return render(request, "districts/district_form.html", context, status=status)
