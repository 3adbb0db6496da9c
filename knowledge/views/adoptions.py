""" "We do this too"."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from knowledge import rules
from knowledge.deeds import adopt
from knowledge.forms.adoption import AdoptionForm
from knowledge.models import Practice, Status
from portal import undo
from portal.districts.models import District
from portal.districts.models.standing import standing_of
from portal.districts.signed_in import SignedIn
from portal.once import once


@require_POST
@once
def adoption_new(request: SignedIn, pk: int) -> HttpResponse:
    """One press: in use, from today."""
    practice, districts = _practice(request, pk)
    district = _named(districts, request.POST.get("district"))
    token = adopt.undo_token(practice, district)
    said = adopt.adopt_at_a_press(practice, district, by=request.user, at=timezone.now())
    label = str(Status(said.status).label).lower()
    _offer(request, practice, token, _("%(district)s: %(status)s.") % {"district": district, "status": label})
    return redirect(practice.get_absolute_url() + "#districts")


@require_http_methods(["GET", "POST"])
@once
def adoption_edit(request: SignedIn, pk: int) -> HttpResponse:
    """For one district: `?district=`, else the person's first. Another one has a page of its own, with its words."""
    practice, districts = _practice(request, pk)
    district = _named(districts, request.GET.get("district"))
    said = adopt.said_by(practice, district)
    form = AdoptionForm(request.POST or None, instance=said)
    if request.method == "POST" and form.is_valid():
        token = adopt.undo_token(practice, district)
        adopt.adopt(practice, district, form.text(), by=request.user, at=timezone.now())
        _offer(request, practice, token, _("Saved what %(district)s says.") % {"district": district})
        return redirect(practice.get_absolute_url() + "#districts")
    crumbs = [
        (_("Practices"), reverse("knowledge:practice-list")),
        (practice.title, practice.get_absolute_url()),
    ]
    others = [other for other in districts if other != district]
    context = {"practice": practice, "form": form, "said": said, "district": district, "others": others}
    context["crumbs"] = crumbs
    return render(request, "knowledge/adoption_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@once
def adoption_remove(request: HttpRequest, pk: int) -> HttpResponse:
    practice, districts = _practice(request, pk)
    district = _named(districts, request.POST.get("district"))
    token = adopt.undo_token(practice, district)
    if adopt.take_back(practice, district):
        _offer(request, practice, token, _("%(district)s is taken out of the table.") % {"district": district})
    return redirect(practice.get_absolute_url() + "#districts")


@require_POST
@once
def adoption_undo(request: SignedIn, pk: int, token: str) -> HttpResponse:
    practice, _districts = _practice(request, pk)
    mine = standing_of(request.user).district_ids
    if not adopt.undo(practice, token, districts=mine, by=request.user):
        raise Http404
    return redirect(practice.get_absolute_url() + "#districts")


def _practice(request: HttpRequest, pk: int) -> tuple[Practice, list[District]]:
    """The practice and the person's districts that may speak about it; 403 where there is none."""
    practice = get_object_or_404(Practice.objects.visible_to(request.user), pk=pk)
    if not standing_of(request.user).is_member:
        raise PermissionDenied(_("Join your district first: its members say what it does."))
    districts = rules.adopting_districts(request.user, practice)
    if not districts:
        raise PermissionDenied(_("This is for members of other districts than the one that posted it."))
    return practice, districts


def _named(districts: list[District], named: str | None) -> District:
    """The one named; the first where none is. 404 for another one: what is said must not stand beside a wrong name."""
    if named is None:
        return districts[0]
    found = next((district for district in districts if str(district.pk) == named), None)
    if found is None:
        raise Http404
    return found


def _offer(request: HttpRequest, practice: Practice, token: str, text: str) -> None:
    undo.offer(request, text, reverse("knowledge:adoption-undo", args=[practice.pk, token]))
