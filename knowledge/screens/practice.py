"""What one practice's page shows: who does it, who stopped, those like mine first. Three queries with the practice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, DateTimeField, F, FilteredRelation, IntegerField, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from knowledge.models import Again, Practice, Product, Question, Status, Tag
from knowledge.screens.counts import sentence
from portal.districts.models import District
from portal.districts.models.alike import likeness
from portal.districts.models.standing import Standing
from portal.statements import Statement, given

_CELLS = {Status.IN_USE: "yes", Status.PILOTING: "pilot", Status.STOPPED: "stopped", Status.CONSIDERING: "no"}
_ORDER = {Status.IN_USE: 0, Status.PILOTING: 1, Status.STOPPED: 2, Status.CONSIDERING: 3}


@dataclass(frozen=True, slots=True)
class Doer:
    """One row of the table "Districts that do this"."""

    adoption_id: int
    district_id: int
    name: str
    url: str
    enrollment: int | None
    status: str
    status_label: str
    since: date | None
    scale: str
    again: str
    note: str
    note_html: str
    contact: str
    confirmed: datetime
    alike: bool
    reason: str
    """Why it is like mine, in words."""
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One district of the county."""

    label: str
    state: str
    title: str


@dataclass(frozen=True, slots=True)
class Asker:
    short_name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question under the practice, as `_questions.html` shows it."""

    get_absolute_url: str
    title: str
    asked_at: datetime
    answer_count: int
    accepted_id: int | None
    district: Asker | None


@dataclass(frozen=True, slots=True)
class PracticePage:
    counts: str
    like_yours: int
    doers: tuple[Doer, ...]
    cells: tuple[Cell, ...]
    """The row of the county's districts."""
    tags: list[tuple[str, str]]
    products: list[tuple[str, str]]
    questions: tuple[Asked, ...]


def practice_page(practice: Practice, standing: Standing) -> PracticePage:
    """Two queries: questions, tags and products in one; districts with what they say.

    Names, notes and contacts are the members': somebody without a membership gets the counts alone.
    """
    questions, tags, products = _around(practice)
    counted = (practice.in_use_count, practice.piloting_count, practice.stopped_count)
    if not standing.is_member:
        return PracticePage(sentence(*counted), 0, (), (), tags, products, questions)
    districts = _districts(practice, standing)
    mine = standing.district
    doers = [_doer(district, mine, standing) for district in districts if district.said_status]
    doers.sort(key=lambda d: (not d.is_mine, not d.alike, _ORDER[Status(d.status)], d.name))
    like_yours = sum(doer.alike and doer.status == Status.IN_USE for doer in doers)
    return PracticePage(
        counts=sentence(*counted, like_yours),
        like_yours=like_yours,
        doers=tuple(doers),
        cells=_cells(districts, practice, _county_id(practice, standing)),
        tags=tags,
        products=products,
        questions=questions,
    )


def _question_tag_or_product() -> QuerySet[Any, Any]:
    """The questions stand first in the union: their columns give the types, and the others fill up with NULL."""
    kinds = (IntegerField(), DateTimeField(), IntegerField(), IntegerField(), CharField())
    nothing = [Value(None, output_field=kind) for kind in kinds]
    practice = given("practice")
    questions: Any = Question.objects.kept().filter(practice=practice).order_by()
    tags: Any = Tag.objects.filter(tagged_practices__content_object=practice).order_by()
    products: Any = Product.objects.filter(practices=practice).order_by()
    return questions.values_list(  # type: ignore[no-any-return]
        Value("question"), "title", Value(""), "pk", "asked_at", "answer_count", "accepted_id", "district__short_name"
    ).union(
        tags.values_list(Value("tag"), "name", "slug", *nothing),
        products.values_list(Value("product"), "name", "slug", *nothing),
        all=True,
    )


_AROUND = Statement(_question_tag_or_product)


def _around(practice: Practice) -> tuple[tuple[Asked, ...], list[tuple[str, str]], list[tuple[str, str]]]:
    """Questions, newest first, then (name, url) of tags and of products; in one query."""
    asked: list[tuple[datetime, int, Asked]] = []
    labels: dict[str, list[tuple[str, str]]] = {"tag": [], "product": []}
    for kind, name, slug, pk, at, answers, accepted, district in _AROUND.rows(practice=practice.pk):
        if kind == "question":
            url = reverse("knowledge:question-detail", args=[pk])
            row = Asked(url, name, at, answers, accepted, Asker(district) if district else None)
            asked.append((at, pk, row))
        else:
            labels[kind].append((name, reverse(f"knowledge:{kind}-detail", args=[slug])))
    newest = sorted(asked, key=lambda each: each[:2], reverse=True)
    return tuple(row for _at, _pk, row in newest), sorted(labels["tag"]), sorted(labels["product"])


def _county_id(practice: Practice, standing: Standing) -> int | None:
    return (standing.district.county_id if standing.district else None) or practice.district.county_id


_SAID = ("id", "status", "since", "scale", "again", "note", "note_html", "contact", "last_confirmed_at")
_DISTRICTS = Statement(
    lambda: (
        District.objects.annotate(
            said=FilteredRelation("adoptions", condition=Q(adoptions__practice=given("practice")))
        )
        .filter(Q(county=given("county"), is_district=True) | Q(said__isnull=False))
        .annotate(**{f"said_{name}": F(f"said__{name}") for name in _SAID})
        .order_by("name")
    )
)


def _districts(practice: Practice, standing: Standing) -> list[Any]:
    """The reader's county's districts and all that say something of the practice, each with what it says."""
    return _DISTRICTS.rows(practice=practice.pk, county=_county_id(practice, standing))


def _doer(district: Any, mine: District | None, standing: Standing) -> Doer:
    like = likeness(mine, district)
    return Doer(
        adoption_id=district.said_id,
        district_id=district.pk,
        name=district.name,
        url=district.get_absolute_url(),
        enrollment=district.enrollment,
        status=district.said_status,
        status_label=str(Status(district.said_status).label),
        since=district.said_since,
        scale=district.said_scale,
        again=str(Again(district.said_again).label) if district.said_again else "",
        note=district.said_note,
        note_html=district.said_note_html,
        contact=district.said_contact,
        confirmed=district.said_last_confirmed_at,
        alike=like.alike,
        reason=like.reason,
        is_mine=district.pk in standing.district_ids,
    )


def _cells(districts: list[Any], practice: Practice, county_id: int | None) -> tuple[Cell, ...]:
    cells = []
    for district in districts:
        if district.county_id != county_id:
            continue
        if district.pk == practice.district_id:
            state, said = "yes", _("posted this")
        elif district.said_status:
            state, said = _CELLS[Status(district.said_status)], str(Status(district.said_status).label).lower()
        else:
            state, said = "no", _("has not said")
        title = _("%(district)s: %(said)s") % {"district": district.short_name, "said": said}
        cells.append(Cell(district.short_name, state, title))
    return tuple(cells)
