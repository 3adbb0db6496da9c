"""What search finds of knowledge: practices, questions with their answers, products."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from knowledge.models import Answer, Audience, Practice, Product, Question, Status, TaggedPractice, TaggedQuestion
from knowledge.screens.counts import alike_in_use, fact
from portal import markup
from portal.districts.models.standing import standing_of
from portal.registry import EntryData, SearchSource


def _audience(practice: Practice, county_id: int | None) -> set[str]:
    """The keys of those who see a practice; the same rule as `practices.visible`."""
    keys = {"officers", f"district:{practice.district_id}"}
    if practice.audience == Audience.PUBLIC:
        keys.add("public")
    elif practice.audience == Audience.MEMBERS:
        keys.add("members")
    elif practice.audience == Audience.COUNTY and county_id is not None:
        keys.add(f"county:{county_id}")
    return keys


def _status(practice: Practice) -> str:
    if practice.in_use_count:
        return Status.IN_USE.value
    if practice.piloting_count:
        return Status.PILOTING.value
    return Status.STOPPED.value if practice.stopped_count else ""


# --- practices --------------------------------------------------------------------------------------------------------
def practice_rows() -> QuerySet[Practice]:
    return Practice.objects.filter(live=True).select_related("district")


def practice_entries(practices: Sequence[Practice]) -> Iterable[EntryData]:
    """Two queries: tags and products. A confirmation makes a practice young again; who stopped weighs against it."""
    ids = [practice.pk for practice in practices]
    tags: dict[int, list[str]] = {}
    tagged = TaggedPractice.objects.filter(content_object__in=ids).order_by("pk")  # else an entry is not twice the same
    for pk, name in tagged.values_list("content_object_id", "tag__name"):
        tags.setdefault(pk, []).append(name)
    products: dict[int, list[str]] = {}
    also: dict[int, list[str]] = {}
    uses = Practice.products.through.objects.filter(practice__in=ids).order_by("pk")
    for pk, name, aliases in uses.values_list("practice_id", "product__name", "product__aliases"):
        products.setdefault(pk, []).append(name)
        also.setdefault(pk, []).extend(map(str, aliases))
    for practice in practices:
        county_id = practice.district.county_id
        texts = (practice.problem, practice.what_we_do, practice.replaced, practice.do_differently)
        yield EntryData(
            object_id=practice.pk,
            title=practice.title,
            summary=practice.summary,
            body="\n".join(markup.plain(text) for text in texts if text),
            tags=tags.get(practice.pk, []),
            products=products.get(practice.pk, []),
            also=also.get(practice.pk, []),
            county_id=county_id,
            district_id=practice.district_id,
            status=_status(practice),
            dated=timezone.localdate(max(practice.posted_at, practice.last_confirmed_at or practice.posted_at)),
            popularity=max(practice.in_use_count + practice.piloting_count - practice.stopped_count, 0),
            audience=_audience(practice, county_id),
        )


def practice_urls(ids: Sequence[int]) -> dict[int, str]:
    return {pk: reverse("knowledge:practice-detail", args=[pk]) for pk in ids}


def practice_facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    """ "In use in 6 districts, 3 like yours". One query."""
    alike = alike_in_use(standing_of(user).district)
    counts = Practice.objects.filter(pk__in=ids).values_list(
        "pk", "in_use_count", "piloting_count", "stopped_count", alike
    )
    facts = {pk: fact(*counted) for pk, *counted in counts}
    return {pk: text for pk, text in facts.items() if text}


# --- questions --------------------------------------------------------------------------------------------------------
def question_rows() -> QuerySet[Question]:
    return Question.objects.kept().exclude(practice__live=False).select_related("district", "practice__district")


def question_entries(questions: Sequence[Question]) -> Iterable[EntryData]:
    """Two queries: tags and answers."""
    ids = [question.pk for question in questions]
    tags: dict[int, list[str]] = {}
    tagged = TaggedQuestion.objects.filter(content_object__in=ids).order_by("pk")  # else an entry is not twice the same
    for pk, name in tagged.values_list("content_object_id", "tag__name"):
        tags.setdefault(pk, []).append(name)
    answers: dict[int, list[str]] = {}
    for pk, body in Answer.objects.kept().filter(question__in=ids).values_list("question_id", "body"):
        answers.setdefault(pk, []).append(markup.plain(body))
    for question in questions:
        practice = question.practice
        audience = {"members", "officers"} if practice is None else _audience(practice, practice.district.county_id)
        yield EntryData(
            object_id=question.pk,
            title=question.title,
            summary=markup.plain(question.body)[:240],
            body="\n".join([markup.plain(question.body), *answers.get(question.pk, [])]),
            tags=tags.get(question.pk, []),
            county_id=question.district.county_id if question.district else None,
            district_id=question.district_id,
            status="answered" if question.answer_count else "unanswered",
            dated=timezone.localdate(question.asked_at),
            popularity=question.answer_count,
            audience=audience,
        )


def question_urls(ids: Sequence[int]) -> dict[int, str]:
    return {pk: reverse("knowledge:question-detail", args=[pk]) for pk in ids}


def question_facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    """ "2 answers, one accepted". One query."""
    facts = {}
    for pk, count, accepted in Question.objects.filter(pk__in=ids).values_list("pk", "answer_count", "accepted_id"):
        if not count:
            facts[pk] = _("No answer yet")
            continue
        facts[pk] = ngettext("%(n)d answer", "%(n)d answers", count) % {"n": count}
        if accepted:
            facts[pk] = _("%(answers)s, one accepted") % {"answers": facts[pk]}
    return facts


def question_form(words: str) -> str:
    return f"{reverse('knowledge:question-new')}?title={quote(words, safe='')}"


# --- products ---------------------------------------------------------------------------------------------------------
def product_rows() -> QuerySet[Product]:
    return Product.objects.all()


def product_entries(products: Sequence[Product]) -> Iterable[EntryData]:
    """One query. A product is seen by members; by everybody where a public practice uses it."""
    ids = [product.pk for product in products]
    public = set(
        Practice.products.through.objects.filter(
            product__in=ids, practice__live=True, practice__audience=Audience.PUBLIC
        ).values_list("product_id", flat=True)
    )
    for product in products:
        yield EntryData(
            object_id=product.pk,
            title=product.name,
            summary=product.vendor,
            body=" ".join(map(str, product.aliases)),
            audience={"members", "officers", "public"} if product.pk in public else {"members", "officers"},
        )


def product_urls(ids: Sequence[int]) -> dict[int, str]:
    found = Product.objects.filter(pk__in=ids).values_list("pk", "slug")
    return {pk: reverse("knowledge:product-detail", args=[slug]) for pk, slug in found}


def product_facts(ids: Sequence[int], user: Any, now: datetime) -> dict[int, str]:
    """ "In 4 practices", of those this person sees. One query."""
    seen = Practice.objects.visible_to(user).values("pk")
    uses = Practice.products.through.objects.filter(product__in=ids, practice__in=seen).order_by().values("product_id")
    return {
        row["product_id"]: ngettext("In %(n)d practice", "In %(n)d practices", row["n"]) % {"n": row["n"]}
        for row in uses.annotate(n=Count("pk"))
    }


SOURCES = [
    SearchSource(
        kind="practice",
        label=gettext_lazy("Practices"),
        singular=gettext_lazy("Practice"),
        model=Practice,
        rows=practice_rows,
        entries=practice_entries,
        urls=practice_urls,
        facts=practice_facts,
        order=10,
        statuses={value: label for value, label in Status.choices if value != Status.CONSIDERING},
        sinking={Status.STOPPED: gettext_lazy("Nobody reports doing this any more")},
        is_offered=True,
    ),
    SearchSource(
        kind="question",
        label=gettext_lazy("Questions"),
        singular=gettext_lazy("Question"),
        model=Question,
        rows=question_rows,
        entries=question_entries,
        urls=question_urls,
        facts=question_facts,
        order=20,
        weight=0.9,
        statuses={"answered": gettext_lazy("Answered"), "unanswered": gettext_lazy("No answer yet")},
        is_offered=True,
        ask=question_form,
    ),
    SearchSource(
        kind="product",
        label=gettext_lazy("Products"),
        singular=gettext_lazy("Product"),
        model=Product,
        rows=product_rows,
        entries=product_entries,
        urls=product_urls,
        facts=product_facts,
        order=60,
        weight=0.8,
        is_named=True,
    ),
]
