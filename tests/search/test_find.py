"""One corpus, the same expectations of every engine."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.search.asking.finding import Results, find
from portal.search.engines import base
from tests.people import Cast
from tests.search import differences
from tests.search.makers import make_entry

pytestmark = pytest.mark.usefixtures("note")


@pytest.fixture
def corpus(cast: Cast) -> Cast:
    kane, dekalb = cast.kane.pk, cast.dekalb.pk
    make_entry(
        1,
        "Students repair Chromebooks",
        body="A help desk class. Students repairing Chromebooks <b>save</b> us a technician & the wait.",
        tags=("repair", "student help desk"),
        products=("Chromebook",),
        county_id=kane,
        district_id=cast.kaneland.pk,
        popularity=6,
        dated=date(2026, 10, 1),
    )
    make_entry(
        2,
        "Wi-Fi refresh with new switches",
        body="We replaced every access point in the summer.",
        county_id=kane,
        district_id=cast.geneva.pk,
        dated=date(2026, 5, 1),
    )
    make_entry(3, "E-Rate calendar", body="Category Two budgets, form 470 and the window.", county_id=dekalb)
    make_entry(4, "How U-46 rolled out 1:1", body="Thirty-eight thousand devices.", county_id=kane)
    make_entry(5, "wifi in portables", body="Point to point links.", county_id=dekalb)
    make_entry(6, "Phishing tests", body="The board approved a monthly test for staff. Passkeys follow.")
    make_entry(7, "Board approved minutes", body="Approved by the board of education.", audience=("members",))
    make_entry(8, "MFA/2FA for everybody", body="résumé of the São Paulo pilot: tokens", county_id=kane)
    return cast


def found(text: str, **options: object) -> list[int]:
    return [hit.object_id for hit in find(text, user=None, **options).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("switch", [2]),
        ("passkey", [6]),
        ("chromebook", [1]),
        ("CHROMEBOOKS", [1]),
        ("wifi", [2, 5]),
        ("Wi-Fi", [2, 5]),
        ("wi fi", [2, 5]),
        ("u46", [4]),
        ("U-46", [4]),
        ("U 46", [4]),
        ("erate", [3]),
        ("E-Rate", [3]),
        ('"e-rate"', [3]),
        ("1:1", [4]),
        ("1to1", [4]),
        ("mfa", [8]),
        ("2fa", [8]),
        ("resume", [8]),
        ("Résumé", [8]),
        ("sao paulo", [8]),
        ('"board approved"', [6]),
        ("board approved", [6]),
        ('"approved board"', []),
        ("wifi -portables", [2]),
        ('wifi -"access point"', [5]),
        ("student help desk", [1]),
        ("zzzzzz", []),
    ],
)
def test_words_find_what_has_them(corpus: Cast, text: str, expected: list[int]) -> None:
    assert sorted(found(text)) == expected


def test_minus_alone_shows_everything_else(corpus: Cast) -> None:
    assert 2 not in found("-switches", kinds=["note"])
    assert len(found("-switches", kinds=["note"])) == 6


def test_nothing_typed_shows_the_newest_first(corpus: Cast) -> None:
    results = find("", user=None, kinds=["note"])
    assert [hit.object_id for hit in results.hits][:2] == [1, 2]
    assert results.relaxed == "browse"
    assert results.total == 7


def test_what_lies_ahead_comes_after_everything_else_and_the_nearest_first(corpus: Cast) -> None:
    today = timezone.localdate()
    for number, days in ((20, 300), (21, 1), (22, 0), (23, 30), (24, -1)):
        make_entry(number, f"County meeting {number}", dated=today + timedelta(days=days))
    results = find("", user=None, kinds=["note"])
    order = [hit.object_id for hit in results.hits]
    assert order[:3] == [22, 24, 1]
    assert order[-3:] == [21, 23, 20]
    assert results.total == 12
    pages = [find("", user=None, kinds=["note"], page=page, per_page=5) for page in (1, 2, 3)]
    assert [hit.object_id for page in pages for hit in page.hits] == order


def test_a_natural_question_is_answered(corpus: Cast) -> None:
    question = "has anybody tried to let students do the repairing of their broken Chromebooks in a class"
    results = find(question, user=None)
    assert results.hits[0].object_id == 1
    assert results.relaxed == "any"


def test_what_only_another_county_has_in_full_is_no_hit_with_all_words(corpus: Cast) -> None:
    results = find("wifi portables", user=None, facets={"county": [corpus.kane.pk]})
    assert ([hit.object_id for hit in results.hits], results.relaxed) == ([2], "any")
    assert find("wifi portables", user=None, facets={"county": [corpus.dekalb.pk]}).relaxed == "some"


@pytest.mark.parametrize(
    ("typo", "right", "expected"),
    [
        ("chromebok", "chromebook", 1),
        ("chormebook", "chromebook", 1),
        ("swithces", "switches", 2),
        ("phishng", "phishing", 6),
        ("calender", "calendar", 3),
        ("portabels", "portables", 5),
        ("chromebok reapir", "chromebook repair", 1),
    ],
)
def test_a_mistyped_word_finds_the_nearest_one(corpus: Cast, typo: str, right: str, expected: int) -> None:
    results = find(typo, user=None)
    assert results.hits[0].object_id == expected
    assert (results.relaxed, results.corrected) == ("near", right)


def test_a_title_weighs_more_than_a_body(corpus: Cast) -> None:
    make_entry(20, "Something else altogether", body="phishing was named once here")
    assert found("phishing") == [6, 20]


def test_the_newer_of_two_alike_comes_first(corpus: Cast) -> None:
    make_entry(30, "Printer leases", body="Terms and prices", dated=date.today())  # noqa: DTZ011
    make_entry(31, "Printer leases", body="Terms and prices", dated=date(2019, 1, 1))
    assert found("printer leases") == [30, 31]


def test_the_one_more_districts_do_comes_first(corpus: Cast) -> None:
    make_entry(30, "Printer leases", body="Terms and prices", popularity=9)
    make_entry(31, "Printer leases", body="Terms and prices")
    assert found("printer leases") == [30, 31]


def test_a_hit_shows_why_and_is_safe(corpus: Cast) -> None:
    (hit,) = find("students repairing", user=None).hits
    assert "<mark>" in hit.snippet
    assert "<mark>Students</mark>" in hit.marked_title
    assert "<mark>repairing</mark>" in hit.snippet
    assert "&lt;b&gt;save&lt;/b&gt;" in hit.snippet
    assert "<b>" not in hit.snippet
    assert (hit.url, hit.fact, hit.label) == ("/notes/1/", "fact 1", "Note")
    assert (hit.district, hit.enrollment) == ("Kaneland", 3736)


def choices(results: Results, facet: str) -> dict[str, int | None]:
    return {choice.label: choice.count for choice in results.facets[facet]}


def test_facets_are_counted_under_the_other_filters(corpus: Cast) -> None:
    make_entry(40, "wifi survey", kind="district", county_id=corpus.dekalb.pk)
    results = find("wifi", user=None)
    assert choices(results, "county") == {"Kane": 1, "DeKalb": 2}
    assert choices(results, "kind") == {"Notes": 2, "Districts": 1}
    results = find("wifi", user=None, facets={"county": [corpus.kane.pk]})
    assert choices(results, "county") == {"Kane": 1, "DeKalb": 2}
    assert choices(results, "kind") == {"Notes": 1}
    assert results.total == 1
    results = find("wifi", user=None, kinds=["note"])
    assert choices(results, "county") == {"Kane": 1, "DeKalb": 1}
    assert choices(results, "kind") == {"Notes": 2, "Districts": 1}
    assert results.total == 2


def test_pages_do_not_overlap(corpus: Cast) -> None:
    for number in range(100, 150):
        make_entry(number, f"Budget paper {number}")
    pages = [find("budget paper", user=None, page=page, per_page=20) for page in (1, 2, 3)]
    seen = [hit.object_id for page in pages for hit in page.hits]
    assert len(seen) == len(set(seen)) == 50
    assert [page.has_next for page in pages] == [True, True, False]
    assert all(page.total == 50 for page in pages)


def test_counts_end_at_a_thousand(corpus: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("finding", "filters"):
        monkeypatch.setattr(f"portal.search.asking.{module}.COUNT_LIMIT", 10)
    monkeypatch.setattr(base, "CANDIDATES", 15)
    for number in range(100, 130):
        make_entry(number, f"Budget paper {number}")
    results = find("budget", user=None)
    assert (results.total, results.total_is_capped) == (10, True)
    assert [choice.is_capped for choice in results.facets["kind"]] == [True]


def test_a_search_costs_as_many_queries_for_one_hit_as_for_twenty(corpus: Cast) -> None:
    for number in range(100, 120):
        make_entry(number, f"Inventory list {number}")
    make_entry(200, "Lonely thing")
    found("lonely")  # the synonyms are kept from now on
    with CaptureQueriesContext(connection) as one:
        assert len(found("lonely")) == 1
    with CaptureQueriesContext(connection) as twenty:
        assert len(found("inventory list")) == 20
    assert len(twenty) == differences.queries_of_a_search()
    assert len(one) <= 3 * differences.queries_of_a_search(), "where there are few hits, a near word may be meant"
    make_entry(201, "Lonely inventry")
    with CaptureQueriesContext(connection) as ladder:
        assert find("lonely inventry", user=None).meant == "lonely inventory"
    assert len(ladder) <= 5 * differences.queries_of_a_search(), "words are counted once, and one of them is seen"
