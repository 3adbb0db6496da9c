"""A chapter with as many practices as asked: twenty counties of nine districts, with texts of the demo's length.

The same every time. The words come from the demo's practices, mixed so that no two are alike; four words are put in
on purpose: COMMON in nearly every practice, FREQUENT in two of five, MIDDLING in every 40th, RARE in every 2,000th.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.text import slugify

from demo.content import read_practices
from knowledge.models import Adoption, Answer, Practice, Question, Status, TaggedPractice
from knowledge.models.products import products_named
from knowledge.models.tags import tags_named
from portal.districts.models import County, District, Membership, RegionalOffice, Role, User
from portal.registry import search_sources
from portal.search.engines import database_engine
from portal.search.entries.rebuilding import rebuild
from portal.search.models import Entry
from purchasing.deeds.commit import commit
from purchasing.deeds.draft import LineSpec, draft
from purchasing.deeds.evidence import Approval
from purchasing.deeds.open import open_agreement
from purchasing.models import Authority
from purchasing.models.ladder import Step

COMMON, FREQUENT, MIDDLING, RARE = "students", "orchard", "larkspur", "thistlewood"
EVERY = {MIDDLING: 40, RARE: 2000}
COUNTIES = (
    *("Alder", "Aspen", "Birch", "Cedar", "Cherry", "Cypress", "Elm", "Fir", "Hazel", "Hickory"),
    *("Larch", "Linden", "Locust", "Maple", "Oak", "Pine", "Poplar", "Spruce", "Walnut", "Willow"),
)
DISTRICTS = 9
AUDIENCES = ["members"] * 7 + ["public"] + ["county"] * 2
WRITTEN = 10_000
"""Practices written one by one; more are copies of these."""
BATCH = 2000
READER = "buyer-0-0@bench.example"
SHOWN = "The practice that is measured"
"""Its title; it has twelve adoptions and three questions."""
SAID = [Status.IN_USE] * 6 + [Status.PILOTING] * 2 + [Status.STOPPED, Status.CONSIDERING]

Progress = Callable[[str], None]


def fill(count: int, say: Progress) -> None:
    """Fill a migrated database; one that has `WRITTEN` practices already gets the copies."""
    written = min(count, WRITTEN)
    if not Practice.objects.exists():
        say(f"writing {written:,} practices")
        districts = _directory()
        _practices(written, districts, say)
        _agreement(districts[:DISTRICTS])
        for source in search_sources:
            rebuild(source)
        say("indexed")
    for number in range(1, count // written):
        _copy(number, written)
        say(f"{written * (number + 1):,} practices with their entries")
    for statement in connection.ops.sequence_reset_sql(no_style(), [Practice, Question, Entry]):
        with connection.cursor() as cursor:
            cursor.execute(statement)
    database_engine().refresh_statistics()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(number: int, written: int) -> None:
    """The practices that were written once more, in other places of the list, with all that hangs on them."""
    copies = {"number": number, "written": written, "later": written * number}
    title = {"id": "r.id + {later}", "title": "r.title || ', copy {number}'"}
    hangs = {"id": None, "practice_id": "r.practice_id + {later}"}
    other = "1 + (r.{id} * 7 + {number} * 1009) % {written}"
    moved = f"JOIN knowledge_practice t ON t.id = {other.replace('{id}', 'id')}"
    entry = {"id": None, "object_id": "r.object_id + {later}", "title": title["title"]}
    with transaction.atomic():
        _again(Practice, title | {"posted_at": "t.posted_at"}, f"{moved} WHERE r.id <= {{written}}", copies)
        tagged = {"id": None, "content_object_id": "r.content_object_id + {later}"}
        _again(TaggedPractice, tagged, "WHERE r.content_object_id <= {written}", copies)
        for model in (Adoption, Question, Practice.products.through):
            _again(model, hangs, "WHERE r.practice_id <= {written}", copies)
        _again(
            Entry,
            entry | {"dated": "o.dated"},
            "JOIN search_entry o ON o.kind = 'practice' AND o.object_id = "
            + other.replace("{id}", "object_id")
            + " WHERE r.kind = 'practice' AND r.object_id <= {written}",
            copies,
            database_engine().own_columns,
        )


def _again(
    model: type[models.Model],
    changed: dict[str, str | None],
    rows: str,
    values: dict[str, int],
    more: tuple[str, ...] = (),
) -> None:
    """Insert rows `r` of the model's table again, some columns changed; None leaves one to the database."""
    columns = [field.column for field in model._meta.concrete_fields if changed.get(field.column, "") is not None]
    columns += more
    taken = ", ".join(changed.get(column) or f"r.{column}" for column in columns)
    statement = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {taken}"
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} FROM {model._meta.db_table} r {rows}".format(**values))


