"""Search knows of agreements and their items what their pages show, after every way of writing them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.search.asking.finding import find
from portal.search.models import Entry
from purchasing.deeds.announce import announce_agreement
from purchasing.deeds.draft import redraft
from purchasing.deeds.end import cancel_agreement
from purchasing.deeds.open import ask_districts, extend_agreement
from purchasing.deeds.transition import close_if_due
from purchasing.models import Agreement, LineItem
from purchasing.models.quantities import Participation
from tests.people import Cast
from tests.purchasing.makers import line_of, make_agreement, make_commitment, make_draft, make_line
from tests.search.contract import check_source

KINDS = ("agreement", "line-item", "announcement")


def rewrite(cast: Cast) -> None:
    draft = Agreement.objects.get(state="draft")
    lines = [make_line("Tablet"), make_line("Charger")]
    redraft(
        draft, by=cast.host, at=timezone.now(), version=draft.version, lines=lines, districts=[cast.batavia], title="T"
    )


def rename_lines(cast: Cast) -> None:
    rows = list(LineItem.objects.all())
    for row in rows:
        row.name += " again"
    LineItem.objects.bulk_update(rows, ["name"])


def ask(cast: Cast) -> None:
    ask_districts(Agreement.objects.get(state="draft"), by=cast.host, at=timezone.now())


def opened() -> Agreement:
    return Agreement.objects.get(state="committing")


VERBS: dict[str, Callable[[Cast], object]] = {
    "rewrite a draft": rewrite,
    "ask": ask,
    "extend": lambda cast: extend_agreement(
        opened(), by=cast.host, at=timezone.now(), closes_at=timezone.now() + timedelta(days=40), reason="Boards"
    ),
    "cancel": lambda cast: cancel_agreement(opened(), by=cast.host, at=timezone.now(), reason="No money"),
    "close by the clock": lambda cast: close_if_due(opened(), timezone.now() + timedelta(days=60)),
    "take the announcement back": lambda cast: announce_agreement(
        opened(), public=False, by=cast.officer, at=timezone.now()
    ),
    "commit": lambda cast: make_commitment(opened(), cast.batavia, 40),
    "update agreements": lambda cast: Agreement.objects.update(title="All the same", category="Other"),
    "give them to another office": lambda cast: Agreement.objects.update(lead_office=cast.roe16),
    "name the office anew": lambda cast: cast.roe31.set_counties([cast.kane, cast.dekalb]),
    "rename items": rename_lines,
    "describe items": lambda cast: LineItem.objects.update(description="Of wood"),
    "add items in bulk": lambda cast: LineItem.objects.bulk_create(
        [LineItem(agreement=opened(), position=9, name="Mouse", unit="mouse")]
    ),
    "delete an item": lambda cast: line_of(Agreement.objects.get(state="draft")).delete(),
    "ask one more district": lambda cast: Participation.objects.create(
        agreement=opened(), district=cast.sycamore, invited_at=timezone.now()
    ),
    "ask one less": lambda cast: Participation.objects.filter(district=cast.kaneland).delete(),
}


@pytest.mark.parametrize("verb", VERBS)
def test_entries_never_drift(cast: Cast, verb: str) -> None:
    announce_agreement(
        make_agreement(cast, lines=[make_line(), make_line("Cart")]), public=True, by=cast.officer, at=timezone.now()
    )
    make_draft(cast, title="Another")
    assert all(Entry.objects.filter(kind=kind).exists() for kind in KINDS)
    VERBS[verb](cast)
    for kind in KINDS:
        check_source(kind)


def test_who_is_asked_one_day_later_finds_the_items_too(cast: Cast) -> None:
    agreement = make_agreement(cast, lines=[make_line("Zebra cart")])
    assert not find("zebra", user=cast.outsider).total
    asked = Participation.objects.create(agreement=agreement, district=cast.sycamore, invited_at=timezone.now())
    assert {hit.kind for hit in find("zebra", user=cast.outsider).hits} == {"agreement", "line-item"}
    (item,) = find("zebra", user=cast.outsider, kinds=["line-item"]).hits
    assert item.url == f"{agreement.get_absolute_url()}#item-{line_of(agreement).pk}"
    assert item.fact.startswith("Open, closes in")
    asked.delete()
    assert not find("zebra", user=cast.outsider).total


def test_a_commitment_writes_no_entry(cast: Cast) -> None:
    agreement = make_agreement(cast)
    with CaptureQueriesContext(connection) as queries:
        make_commitment(agreement, cast.geneva, 40, buyer=cast.neighbor)
    assert not [query for query in queries.captured_queries if "search_entry" in query["sql"]]
