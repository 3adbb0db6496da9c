"""What an officer hides: the reason is asked first, and whoever wrote it is told."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge import rules
from knowledge.deeds import adopt, post, rewrite
from knowledge.forms.moderating import NoteReasonForm, ReasonForm
from knowledge.models import Adoption, Practice
from knowledge.views.rewriting import found
from portal.districts.signed_in import SignedIn
from portal.http import posted, read_or_write, show_refusal
from portal.limits import limited
from portal.once import once
from portal.refusals import Refused
from portal.undo import offer


@limited("decide")
@read_or_write
def words_hide(request: SignedIn, pk: int, of: str) -> HttpResponse:
    """A question or an answer; its page says that it is gone."""
    written = found(request, pk, of)
    rules.require_hiding(request.user, written)
    back = written.get_absolute_url()
    undo = reverse(f"knowledge:{of}-restore", args=[pk])
    heading = _("Hide this question") if of == "question" else _("Hide this answer")
    return _hide(request, heading, partial(rewrite.take_back, written), lambda done: undo, back=back, then=back)


@limited("decide")
@read_or_write
def practice_hide(request: SignedIn, pk: int) -> HttpResponse:
    practice = get_object_or_404(Practice.objects.visible_to(request.user), pk=pk)
    rules.require_hiding(request.user, practice)
    then = reverse("knowledge:practice-list")

    def undo(token: object) -> str:
        return reverse("knowledge:practice-restore", args=[pk, token])

    back = practice.get_absolute_url()
    return _hide(request, _("Hide this practice"), partial(post.withdraw, practice), undo, back=back, then=then)


@limited("decide")
@read_or_write
def note_hide(request: SignedIn, pk: int) -> HttpResponse:
    """What a district wrote beside its status; or the whole of what it said, and its row is gone."""
    practices = Practice.objects.visible_to(request.user)
    adoption = get_object_or_404(Adoption.objects.select_related("practice").filter(practice__in=practices), pk=pk)
    rules.require_moderating(request.user)
    back, deed = f"{adoption.practice.get_absolute_url()}#districts", partial(adopt.hide_note, adoption)
    return _hide(request, _("Hide this note"), deed, None, back=back, then=back, form_of=NoteReasonForm)


def _hide(
    request: SignedIn,
    heading: str,
    deed: Callable[..., object],
    undo: Callable[[object], str] | None,
    *,
    back: str,
    then: str,
    form_of: type[ReasonForm] = ReasonForm,
) -> HttpResponse:
    """`undo` makes the address that takes it back from what the deed returned; None where there is none."""
    form, status = form_of(posted(request)), 422
    if form.is_valid():
        try:
            with once(request) as sent:
                done = deed(by=request.user, at=timezone.now(), **form.cleaned_data)
                said = _("Hidden. Whoever wrote it is told why.")
                offer(request, said, undo(done)) if undo else messages.success(request, said)
                return sent.to(then)
        except Refused as refusal:
            status = show_refusal(form, refusal)
    context = {"form": form, "heading": heading, "submit": _("Hide and tell the author"), "keep": _("Leave it")}
    context |= {"back": back, "danger": True}
    context |= {"lede": _("Other members no longer see it. Whoever wrote it gets an email with your reason.")}
    return render(request, "knowledge/words_form.html", context, status=status if form.is_bound else 200)
