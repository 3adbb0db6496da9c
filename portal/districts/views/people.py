"""The people's screen: hosts for the districts of their offices, officers for all."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal import undo
from portal.districts import rules
from portal.districts.deeds import grant, join
from portal.districts.deeds import invite as inviting
from portal.districts.deeds.agree import agree, refuse, take_back
from portal.districts.deeds.invite_lines import LineFate, invite_lines, judge_lines
from portal.districts.forms.inviting import HostBuysForm, InviteForm, PasteForm, districts_in_reach
from portal.districts.models import Chapter, Invitation, JoinRequest, Membership, User, WaitingGrant
from portal.districts.screens.people import people_page
from portal.districts.signed_in import SignedIn, others_here
from portal.formats import day
from portal.http import posted, read_or_write, show_refusal
from portal.limits import limited
from portal.once import once
from portal.refusals import Refused

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
    return render(request, "districts/people.html", people_page(user, timezone.now(), request.GET))


@limited("invite")
@read_or_write
def invite(request: HttpRequest) -> HttpResponse:
    user = _screen(request)
    initial = {name: request.GET[name] for name in ("role", "regional_office", "district") if name in request.GET}
    form = InviteForm(posted(request), by=user, initial=initial)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        said = form.cleaned_data
        here, who = others_here(request), (said["email"], said["name"], said["role"], form.place)
        try:
            with once(request) as sent:
                made = inviting.invite(*who, by=user, at=timezone.now(), here=here)
                _say(request, made, _("%(email)s is invited.") % {"email": said["email"]})
                return sent.to("districts:people")
        except Refused as refusal:
            status = show_refusal(form, refusal)
    return render(request, "districts/invite.html", {"form": form}, status=status)


@limited("invite-county")
@read_or_write
def invite_county(request: HttpRequest) -> HttpResponse:
    """Paste, look at what was understood, and press once; those without a district come back with a choice.

    The report is kept in the session, so that the same form sent twice leads to it too.
    """
    user, now = _screen(request), timezone.now()
    form, fates, status = PasteForm(posted(request), by=user), None, 422
    if not form.is_bound:
        kept = request.session.get(REPORT) if "report" in request.GET else None
        fates, status = [LineFate(*row) for row in kept] if kept is not None else None, 200
    elif form.is_valid() and form.understood is None:
        fates, status = judge_lines(form.cleaned_data["lines"], by=user, at=now), 200
    elif form.is_valid():
        try:
            with once(request) as sent:
                made = invite_lines(form.cleaned_data["lines"], by=user, at=now, here=others_here(request))
                request.session[REPORT] = [(f.number, f.text, f.name, f.address, f.verb, f.detail) for f in made]
                return sent.to(reverse("districts:invite-county") + "?report=1")
        except Refused as refusal:
            status = show_refusal(form, refusal)
    people = [fate for fate in fates or [] if fate.verb in {"ready", "unplaced"}]
    ready = sum(fate.verb == "ready" for fate in people)
    context = {
        "form": form,
        "people": people,
        "ready": ready,
        "others": [fate for fate in fates or [] if fate not in people],
        "is_report": fates is not None and not form.is_bound,
        "districts": list(districts_in_reach(user).only("name")) if ready < len(people) else [],
    }
    return render(request, "districts/invite_county.html", context, status=status)


def _say(request: HttpRequest, made: Invitation | Membership | WaitingGrant, done: str) -> None:
    """What became of it: `done`, or that somebody else must agree first."""
    if not isinstance(made, WaitingGrant):
        messages.success(request, done)
        return
    messages.info(
        request,
        _("%(who)s does not have the role yet. %(why)s It waits until %(day)s for somebody else to agree.")
        % {
            "who": made.who,
            "why": made.get_why_display(),
            "day": day(made.expires_at.astimezone(Chapter.current().tz).date()),
        },
    )


def _membership(request: HttpRequest, pk: int) -> tuple[User, Membership]:
    user = _screen(request)
    rows = Membership.objects.select_related("person", "district", "regional_office").within_reach_of(user)
    return user, get_object_or_404(rows, pk=pk)


def _invitation(request: HttpRequest, pk: int) -> tuple[User, Invitation]:
    user = _screen(request)
    rows = Invitation.objects.waiting().within_reach_of(user)
    rows = rows.select_related("district", "regional_office", "agreed")
    return user, get_object_or_404(rows, pk=pk)


@limited("decide")
@require_POST
def membership_end(request: HttpRequest, pk: int) -> HttpResponse:
    user, membership = _membership(request, pk)
    try:
        with once(request) as sent:
            grant.end(membership, by=user, at=timezone.now())
            said = _("%(person)s is no longer %(role)s of %(place)s.") % _words(membership)
            undo.offer(request, said, reverse("districts:membership-restore", args=[membership.pk]))
            return sent.to("districts:people")
    except Refused as refusal:
        return _not_done(request, refusal)


@limited("decide")
@require_POST
def membership_restore(request: HttpRequest, pk: int) -> HttpResponse:
    user, membership = _membership(request, pk)
    try:
        with once(request) as sent:
            made = grant.restore(membership, by=user, at=timezone.now(), here=others_here(request))
            _say(request, made, _("%(person)s is %(role)s of %(place)s again.") % _words(membership))
            return sent.to("districts:people")
    except Refused as refusal:
        return _not_done(request, refusal)


@limited("decide")
@require_POST
def membership_role(request: HttpRequest, pk: int) -> HttpResponse:
    user, membership = _membership(request, pk)
    try:
        with once(request) as sent:
            role, here = request.POST.get("role", ""), others_here(request)
            made = grant.change_role(membership, role, by=user, at=timezone.now(), here=here)
            _say(request, made, _("%(person)s is %(role)s of %(place)s.") % _words(made))
            return sent.to("districts:people")
    except Refused as refusal:
        return _not_done(request, refusal)


def _words(held: Membership | WaitingGrant) -> dict[str, str]:
    return {"person": str(held.person), "role": held.get_role_display().lower(), "place": held.place}


def _not_done(request: HttpRequest, refusal: Refused, page: str = "districts:people") -> HttpResponse:
    """The page again, as it is now, with why."""
    messages.error(request, str(refusal))
    return redirect(page)


@limited("decide")
@require_POST
def request_decide(request: SignedIn, pk: int, answer: str) -> HttpResponse:
    """A buyer answers for their district too; whoever may not does not learn that somebody asked."""
    user, approve = request.user, answer == "approve"
    rows = JoinRequest.objects.decidable_by(user).select_related("person", "district")
    asked = get_object_or_404(rows, pk=pk)
    page = reverse("districts:people") if rules.may_see_people(user) else asked.district.get_absolute_url()
    words = {"person": asked.person, "district": asked.district}
    try:
        with once(request) as sent:
            join.decide(asked, approve=approve, by=user, at=timezone.now(), here=others_here(request))
            said = (
                _("%(person)s is a member of %(district)s.")
                if approve
                else _("%(person)s was not taken into %(district)s.")
            )
            messages.success(request, said % words)
            return sent.to(page)
    except Refused as refusal:
        return _not_done(request, refusal, page)


@limited("decide")
@read_or_write
def membership_allow(request: HttpRequest, pk: int) -> HttpResponse:
    """An officer records why a buyer who hosts an office may commit in agreements that it leads."""
    user, membership = _membership(request, pk)
    if not rules.may_let_host_buy(user, membership):
        raise PermissionDenied
    form = HostBuysForm(posted(request), initial={"reason": membership.buys_though_host})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            with once(request) as sent:
                reason, here = form.cleaned_data["reason"], others_here(request)
                grant.let_host_buy(membership, reason, by=user, at=timezone.now(), here=here)
                messages.success(request, _("Recorded for %(person)s.") % {"person": membership.person})
                return sent.to("districts:people")
        except Refused as refusal:
            status = show_refusal(form, refusal)
    context = {"form": form, "membership": membership}
    return render(request, "districts/membership_allow.html", context, status=status)


@limited("decide")
@require_POST
def role_decide(request: SignedIn, pk: int, answer: str) -> HttpResponse:
    """Agree to a role that waits, refuse it, or take it back; whoever may not does not learn of it."""
    user = request.user
    rows = WaitingGrant.objects.waiting().visible_to(user).select_related("person", "district", "regional_office")
    waiting = get_object_or_404(rows, pk=pk)
    page = reverse("districts:people") if rules.may_see_people(user) else waiting.page
    try:
        with once(request) as sent:
            messages.success(request, _decided(request, waiting, answer))
            return sent.to(page)
    except Refused as refusal:
        return _not_done(request, refusal, page)


def _decided(request: SignedIn, waiting: WaitingGrant, answer: str) -> str:
    by, at, words = request.user, timezone.now(), {"who": waiting.who}
    if answer == "agree":
        agree(waiting, by=by, at=at, here=others_here(request))
        return (
            _("You agreed: %(who)s has the role.") if waiting.person else _("You agreed: %(who)s is invited.")
        ) % words
    if answer == "refuse":
        refuse(waiting, by=by, at=at)
        return _("You refused: %(who)s does not get the role.") % words
    take_back(waiting, by=by, at=at)
    return _("Taken back: %(who)s does not get the role.") % words


@limited("invite")
@require_POST
def invitation_again(request: HttpRequest, pk: int) -> HttpResponse:
    user, row = _invitation(request, pk)
    said = _("%(email)s is invited again; the older link no longer works.") % {"email": row.email}
    who, here = (row.email, row.name, row.role, row.where), others_here(request)
    try:
        with once(request) as sent:
            made = inviting.invite(*who, by=user, at=timezone.now(), here=here, agreed=row.agreed)
            _say(request, made, said)
            return sent.to("districts:people")
    except Refused as refusal:
        return _not_done(request, refusal)


@require_POST
def invitation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user, row = _invitation(request, pk)
    try:
        with once(request) as sent:
            inviting.withdraw(row, by=user, at=timezone.now())
            messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": row.email})
            return sent.to("districts:people")
    except Refused as refusal:
        return _not_done(request, refusal)
