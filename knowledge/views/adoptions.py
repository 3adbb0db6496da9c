""" "We do this too"."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from knowledge import rules
from knowledge.deeds import adopt
from knowledge.forms.adoption import AdoptionForm
from knowledge.models import Practice, Status
from portal import undo
from portal.districts.models import District
from portal.districts.signed_in import SignedIn
from portal.http import posted, read_or_write, show_refusal
from portal.once import once
from portal.refusals import Refused


@require_POST
def adoption_new(request: SignedIn, pk: int) -> HttpResponse:
    """One press: in use, from today."""
    practice, districts = _practice(request, pk)
    district = _named(districts, request.POST.get("district"))
    with once(request) as sent:
        token = adopt.undo_token(practice, district)
        said = adopt.confirm(practice, district, by=request.user, at=timezone.now())
        label = str(Status(said.status).label).lower()
        _offer(request, practice, token, _("%(district)s: %(status)s.") % {"district": district, "status": label})
        return sent.to(_districts_of(practice))


@read_or_write
def adoption_edit(request: SignedIn, pk: int) -> HttpResponse:
    """For one district: `?district=`, else the person's first. Another one has a page of its own, with its words."""
    practice, districts = _practice(request, pk)
    district = _named(districts, request.GET.get("district"))
    said = adopt.adoption_of(practice, district)
    form = AdoptionForm(posted(request), instance=said)
    if form.is_valid():
        try:
            with once(request) as sent:
                token = adopt.undo_token(practice, district)
                adopt.adopt(practice, district, form.text(), by=request.user, at=timezone.now())
                _offer(request, practice, token, _("Saved what %(district)s says.") % {"district": district})
                return sent.to(_districts_of(practice))
        except Refused as refusal:
            show_refusal(form, refusal)
    crumbs = [(_("Practices"), reverse("knowledge:practice-list")), (practice.title, practice.get_absolute_url())]
    others = [other for other in districts if other != district]
    context = {"practice": practice, "form": form, "said": said, "district": district, "others": others}
    context["crumbs"] = crumbs
    return render(request, "knowledge/adoption_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def adoption_remove(request: SignedIn, pk: int) -> HttpResponse:
    practice, districts = _practice(request, pk)
    district = _named(districts, request.POST.get("district"))
    with once(request) as sent:
        token = adopt.undo_token(practice, district)
        if adopt.take_back(practice, district, by=request.user):
            _offer(request, practice, token, _("%(district)s is taken out of the table.") % {"district": district})
        return sent.to(_districts_of(practice))


@require_POST
def adoption_undo(request: SignedIn, pk: int, token: str) -> HttpResponse:
    practice, _districts = _practice(request, pk)
    with once(request) as sent:
        if not adopt.undo(practice, token, by=request.user):
            raise Http404
        return sent.to(_districts_of(practice))


def _practice(request: HttpRequest, pk: int) -> tuple[Practice, list[District]]:
    """The practice and the person's districts that may speak about it; 403 where there is none."""
    practice = get_object_or_404(Practice.objects.visible_to(request.user), pk=pk)
    return practice, rules.require_adopting(request.user, practice)


def _named(districts: list[District], named: str | None) -> District:
    """The one named; the first where none is. 404 for another one: what is said must not stand beside a wrong name."""
    if named is None:
        return districts[0]
    found = next((district for district in districts if str(district.pk) == named), None)
    if found is None:
        raise Http404
    return found


def _districts_of(practice: Practice) -> str:
    return practice.get_absolute_url() + "#districts"


def _offer(request: HttpRequest, practice: Practice, token: str, text: str) -> None:
    undo.offer(request, text, reverse("knowledge:adoption-undo", args=[practice.pk, token]))