def _directory() -> list[District]:
    """Twenty counties of nine districts, each with a buyer; the reader is the first district's."""
    districts = []
    for number, name in enumerate(COUNTIES):
        county = County.objects.create(name=name)
        office = RegionalOffice.objects.create(code=f"{number + 1:02d}")
        office.set_counties([county])
        districts.extend(_district(number, place, county, office) for place in range(DISTRICTS))
    host = User.objects.create_user("host@bench.example", name="Technology host, ROE 1")
    Membership.objects.create(
        person=host, role=Role.HOST, regional_office=RegionalOffice.objects.get(code="01"), since=date(2020, 7, 1)
    )
    return districts


def _district(number: int, place: int, county: County, office: RegionalOffice) -> District:
    district = District.objects.create(
        name=f"{county.name} {['North', 'South', 'East', 'West'][place % 4]} CUSD {100 * (number + 1) + place}",
        short_name=f"{county.name} {100 * (number + 1) + place}",
        nces_id=f"{1700000 + 100 * number + place}",
        county=county,
        regional_office=office,
        kind="Regular public school district",
        lowest_grade=["PK", "KG", "09"][place % 3],
        highest_grade=["12", "08", "12"][place % 3],
        city=county.name,
        enrollment=900 + 613 * ((place * 7 + number * 3) % 23),
    )
    person = User.objects.create_user(f"buyer-{number}-{place}@bench.example", name=f"Tech director, {district.name}")
    for role in (Role.MEMBER, Role.BUYER):
        Membership.objects.create(person=person, role=role, district=district, since=date(2020, 7, 1))
    return district


@dataclass
class Made:
    """Rows of one batch that hang on practices not stored yet, by the practice's place in the batch."""

    practices: list[Practice] = field(default_factory=list)
    tags: list[list[str]] = field(default_factory=list)
    products: list[list[int]] = field(default_factory=list)
    adoptions: list[list[Adoption]] = field(default_factory=list)
    questions: list[list[Question]] = field(default_factory=list)


def _practices(count: int, districts: list[District], say: Progress) -> None:
    source = read_practices()
    tags = tags_named(tag for row in source for tag in row["tags"])
    products = {
        name: product.pk
        for name in sorted({name for row in source for name in row["products"]})
        for product in products_named([name])
    }
    chance = random.Random(20261001)
    now = timezone.now()
    for batch in _batches(count):
        made = Made()
        for number in batch:
            _one(made, number, source, districts, products, chance, now - timedelta(minutes=(count - number) * 11))
        _store(made, tags)
        say(f"{batch.stop:,} practices")


def _batches(count: int) -> Iterator[range]:
    for start in range(0, count, BATCH):
        yield range(start, min(start + BATCH, count))


