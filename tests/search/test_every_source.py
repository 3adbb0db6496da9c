"""What every registered source must keep, whatever feature brings it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from knowledge.models import Product
from portal.districts.models import District, Role
from portal.events.models import Meeting
from portal.registry import search_sources
from portal.search.asking.finding import find
from portal.search.models import Entry
from purchasing.deeds.announce import announce_agreement
from tests.conftest import sign_in
from tests.events.makers import make_meeting, make_minutes
from tests.knowledge.makers import make_adoption, make_answer, make_practice, make_question
from tests.pages.makers import make_document, make_news, make_page, make_toolkit
from tests.people import Cast, join, make_district, make_user
from tests.purchasing.makers import make_agreement, make_line
from tests.search.contract import check_source
from tests.search.things import SCENES, Scene

TESTS = Path(__file__).parents[1]
MANY = 6


def test_a_test_of_its_own_feature_checks_every_kind() -> None:
    """Some test beside this one writes things of the kind by its feature's verbs and then calls `check_source`."""
    said: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        text = path.read_text(encoding="utf-8")
        if "check_source(" in text and path != Path(__file__):
            said |= {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)
                     and isinstance(node.value, str)}  # fmt: skip
    assert not set(search_sources.keys()) - said


@pytest.mark.engineless
@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_entries_of_every_kind_are_as_a_rebuild_would_write_them(cast: Cast, scene: Scene) -> None:
    scene.prepare(cast)()
    for kind in search_sources.keys():  # noqa: SIM118
        check_source(kind)


def of_meetings(cast: Cast, number: int) -> None:
    make_minutes(cast, make_meeting(cast, days=-3 - number, name=f"Series {number}", dates_public=True))


def of_agreements(cast: Cast, number: int) -> None:
    lines = [make_line(), make_line(f"Cart {number}")]
    agreement = make_agreement(cast, title=f"Agreement {number}", lines=lines)
    announce_agreement(agreement, public=True, by=cast.officer, at=timezone.now())


def of_practices(cast: Cast, number: int) -> None:
    used = ("Jamf", f"Product {number}")
    practice = make_practice(cast.geneva, title=f"Practice {number}", tags=("wifi", f"t{number}"), products=used)
    make_adoption(practice, cast.kaneland)


def of_questions(cast: Cast, number: int) -> None:
    practice = make_practice(cast.geneva, title=f"Practice {number}")
    make_answer(make_question(practice=practice, district=cast.geneva, tags=("wifi",)), district=cast.geneva)


def of_documents(cast: Cast, number: int) -> None:
    make_document(name=f"list{number}.csv", content=b"a,b").tags.add("wifi", f"t{number}")


def of_people(cast: Cast, number: int) -> None:
    person = make_user(f"person{number}@example.org", f"Person {number}")
    join(person, Role.MEMBER, district=cast.geneva)
    join(person, Role.BUYER, district=cast.batavia)


MAKERS: dict[str, Callable[[Cast, int], Any]] = {
    "practice": of_practices,
    "question": of_questions,
    "product": lambda cast, number: Product.objects.create(name=f"Product {number}", vendor="Vendor"),
    "meeting": of_meetings,
    "meeting-date": of_meetings,
    "agenda-item": of_meetings,
    "minutes": of_meetings,
    "action": of_meetings,
    "agreement": of_agreements,
    "line-item": of_agreements,
    "announcement": of_agreements,
    "page": lambda cast, number: make_page(f"Page {number}", summary="About."),
    "toolkit": lambda cast, number: make_toolkit(f"Toolkit {number}", tags=("wifi", f"t{number}")),
    "news": lambda cast, number: make_news(f"News {number}"),
    "document": of_documents,
    "district": lambda cast, number: make_district(f"Prairie {number}", f"99{number:05}", cast.kane, cast.roe31, 100),
    "person": of_people,
}


def cost(deed: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        deed()
    return len(queries)


@pytest.mark.engineless
@pytest.mark.parametrize("kind", MAKERS)
def test_many_rows_cost_no_more_queries_than_one(cast: Cast, kind: str) -> None:
    for number in range(MANY):
        MAKERS[kind](cast, number)
    source = search_sources[kind]
    rows = list(source.rows().order_by("-pk"))
    ids = [row.pk for row in rows]
    assert len(rows) >= MANY
    list(source.entries(rows[:1]))  # content types are read once in a process
    assert cost(lambda: list(source.entries(list(source.rows().filter(pk__in=ids))))) <= cost(
        lambda: list(source.entries(list(source.rows().filter(pk=ids[0]))))
    )
    assert cost(lambda: source.urls(ids)) <= 1
    now, _standing = timezone.now(), cast.member.standing
    assert cost(lambda: source.facts(ids, cast.member, now)) == cost(
        lambda: source.facts(ids[:1], cast.member, now)
    ) <= 2  # fmt: skip


@pytest.mark.engineless
@pytest.mark.parametrize("kind", MAKERS)
def test_a_hit_leads_to_its_place_on_a_page_and_says_a_fact(cast: Cast, kind: str) -> None:
    MAKERS[kind](cast, 1)
    source = search_sources[kind]
    entry = Entry.objects.filter(kind=kind).latest("pk")
    url = source.urls([entry.object_id])[entry.object_id]
    address, anchor = urldefrag(url)
    page = sign_in(Client(), cast.officer).get(address)
    assert page.status_code == 200
    assert not anchor or f'id="{anchor}"' in page.content.decode()
    assert source.facts([entry.object_id], cast.officer, timezone.now()).get(entry.object_id) or kind in NO_FACT
    statuses = set(Entry.objects.filter(kind=kind).exclude(status="").values_list("status", flat=True))
    assert statuses <= set(map(str, source.statuses))


NO_FACT = {"announcement", "meeting-date", "news", "toolkit", "product"}
"""Those whose line under the title says it already, or that nobody uses yet."""


def test_every_kind_has_a_maker() -> None:
    assert set(MAKERS) == set(search_sources.keys())


def test_what_hangs_below_a_thing_goes_with_it(cast: Cast) -> None:
    meeting = make_meeting(cast, days=-5, name="Seat")
    make_minutes(cast, meeting)
    below = Entry.objects.filter(kind__in=["agenda-item", "minutes", "action"])
    assert below.count() == 3
    Meeting.objects.filter(pk=meeting.pk).delete()
    assert not below.exists()
    assert not Entry.objects.filter(kind="meeting", object_id=meeting.pk).exists()


def test_a_district_that_moves_takes_its_people_to_the_other_offices_host(cast: Cast) -> None:
    host = make_user("host@roe16.example", "Host of the other office")
    join(host, Role.HOST, office=cast.roe16)
    assert not find("network admin", user=host, kinds=["person"]).total
    kaneland = District.objects.get(pk=cast.kaneland.pk)
    kaneland.regional_office = cast.roe16
    kaneland.save()
    assert [hit.title for hit in find("network admin", user=host, kinds=["person"]).hits] == [cast.member.name]
    assert not find("network admin", user=cast.host, kinds=["person"]).total
    check_source("person")
