"""Practices: the list, one, and what its own district does with it."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from knowledge import rules
from knowledge.deeds import post
from knowledge.forms.filter import PracticeFilter
from knowledge.forms.practice import EditForm, PostForm, practice_values
from knowledge.models import Practice
from knowledge.screens import practice_rows
from knowledge.screens.practice import practice_page
from portal import undo
from portal.districts.models import County
from portal.districts.models.standing import standing_of
from portal.districts.signed_in import SignedIn
from portal.http import posted, read_or_write, show_refusal
from portal.once import once
from portal.refusals import Refused, Stale
from portal.registry import PanelContext, shown_panels, with_panels


@login_not_required
@require_GET
def practice_list(request: HttpRequest) -> HttpResponse:
    if request.GET.get("q", "").strip():
        return redirect("/search/?" + urlencode({"q": request.GET["q"], "kind": "practice"}))
    chosen = PracticeFilter(request.GET).values()
    practices = practice_rows.filtered(Practice.objects.visible_to(request.user), **asdict(chosen))
    return render(
        request,
        "knowledge/practice_list.html",
        {
            "page": practice_rows.page(practices, user=request.user, token=request.GET.get("page", "")),
            "chosen": chosen,
            "kinds": tuple(PracticeFilter.base_fields["kind"].choices),  # type: ignore[attr-defined]
            "statuses": tuple(PracticeFilter.base_fields["status"].choices),  # type: ignore[attr-defined]
            "counties": tuple(County.objects.order_by("name").values_list("slug", "name")),
            "may_post": rules.may_post(request.user),
        },
    )


@login_not_required
@require_GET
def practice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = request.user
    found = Practice.objects.visible_to(user).select_related("district__county", "author")
    practice = get_object_or_404(with_panels("practice", found), pk=pk)
    shown = practice_page(practice, standing_of(user))
    about = PanelContext(user=user, now=timezone.now(), about=practice)
    return render(
        request,
        "knowledge/practice_detail.html",
        {
            "practice": practice,
            "shown": shown,
            "ours": next((doer for doer in shown.doers if doer.is_mine), None),
            "adopting": rules.adopting_districts(user, practice),
            "may_edit": rules.may_edit(user, practice),
            "moderates": rules.moderates(user, practice),
            "may_moderate": rules.may_moderate(user),
            "may_ask": rules.may_ask(user),
            "panels": shown_panels("practice", about),
            "crumbs": ((_("Practices"), reverse("knowledge:practice-list")),),
        },
    )


@read_or_write
def practice_new(request: SignedIn) -> HttpResponse:
    if not standing_of(request.user).is_member:
        raise Http404
    rules.require_posting(request.user)
    form = PostForm(posted(request), districts=list(standing_of(request.user).districts))
    if form.is_valid():
        try:
            with once(request) as sent:
                practice = post.post(form.text(), district=form.district(), by=request.user, at=timezone.now())
                messages.success(request, _("Posted. Other districts find it from now on."))
                return sent.to(practice)
        except Refused as refusal:
            show_refusal(form, refusal)
    return _form_page(request, form, _("Post a practice"), _("Post the practice"))


@read_or_write
def practice_edit(request: SignedIn, pk: int) -> HttpResponse:
    practice = _seen(request, pk, also_hidden=request.method == "POST")
    rules.require_editing(request.user, practice)
    form = EditForm(posted(request), initial=practice_values(practice) | {"version": practice.version})
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            with once(request) as sent:
                edited = post.edit(practice, form.text(), version=version, by=request.user, at=timezone.now())
                messages.success(request, _("Saved."))
                return sent.to(edited)
        except Refused as refusal:
            return _refused_page(request, pk, form, refusal)
    return _form_page(request, form, _("Edit the practice"), _("Save"), practice)


@require_POST
def practice_withdraw(request: SignedIn, pk: int) -> HttpResponse:
    practice = _seen(request, pk)
    with once(request) as sent:
        token = post.withdraw(practice, by=request.user, at=timezone.now())
        undo.offer(
            request,
            _("“%(title)s” is withdrawn: nobody sees it now.") % {"title": practice.title},
            reverse("knowledge:practice-restore", args=[practice.pk, token]),
        )
        return sent.to("knowledge:practice-list")


@require_POST
def practice_restore(request: SignedIn, pk: int, token: str) -> HttpResponse:
    practice = get_object_or_404(Practice, pk=pk)
    if not rules.may_edit(request.user, practice):  # nobody else knows of what is withdrawn
        raise Http404
    with once(request) as sent:
        restored = post.restore(practice, token, by=request.user, at=timezone.now())
        if restored is None:
            raise Http404
        messages.success(request, _("It is back."))
        return sent.to(restored)


def _seen(request: HttpRequest, pk: int, *, also_hidden: bool = False) -> Practice:
    """The practice; 404 where the person does not see it.

    `also_hidden` is for what the person's district typed before an officer took the practice out of sight: the deed
    refuses it in words.
    """
    practice = get_object_or_404(Practice.objects.select_related("district"), pk=pk)
    mine = also_hidden and rules.may_edit(request.user, practice)
    if not mine and not Practice.objects.visible_to(request.user).filter(pk=pk).exists():
        raise Http404
    return practice


def _form_page(
    request: HttpRequest, form: PostForm | EditForm, title: str, submit: str, practice: Practice | None = None
) -> HttpResponse:
    crumbs = [(_("Practices"), reverse("knowledge:practice-list"))]
    cancel_url, cancel_label = reverse("knowledge:practice-list"), _("Post nothing")
    if practice is not None:
        cancel_label = _("Leave it as it is")
        cancel_url = practice.get_absolute_url()
        crumbs.append((practice.title, cancel_url))
    context = {"form": form, "title": title, "submit": submit, "crumbs": crumbs}
    context |= {"cancel_url": cancel_url, "cancel_label": cancel_label}
    return render(request, "knowledge/practice_form.html", context, status=422 if form.is_bound else 200)


def _refused_page(request: HttpRequest, pk: int, form: EditForm, refusal: Refused) -> HttpResponse:
    """Both texts side by side, and the form as typed: sent again, it is saved over the version shown here."""
    stored = Practice.objects.select_related("district").get(pk=pk)
    return render(
        request,
        "knowledge/practice_conflict.html",
        {
            "practice": stored,
            "reason": str(refusal),
            "differences": form.differences(stored),
            "form": EditForm(initial=request.POST.dict() | {"version": stored.version}),
            "may_save": stored.live and not stored.locked and not stored.has_open_draft,
            "cancel_label": _("Leave it as it is"),
            "cancel_url": stored.get_absolute_url() if stored.live else reverse("knowledge:practice-list"),
        },
        status=409 if isinstance(refusal, Stale) else 422,
    )