def _one(
    made: Made,
    number: int,
    source: list[dict[str, Any]],
    districts: list[District],
    products: dict[str, int],
    chance: random.Random,
    at: datetime,
) -> None:
    shown = number == 0
    a, b, c = (chance.choice(source) for _ in range(3))
    district = districts[1] if shown else chance.choice(districts)
    sayings = _sayings(number, district, districts, chance, at)
    counts = {status: sum(row.status == status for row in sayings) for status in Status}
    extra = " ".join(f"Seen at {word.title()} School." for word, every in EVERY.items() if number % every == every // 2)
    extra += f" Near the {FREQUENT}." if number % 5 < 2 else ""
    made.practices.append(
        Practice(
            kind=b["kind"],
            title=SHOWN if shown else f"{b['title'][:100]}, no. {number}",
            summary=b["summary"],
            problem=a["problem"].strip(),
            what_we_do=f"{b['what_we_do'].strip()}\n\nFor all {COMMON}. {extra}",
            replaced=c["replaced"].strip(),
            do_differently=a["do_differently"].strip(),
            cost=Decimal("4.25"),
            cost_per="device",
            devices=2100,
            audience="members" if shown else chance.choice(AUDIENCES),
            district=district,
            posted_at=at,
            first_published_at=at,
            last_published_at=at,
            live=True,
            considering_count=counts[Status.CONSIDERING],
            piloting_count=counts[Status.PILOTING],
            in_use_count=counts[Status.IN_USE],
            stopped_count=counts[Status.STOPPED],
            last_confirmed_at=at if counts[Status.IN_USE] or counts[Status.PILOTING] else None,
        )
    )
    made.tags.append([slugify(tag) for tag in b["tags"]])
    made.products.append(sorted({products[name] for name in b["products"]}))
    made.adoptions.append(sayings)
    asked = 3 if shown else int(number % 5 == 0)
    made.questions.append(
        [Question(title=f"Does it work with {n + 2} people?", district=district, asked_at=at) for n in range(asked)]
    )


def _sayings(
    number: int, district: District, districts: list[District], chance: random.Random, at: datetime
) -> list[Adoption]:
    if number == 0:
        saying = [other for other in districts[:16] if other.pk != district.pk][:12]
    else:
        saying = [other for other in chance.sample(districts, chance.randrange(4)) if other.pk != district.pk]
    return [
        Adoption(
            district=other,
            status=chance.choice(SAID),
            since=at.date(),
            scale="Grades 6-12, 1,900 devices",
            again="yes",
            note="Screens and palmrests only in the first semester. We went from 14 days to three.",
            contact="Help desk lead",
            last_confirmed_at=at,
        )
        for other in saying
    ]


def _store(made: Made, tags: dict[str, Any]) -> None:
    """The rows alone, without the entries: those are made afterwards, all at once."""
    uses = Practice.products.through
    with transaction.atomic():
        _insert(Practice, made.practices)
        ids = [practice.pk for practice in made.practices]
        for pk, rows in zip(ids, made.adoptions, strict=True):
            for row in rows:
                row.practice_id = pk
        for pk, asked in zip(ids, made.questions, strict=True):
            for question in asked:
                question.practice_id = pk
        _insert(
            TaggedPractice,
            [
                TaggedPractice(content_object_id=pk, tag=tags[slug])
                for pk, slugs in zip(ids, made.tags, strict=True)
                for slug in slugs
            ],
        )
        _insert(
            uses,
            [
                uses(practice_id=pk, product_id=product)
                for pk, used in zip(ids, made.products, strict=True)
                for product in used
            ],
        )
        _insert(Adoption, [row for rows in made.adoptions for row in rows])
        questions = [question for asked in made.questions for question in asked]
        for question in questions:
            question.answer_count = 1
        _insert(Question, questions)
        _insert(
            Answer,
            [
                Answer(question=question, district_id=question.district_id, body="Yes, after the safety hour.")
                for question in questions
            ],
        )


def _insert(model: type[models.Model], rows: list[Any]) -> None:
    models.QuerySet.bulk_create(model._default_manager.all(), rows, batch_size=500)


def _agreement(districts: list[District]) -> None:
    """Nine districts, four items of three steps; seven have committed, one plans, the reader's has not answered."""
    host = User.objects.get(email="host@bench.example")
    at = timezone.now() - timedelta(days=30)
    prices = {"Chromebook": 329, "Charging cart": 899, "Case": 24, "Three years of accident cover": 39}
    agreement = draft(
        by=host,
        at=at,
        lead_office=RegionalOffice.objects.get(code="01"),
        lines=[
            LineSpec(
                name=name,
                unit="piece",
                description="The same model for all districts.",
                steps=[Step(1, Decimal(price)), Step(500, Decimal(price) - 5), Step(950, Decimal(price) - 12)],
                baseline_price=Decimal(price + 20),
                baseline_source="State contract",
            )
            for name, price in prices.items()
        ],
        districts=districts,
        title="Chromebooks together",
        summary="One model, one price for all.",
        body="The vendor bills each district.\n\n- Delivery in July\n- Four weeks to return",
        category="Devices",
        fiscal_year=2026,
        quantities_shared=True,
    )
    open_agreement(agreement, by=host, at=at, closes_at=timezone.now() + timedelta(days=3650))
    lines = list(agreement.lines.order_by("position"))
    approval = Approval(Authority.BOARD, at.date())
    for number, district in enumerate(districts[1:8], start=1):
        buyer = User.objects.get(email=f"buyer-0-{number}@bench.example")
        quantities = {line.pk: 40 * number + 10 * place for place, line in enumerate(lines)}
        commit(agreement, district, quantities, by=buyer, at=at + timedelta(days=1), approval=approval)
