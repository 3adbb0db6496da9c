"""Questions and their answers."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from knowledge import rules
from knowledge.deeds import ask
from knowledge.forms.question import AnswerForm, QuestionForm
from knowledge.models import Answer, Practice, Question
from knowledge.screens.question import answers_of, heading, rights
from portal.districts.models.standing import standing_of
from portal.districts.signed_in import SignedIn
from portal.http import posted, read_or_write, show_refusal
from portal.limits import limited
from portal.once import once
from portal.paging import page_of
from portal.refusals import Refused


@login_not_required
@require_GET
def question_list(request: HttpRequest) -> HttpResponse:
    questions = Question.objects.visible_to(request.user).kept().select_related("district", "practice")
    unanswered = request.GET.get("answers") == "none"
    if unanswered:
        questions = questions.filter(answer_count=0)
    page = page_of(questions, order=["-asked_at", "-id"], token=request.GET.get("page", ""))
    context = {"page": page, "unanswered": unanswered, "may_ask": rules.may_ask(request.user)}
    return render(request, "knowledge/question_list.html", context)


@login_not_required
@require_GET
def question_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _question(request, pk), AnswerForm())


@limited("ask")
@read_or_write
def question_new(request: SignedIn, pk: int | None = None) -> HttpResponse:
    """Alone, or under the practice `pk`."""
    practice = None
    if pk is not None:
        practice = get_object_or_404(Practice.objects.visible_to(request.user).select_related("district"), pk=pk)
    elif not rules.may_ask(request.user):
        raise Http404
    rules.require_asking(request.user)
    form = QuestionForm(posted(request), initial={"title": request.GET.get("title", "")})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        district, now = standing_of(request.user).district, timezone.now()
        try:
            with once(request) as sent:
                question = ask.ask(**form.cleaned_data, district=district, by=request.user, at=now, practice=practice)
                messages.success(request, _("Asked. We will email you when somebody answers."))
                return sent.to(question)
        except Refused as refusal:
            status = show_refusal(form, refusal)
    context = {"form": form, "practice": practice, "crumbs": _crumbs(practice)}
    return render(request, "knowledge/question_form.html", context, status=status)


@limited("answer")
@require_POST
def answer_new(request: SignedIn, pk: int) -> HttpResponse:
    question = _question(request, pk)
    rules.require_answering(request.user)
    form, status = AnswerForm(request.POST), 422
    if form.is_valid():
        district, now = standing_of(request.user).district, timezone.now()
        try:
            with once(request) as sent:
                return sent.to(ask.answer(question, **form.cleaned_data, district=district, by=request.user, at=now))
        except Refused as refusal:
            status = show_refusal(form, refusal)
    return _page(request, question, form, status)


@require_POST
def answer_accept(request: SignedIn, pk: int) -> HttpResponse:
    """Mark the answer that helped; sent again with `accepted=no`, take the mark away."""
    given = get_object_or_404(Answer.objects.select_related("question"), pk=pk)
    question = _question(request, given.question_id)
    with once(request) as sent:
        ask.accept(question, None if request.POST.get("accepted") == "no" else given, by=request.user)
        return sent.to(given)


def _question(request: HttpRequest, pk: int) -> Question:
    found = Question.objects.visible_to(request.user).select_related("district", "practice__district", "author")
    return get_object_or_404(found, pk=pk)


def _page(request: HttpRequest, question: Question, form: AnswerForm, status: int = 200) -> HttpResponse:
    context = {
        "question": question,
        "heading": heading(question),
        "rights": rights(request.user, question),
        "answers": answers_of(question, request.user),
        "tags": question.tags.all(),
        "form": form,
        "may_answer": rules.may_answer(request.user) and question.removed_at is None,
        "may_accept": rules.may_accept(request.user, question) and question.removed_at is None,
        "crumbs": _crumbs(question.practice),
    }
    return render(request, "knowledge/question_detail.html", context, status=status)


def _crumbs(practice: Practice | None) -> list[tuple[str, str]]:
    if practice is not None:
        return [(_("Practices"), reverse("knowledge:practice-list")), (practice.title, practice.get_absolute_url())]
    return [(_("Questions"), reverse("knowledge:question-list"))]
