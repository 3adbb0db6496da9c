"""The people's screen: hosts for the districts of their offices, officers for all."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal import undo
from portal.districts import rules
from portal.districts.deeds import grant, invite_lines, join
from portal.districts.deeds import invite as deeds
from portal.districts.forms.people import InviteForm, PasteForm, districts_in_reach
from portal.districts.models import District, Invitation, JoinRequest, Membership, Role, User
from portal.ids import row_id
from portal.once import once
from portal.paging import page_of

INVITATIONS_A_PAGE = 50
REPORT = "invite-county"


def _screen(request: HttpRequest) -> User:
    """Whoever works here. To strangers the screen does not exist; other members may know that it does."""
    user = request.user
    if not isinstance(user, User) or not user.standing.is_member:
        raise Http404
    if not rules.may_see_people(user):
        raise PermissionDenied(_("Hosts and chapter officers keep the list of people."))
    return user


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    user = _screen(request)
    now, typed = timezone.now(), request.GET.get("q", "").replace("\x00", "").strip()[:200]
    found = Membership.objects.current(timezone.localdate(now)).within_reach_of(user)
    for word in typed.split()[:5]:
        named = Q(person__name__icontains=word) | Q(person__email__icontains=word)
        found = found.filter(named | Q(district__find_text__contains=word.lower()))
    found = found.select_related("person", "district", "regional_office").annotate(person_name=F("person__name"))
    requests = JoinRequest.objects.waiting().decidable_by(user).select_related("person", "district")
    invitations = Invitation.objects.waiting().within_reach_of(user).select_related("district", "regional_office")
    invited = page_of(
        invitations, order=["-created_at", "-pk"], token=request.GET.get("invited", ""), per_page=INVITATIONS_A_PAGE
    )
    context = {
        "page": page_of(found, order=["person_name", "pk"], token=request.GET.get("page", "")),
        "q": typed,
        "requests": list(requests[:50]),
        "invitations": [(row, row.closed_because(now)) for row in invited],
        "invited": invited,
        "roles": [(Role.MEMBER, Role.MEMBER.label), (Role.BUYER, Role.BUYER.label)],
    }
    return render(request, "districts/people.html", context)


@require_http_methods(["GET", "POST"])
@once
def invite(request: HttpRequest) -> HttpResponse:
    user = _screen(request)
    initial = {name: request.GET[name] for name in ("role", "regional_office", "district") if name in request.GET}
    form = InviteForm(request.POST if request.method == "POST" else None, by=user, initial=initial)
    if form.is_bound and form.is_valid():
        sent = form.cleaned_data
        deeds.invite(sent["email"], sent["name"], sent["role"], form.place, by=user, at=timezone.now())
        messages.success(request, _("%(email)s is invited.") % {"email": sent["email"]})
        return redirect("districts:people")
    return render(request, "districts/invite.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@once
def invite_county(request: HttpRequest) -> HttpResponse:
    """Paste, and see each line's fate; lines without a district come back with a choice.

    The report is kept in the session, so that the same form sent twice leads to it too.
    """
    user = _screen(request)
    again = "line" in request.POST
    form = PasteForm(request.POST if request.method == "POST" and not again else None)
    reach = districts_in_reach(user)
    lines: list[tuple[str, District | None]] | None = None
    if again:
        ids = [row_id(text) for text in request.POST.getlist("district")]
        chosen = reach.in_bulk([pk for pk in ids if pk is not None][: invite_lines.MOST_LINES])
        pairs = zip(request.POST.getlist("line"), ids, strict=False)
        lines = [(line, chosen.get(pk) if pk is not None else None) for line, pk in pairs]
    elif form.is_bound and form.is_valid():
        lines = [(line, None) for line in form.cleaned_data["lines"]]
    if lines is not None:
        made = invite_lines.invite_lines(lines[: invite_lines.MOST_LINES], by=user, at=timezone.now())
        request.session[REPORT] = [(fate.number, fate.text, fate.verb, fate.detail) for fate in made]
        return redirect(reverse("districts:invite-county") + "?report=1")
    kept = request.session.get(REPORT) if "report" in request.GET else None
    fates = [invite_lines.LineFate(*row) for row in kept] if kept is not None else None
    context: dict[str, Any] = {"form": form, "fates": fates}
    context["unplaced"] = [fate for fate in fates or [] if fate.verb == "unplaced"]
    context["districts"] = list(reach.only("name")) if context["unplaced"] else []
    return render(request, "districts/invite_county.html", context, status=422 if form.is_bound else 200)


def _membership(request: HttpRequest, pk: int) -> tuple[User, Membership]:
    user = _screen(request)
    rows = Membership.objects.select_related("person", "district", "regional_office").within_reach_of(user)
    return user, get_object_or_404(rows, pk=pk)


@require_POST
@once
def membership_end(request: HttpRequest, pk: int) -> HttpResponse:
    user, membership = _membership(request, pk)
    if not rules.may_change_membership(user, membership):
        raise PermissionDenied
    try:
        grant.end(membership, by=user, at=timezone.now())
    except grant.RefusedChangeError as refusal:
        messages.error(request, str(refusal))
        return redirect("districts:people")
    said = _("%(person)s is no longer %(role)s of %(place)s.") % _words(membership)
    undo.offer(request, said, reverse("districts:membership-restore", args=[membership.pk]))
    return redirect("districts:people")


@require_POST
@once
def membership_restore(request: HttpRequest, pk: int) -> HttpResponse:
    user, membership = _membership(request, pk)
    if not rules.may_change_membership(user, membership):
        raise PermissionDenied
    grant.restore(membership, by=user, at=timezone.now())
    messages.success(request, _("%(person)s is %(role)s of %(place)s again.") % _words(membership))
    return redirect("districts:people")


@require_POST
@once
def membership_role(request: HttpRequest, pk: int) -> HttpResponse:
    user, membership = _membership(request, pk)
    role = request.POST.get("role", "")
    place = membership.district
    if place is None or role not in rules.DISTRICT_ROLES or not rules.may_grant(user, role, place):
        raise PermissionDenied
    try:
        changed = grant.change_role(membership, role, by=user, at=timezone.now())
        messages.success(request, _("%(person)s is %(role)s of %(place)s.") % _words(changed))
    except grant.RefusedChangeError as refusal:
        messages.error(request, str(refusal))
    return redirect("districts:people")


def _words(membership: Membership) -> dict[str, str]:
    role = membership.get_role_display().lower()
    return {"person": str(membership.person), "role": role, "place": membership.place}


@require_POST
@once
def request_decide(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """A buyer answers for their district too; whoever may not does not learn that somebody asked."""
    rows = JoinRequest.objects.decidable_by(request.user).select_related("person", "district")
    asked = get_object_or_404(rows, pk=pk)
    user = request.user
    if not isinstance(user, User) or not rules.may_decide_request(user, asked.district):
        raise PermissionDenied
    approve = answer == "approve"
    try:
        join.decide(asked, approve=approve, by=user, at=timezone.now())
    except grant.RefusedChangeError as refusal:
        messages.error(request, str(refusal))
    else:
        said = (
            _("%(person)s is a member of %(district)s.")
            if approve
            else _("%(person)s was not taken into %(district)s.")
        )
        messages.success(request, said % {"person": asked.person, "district": asked.district})
    return redirect("districts:people" if rules.may_see_people(user) else asked.district)


@require_POST
@once
def invitation_again(request: HttpRequest, pk: int) -> HttpResponse:
    user = _screen(request)
    row = get_object_or_404(Invitation.objects.waiting().within_reach_of(user), pk=pk)
    place: grant.Place = row.district or row.regional_office
    if not rules.may_grant(user, row.role, place):
        raise PermissionDenied
    deeds.invite(row.email, row.name, row.role, place, by=user, at=timezone.now())
    messages.success(request, _("%(email)s is invited again; the older link no longer works.") % {"email": row.email})
    return redirect("districts:people")


@require_POST
@once
def invitation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = _screen(request)
    row = get_object_or_404(Invitation.objects.waiting().within_reach_of(user), pk=pk)
    try:
        deeds.withdraw(row, by=user, at=timezone.now())
        messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": row.email})
    except deeds.ClosedInvitationError as closed:
        messages.error(request, str(closed))
    return redirect("districts:people")
