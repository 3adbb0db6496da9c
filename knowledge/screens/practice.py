"""What one practice's page shows: who does it, who stopped, those like mine first. Three queries with the practice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, DateTimeField, F, FilteredRelation, IntegerField, Q, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from knowledge.models import Again, Practice, Product, Status, Tag
from knowledge.screens.counts import sentence
from portal.districts.models import District
from portal.districts.models.alike import likeness
from portal.districts.models.standing import Standing

_CELLS = {Status.IN_USE: "yes", Status.PILOTING: "pilot", Status.STOPPED: "stopped", Status.CONSIDERING: "no"}
_ORDER = {Status.IN_USE: 0, Status.PILOTING: 1, Status.STOPPED: 2, Status.CONSIDERING: 3}


@dataclass(slots=True)
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


@dataclass(slots=True)
class Asked:
    """One question under the practice, as `_questions.html` shows it."""

    get_absolute_url: str
    title: str
    asked_at: datetime
    answer_count: int
    accepted_id: int | None
    district: dict[str, str] | None


@dataclass(slots=True)
class PracticePage:
    counts: str
    like_yours: int
    doers: list[Doer]
    cells: list[dict[str, str]]
    """The row of the county's districts."""
    tags: list[tuple[str, str]] = field(default_factory=list)
    products: list[tuple[str, str]] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)


def practice_page(practice: Practice, standing: Standing) -> PracticePage:
    """Two queries: questions, tags and products in one; districts with what they say.

    Names, notes and contacts are the members': somebody without a membership gets the counts alone.
    """
    questions, tags, products = _around(practice)
    counted = (practice.in_use_count, practice.piloting_count, practice.stopped_count)
    if not standing.is_member:
        return PracticePage(sentence(*counted), 0, [], [], tags, products, questions)
    districts = _districts(practice, standing)
    mine = standing.district
    doers = [_doer(district, mine, standing) for district in districts if district.said_status]
    doers.sort(key=lambda d: (not d.is_mine, not d.alike, _ORDER[Status(d.status)], d.name))
    like_yours = sum(doer.alike and doer.status == Status.IN_USE for doer in doers)
    return PracticePage(
        counts=sentence(*counted, like_yours),
        like_yours=like_yours,
        doers=doers,
        cells=_cells(districts, practice, _county_id(practice, standing)),
        tags=tags,
        products=products,
        questions=questions,
    )


def _around(practice: Practice) -> tuple[list[Asked], list[tuple[str, str]], list[tuple[str, str]]]:
    """Questions, newest first, then (name, url) of tags and of products; in one query.

    The questions stand first in the union: their columns give the types, and the others fill up with NULL.
    """
    kinds = (IntegerField(), DateTimeField(), IntegerField(), IntegerField(), CharField())
    nothing = [Value(None, output_field=kind) for kind in kinds]
    questions: Any = practice.questions.kept().order_by()
    tags: Any = Tag.objects.filter(tagged_practices__content_object=practice).order_by()
    products: Any = Product.objects.filter(practices=practice).order_by()
    found = questions.values_list(
        Value("question"), "title", Value(""), "pk", "asked_at", "answer_count", "accepted_id", "district__short_name"
    ).union(
        tags.values_list(Value("tag"), "name", "slug", *nothing),
        products.values_list(Value("product"), "name", "slug", *nothing),
        all=True,
    )
    asked: list[tuple[datetime, int, Asked]] = []
    labels: dict[str, list[tuple[str, str]]] = {"tag": [], "product": []}
    for kind, name, slug, pk, at, answers, accepted, district in found:
        if kind == "question":
            url = reverse("knowledge:question-detail", args=[pk])
            row = Asked(url, name, at, answers, accepted, {"short_name": district} if district else None)
            asked.append((at, pk, row))
        else:
            labels[kind].append((name, reverse(f"knowledge:{kind}-detail", args=[slug])))
    newest = sorted(asked, key=lambda each: each[:2], reverse=True)
    return [row for _at, _pk, row in newest], sorted(labels["tag"]), sorted(labels["product"])


def _county_id(practice: Practice, standing: Standing) -> int | None:
    return (standing.district.county_id if standing.district else None) or practice.district.county_id


def _districts(practice: Practice, standing: Standing) -> list[Any]:
    """The reader's county's districts and all that say something of the practice, each with what it says."""
    county_id = _county_id(practice, standing)
    in_county = Q(county=county_id, is_district=True) if county_id else Q(pk__in=[])
    said = {
        f"said_{name}": F(f"said__{name}")
        for name in ("id", "status", "since", "scale", "again", "note", "note_html", "contact", "last_confirmed_at")
    }
    return list(
        District.objects.annotate(said=FilteredRelation("adoptions", condition=Q(adoptions__practice=practice)))
        .filter(in_county | Q(said__isnull=False))
        .annotate(**said)
        .order_by("name")
    )


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


def _cells(districts: list[Any], practice: Practice, county_id: int | None) -> list[dict[str, str]]:
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
        cells.append({"label": district.short_name, "state": state, "title": title})
    return cells
