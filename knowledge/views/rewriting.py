"""A question or an answer changed by its author, taken back and brought back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from knowledge import rules
from knowledge.deeds import rewrite
from knowledge.forms.question import AnswerRewriteForm, QuestionRewriteForm
from knowledge.models import Answer, Question
from portal.districts.signed_in import SignedIn
from portal.http import posted, read_or_write, show_refusal
from portal.once import once
from portal.refusals import Refused
from portal.undo import offer


def found(request: HttpRequest, pk: int, of: str) -> Question | Answer:
    """The question, or the answer of a question, that the person sees."""
    questions = Question.objects.visible_to(request.user)
    if of == "question":
        return get_object_or_404(questions, pk=pk)
    return get_object_or_404(Answer.objects.select_related("question").filter(question__in=questions), pk=pk)


@read_or_write
def edit(request: SignedIn, pk: int, of: str) -> HttpResponse:
    written, status = found(request, pk, of), 422
    rules.require_rewriting(request.user, written)
    form = _form(request, written)
    if form.is_valid():
        words = dict(form.cleaned_data)
        try:
            with once(request) as sent:
                rewrite.rewrite(written, words, over=words.pop("over"), by=request.user, at=timezone.now())
                messages.success(request, _("Saved."))
                return sent.to(written)
        except Refused as refusal:
            status = show_refusal(form, refusal)
    context = {"form": form, "heading": _("Change your words"), "submit": _("Save"), "keep": _("Leave it as it is")}
    context |= {"lede": _("It is marked as edited."), "back": written.get_absolute_url()}
    return render(request, "knowledge/words_form.html", context, status=status if form.is_bound else 200)


@require_POST
def take_back(request: SignedIn, pk: int, of: str) -> HttpResponse:
    written = found(request, pk, of)
    with once(request) as sent:
        rewrite.take_back(written, by=request.user, at=timezone.now())
        offer(request, _("Taken back: nobody reads it now."), reverse(f"knowledge:{of}-restore", args=[pk]))
        return sent.to(written)


@require_POST
def restore(request: SignedIn, pk: int, of: str) -> HttpResponse:
    written = found(request, pk, of)
    with once(request) as sent:
        rewrite.restore(written, by=request.user, at=timezone.now())
        messages.success(request, _("It is back."))
        return sent.to(written)


def _form(request: HttpRequest, written: Question | Answer) -> QuestionRewriteForm | AnswerRewriteForm:
    initial = {**written.words(), "over": written.digest()}
    if isinstance(written, Answer):
        return AnswerRewriteForm(posted(request), initial=initial)
    tags = ", ".join(sorted(written.tags.values_list("slug", flat=True)))
    return QuestionRewriteForm(posted(request), initial=initial | {"tags": tags})
