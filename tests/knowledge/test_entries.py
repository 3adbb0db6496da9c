"""Every bulk verb leaves the entries as a rebuild would write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from knowledge.models import Adoption, Answer, Practice, Product, Question, Tag, TaggedPractice, TaggedQuestion
from portal.registry import search_sources
from portal.search.entries import indexing
from portal.search.models import Entry
from tests.knowledge.makers import NOON, make_adoption, make_answer, make_practice, make_question
from tests.people import Cast
from tests.search.contract import check_source

KINDS = ("practice", "question", "product")
COLUMNS = ("title", "summary", "labels", "body", "status", "popularity", "audience_id", "county_id", "dated")


def entries() -> dict[tuple[str, int], tuple[object, ...]]:
    rows = Entry.objects.filter(kind__in=KINDS).values_list("kind", "object_id", *COLUMNS)
    return {(row[0], row[1]): row[2:] for row in rows}


def rebuilt() -> dict[tuple[str, int], tuple[object, ...]]:
    Entry.objects.filter(kind__in=KINDS).delete()
    for kind in KINDS:
        source = search_sources[kind]
        indexing.index(kind, source.rows().values_list("pk", flat=True))
    return entries()


def retitle() -> None:
    rows = list(Practice.objects.all())
    for row in rows:
        row.title += " again"
    Practice.objects.bulk_update(rows, ["title"])


def merge_tags() -> None:
    TaggedPractice.objects.filter(tag__slug="repair").update(tag=Tag.objects.get(slug="wifi"))


def rename_tag() -> None:
    tag = Tag.objects.get(slug="repair")
    tag.name = "mending"
    tag.save()


def rename_product() -> None:
    product = Product.objects.get()
    product.name, product.aliases = "Jamf Pro", ["Casper"]
    product.save()


def add_practices() -> None:
    district = Practice.objects.first().district  # type: ignore[union-attr]
    rows = [Practice(title=f"P{n}", what_we_do="x", district=district, posted_at=NOON) for n in range(3)]
    Practice.objects.bulk_create(rows)


def add_one() -> None:
    district = Practice.objects.first().district  # type: ignore[union-attr]
    Practice(title="By hand", what_we_do="x", district=district, posted_at=NOON, live=True).save()


def save_one() -> None:
    practice = Practice.objects.get(tags__slug="repair")
    practice.title = "Saved by hand"
    practice.products = []
    practice.save()


def add_answers() -> None:
    Answer.objects.bulk_create([Answer(question=Question.objects.first(), body="yes")])


VERBS: dict[str, Callable[[], object]] = {
    "update": lambda: Practice.objects.update(audience="public"),
    "hide": lambda: Practice.objects.update(live=False),
    "create one": add_one,
    "save one": save_one,
    "bulk_update": retitle,
    "bulk_create": add_practices,
    "delete": lambda: Practice.objects.all().delete(),
    "delete one": lambda: Practice.objects.first().delete(),  # type: ignore[union-attr]
    "merge tags": merge_tags,
    "rename a tag": rename_tag,
    "delete a tag": lambda: Tag.objects.get(slug="repair").delete(),
    "delete tags in bulk": lambda: Tag.objects.filter(slug="repair").delete(),
    "rename tags in bulk": lambda: Tag.objects.filter(slug="repair").update(name="mending"),
    "untag": lambda: TaggedQuestion.objects.all().delete(),
    "rename a product": rename_product,
    "delete a product": lambda: Product.objects.get().delete(),
    "delete products in bulk": lambda: Product.objects.filter(name="Jamf").delete(),
    "rename products in bulk": lambda: Product.objects.update(name="Jamf Pro"),
    "delete questions in bulk": lambda: Question.objects.all().delete(),
    "adoptions": lambda: Adoption.objects.update(status="stopped"),
    "answers": add_answers,
    "delete answers": lambda: Answer.objects.all().delete(),
    "change answers": lambda: Answer.objects.update(body="no"),
    "questions": lambda: Question.objects.update(title="Renamed?"),
}


@pytest.mark.parametrize("verb", list(VERBS))
def test_bulk_verbs_leave_no_drift(cast: Cast, verb: str) -> None:
    practice = make_practice(cast.geneva, tags=("repair",), products=("Jamf",))
    make_practice(cast.kaneland, title="Another", tags=("wifi",), audience="county")
    make_adoption(practice, cast.kaneland)
    make_answer(make_question(practice=practice, district=cast.kaneland, tags=("repair",)), district=cast.geneva)
    make_question(district=cast.kaneland)
    VERBS[verb]()
    for kind in KINDS:
        check_source(kind)
    assert entries() == rebuilt()


def test_what_is_posted_in_the_evening_is_of_that_day(cast: Cast) -> None:
    evening = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)  # 7:30 PM on the third
    practice = make_practice(cast.kaneland, at=evening)
    make_question(practice=practice, at=evening)
    assert set(Entry.objects.filter(kind__in=("practice", "question")).values_list("dated", flat=True)) == {
        date(2026, 3, 3)
    }


def test_tags_stand_in_an_entry_as_they_were_given_however_the_database_reads_them(cast: Cast) -> None:
    practice = make_practice(cast.kaneland)
    question = make_question(district=cast.kaneland, by=cast.member)
    tags = [Tag.objects.create(name=name, slug=name) for name in ("carts", "gym", "repair")]
    for tag in reversed(tags):
        TaggedPractice.objects.create(content_object=practice, tag=tag)
        TaggedQuestion.objects.create(content_object=question, tag=tag)
    for kind, thing in (("practice", practice), ("question", question)):
        (entry,) = search_sources[kind].entries([thing])
        assert list(entry.tags) == ["repair", "gym", "carts"]
