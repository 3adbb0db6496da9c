"""Operators typed into the box and filters of the address are one thing, each a chip that can be taken away."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.districts.models import District
from portal.search.asking.filters import first_day
from portal.search.asking.finding import Results, find
from portal.search.text.query import OPERATORS, parse
from portal.text import one_line
from tests.conftest import sign_in
from tests.people import Cast, make_district
from tests.search.makers import make_entry

pytestmark = pytest.mark.usefixtures("note")


@pytest.fixture
def corpus(cast: Cast) -> Cast:
    District.objects.filter(pk=cast.geneva.pk).update(short_name="St. Charles", aliases=["D303", "Saint Charles"])
    for district in (cast.geneva, cast.kaneland):
        district.refresh_from_db()
        district.save()
    make_entry(1, "Wi-Fi in gyms", tags=("student help desk",), products=("Aruba",), county_id=cast.kane.pk,
               district_id=cast.geneva.pk, status="open", dated=date(2026, 3, 10))  # fmt: skip
    make_entry(2, "Wi-Fi in labs", county_id=cast.dekalb.pk, district_id=cast.sycamore.pk, dated=date(2025, 3, 10))
    make_entry(3, "Wi-Fi for officers", tags=("secret",), audience=("officers",), dated=date(2026, 1, 1))
    return cast


def found(text: str) -> list[int]:
    return sorted(hit.object_id for hit in find(text, user=None).hits if hit.kind == "note")


def asked(text: str) -> Results:
    return find(text, user=None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wifi county:Kane", [1]),
        ('wifi county:"kane county"', [1]),
        ("wifi COUNTY:dekalb county:kane", [1, 2]),
        ("wifi district:D303", [1]),
        ('wifi district:"St. Charles"', [1]),
        ("wifi district:sycamore", [2]),
        ("district:427 wifi", [2]),
        ('tag:"student help desk"', [1]),
        ("tag:student-help-desk wifi", [1]),
        ("product:aruba", [1]),
        ("wifi kind:notes", [1, 2]),
        ("wifi kind:note", [1, 2]),
        ("wifi kind:districts", []),
        ("wifi after:2026", [1]),
        ("wifi before:2026", [2]),
        ("wifi after:3/10/2026", [1]),
        ("wifi after:3/11/2026", []),
        ('wifi after:"March 2026"', [1]),
        ("wifi before:2026-04 after:2026-03", [1]),
        ("wifi after:2026-03-11 after:2020", []),
        ("wifi after:2020 after:2026-03-11", []),
        ("wifi before:2026-04 before:2030", [1, 2]),
        ("wifi before:2026 before:2030", [2]),
        ("wifi before:2030 before:2026", [2]),
        ('"wi-fi in" -labs', [1]),
    ],
)
def test_an_operator_limits_what_is_found(corpus: Cast, text: str, expected: list[int]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("wifi county:Cane", "No county is called “Cane”."),
        ("wifi district:Nowhere", "No district is called “Nowhere”."),
        ("wifi kind:poem", "Nothing here is of the kind “poem”."),
        ("wifi tag:secret", "Nothing has the tag “secret”."),
        ("wifi product:abacus", "Nothing names the product “abacus”."),
        ("wifi status:asleep", "No status is called “asleep”."),
        ("wifi before:soon", "“soon” is not a date. Write it as 2026, 2026-03 or 3/15/2026."),
    ],
)
def test_a_value_that_is_nothing_is_said_and_the_words_are_searched(corpus: Cast, text: str, complaint: str) -> None:
    results = asked(text)
    assert results.filters.complaints == [complaint]
    assert not results.filters.values
    assert results.filters.after is results.filters.before is None
    assert found(text) == [1, 2]


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("county:Kane", [2]),
        ('county:"Kane County"', [2]),
        ("district:D303", [2]),
        ('tag:"student help desk"', [2]),
        ("TAG:student-help-desk", [2]),
        ("product:aruba", [2]),
        ("status:open", [2]),
        ("kind:notes", []),
        ("kind:districts", [1, 2]),
        ("before:2026", [1]),
        ("after:3/10/2026", [2]),
    ],
)
def test_a_minus_leaves_out_what_the_operator_finds(corpus: Cast, operator: str, expected: list[int]) -> None:
    assert found(f"wifi -{operator}") == expected
    assert found(f"-{operator}") == expected
    assert sorted(found(f"wifi {operator}") + found(f"wifi -{operator}")) == [1, 2]


def test_the_word_of_what_is_left_out_does_not_matter(corpus: Cast) -> None:
    make_entry(4, "Wi-Fi with Aruba, said so in a text", body="Kane, open, student help desk")
    assert found("wifi -product:aruba") == [2, 4]
    assert found("wifi -aruba") == [2]
    assert found('wifi -tag:"student help desk" -county:dekalb -status:open') == [4]


def test_every_district_of_a_name_is_left_out_and_ten_of_them_may_be_chosen(corpus: Cast) -> None:
    for number in range(12):
        district = make_district(f"Prairie {number:02} CUSD", f"17888{number:02}", corpus.kane, corpus.roe31, 900)
        make_entry(20 + number, "Tablets", district_id=district.pk)
    make_entry(40, "Tablets", district_id=corpus.sycamore.pk)
    assert found("tablets -district:prairie") == [40]
    assert found("tablets district:prairie") == list(range(20, 30))


def test_too_many_districts_of_a_name_are_not_left_out_in_part(corpus: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.search.facets.MOST_NAMED", 3)
    for number in range(4):
        make_district(f"Prairie {number:02} CUSD", f"17888{number:02}", corpus.kane, corpus.roe31, 900)
    filters = asked("wifi -district:prairie").filters
    assert filters.complaints == ["More than 3 districts are called “prairie”. Name the one to leave out."]
    assert (filters.excluded, filters.is_understood) == ({}, False)


def test_what_is_left_out_is_not_counted(corpus: Cast) -> None:
    def counts(text: str, **facets: list[str]) -> dict[str, dict[str, int | None]]:
        results = find(text, user=None, facets=facets, counted=("tag", "county", "status"))
        return {facet: {choice.label: choice.count for choice in made} for facet, made in results.facets.items()}

    assert counts("wifi -county:dekalb")["county"] == {"Kane": 1}
    assert counts("wifi -county:kane") == {"tag": {}, "county": {"DeKalb": 1}, "status": {}}
    chosen = counts("wifi -tag:secret -county:kane", county=[str(corpus.kane.pk), str(corpus.dekalb.pk)])
    assert chosen["county"] == {"Kane": 0, "DeKalb": 1}, "a chosen value is shown, and has nothing left"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("wifi -tag:secret", "Nothing has the tag “secret”."),
        ("wifi -tag:unheardof", "Nothing has the tag “unheardof”."),
        ("wifi -county:Cane", "No county is called “Cane”."),
        ("wifi -before:soon", "“soon” is not a date. Write it as 2026, 2026-03 or 3/15/2026."),
    ],
)
def test_to_leave_out_what_is_nothing_leaves_out_nothing_and_is_said(corpus: Cast, text: str, complaint: str) -> None:
    assert asked(text).filters.complaints == [complaint]
    assert found(text) == [1, 2]


def test_leaving_out_costs_no_query_that_limiting_does_not(corpus: Cast) -> None:
    asked("wifi")
    costs = []
    for minus in ("", "-"):
        with CaptureQueriesContext(connection) as queries:
            results = asked(
                f'wifi {minus}tag:"student help desk" {minus}product:Aruba {minus}county:kane {minus}county:dekalb'
                f" {minus}district:D303 {minus}district:sycamore {minus}status:open"
            )
        assert not results.filters.complaints
        costs.append(len(queries))
    assert costs[1] <= costs[0]


def test_many_counties_typed_cost_one_query_and_each_district_one(corpus: Cast) -> None:
    def cost(operators: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            find(f"wifi {operators}", user=None, exact=True)
        return len(queries)

    asked("wifi")
    plain = cost("")
    assert cost("-county:dekalb") - plain == cost("-county:dekalb -county:cane -county:lane") - plain == 1
    assert cost("-district:kaneland -district:sycamore") - plain == 2


def test_many_tags_and_products_typed_cost_one_query(corpus: Cast) -> None:
    asked("wifi")
    with CaptureQueriesContext(connection) as one:
        assert asked("tag:secret wifi").filters.complaints
    many = "wifi " + " ".join(f"tag:t{number} product:p{number}" for number in range(8))
    with CaptureQueriesContext(connection) as several:
        assert len(asked(many).filters.complaints) == 16
    assert len(several) == len(one)


def test_a_hidden_tag_is_as_unknown_as_any_other(corpus: Cast) -> None:
    assert find("tag:secret", user=corpus.officer).filters.complaints == []
    assert find("tag:secret", user=corpus.member).filters.complaints == ["Nothing has the tag “secret”."]


@pytest.mark.parametrize(
    "text",
    [
        "author:smith",
        "-tag:",
        "-tag:!!",
        "x-tag:y",
        "tag:",
        'tag:""',
        "tag:!!",
        "county: Kane",
        ":",
        "before:",
        "kind:-",
    ],
)
def test_what_is_no_operator_is_plain_words(text: str) -> None:
    query = parse(text)
    assert query.operators == ()
    assert query.words == text


def test_a_foreign_operator_is_its_words() -> None:
    assert [term.typed for term in parse("author:smith").terms] == ["author", "smith"]
    assert [term.typed for term in parse("1:1").terms] == ["1:1"]
    assert [term.typed for term in parse("wifi -author:smith").without] == ["author", "smith"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026", date(2026, 1, 1)),
        ("2026-03", date(2026, 3, 1)),
        ("2026-3-5", date(2026, 3, 5)),
        ("3/15/2026", date(2026, 3, 15)),
        ("03/15/26", date(2026, 3, 15)),
        ("3/2026", date(2026, 3, 1)),
        ("Mar 15, 2026", date(2026, 3, 15)),
        ("march 2026", date(2026, 3, 1)),
        ("2026-02-30", None),
        ("13/13/2026", None),
        ("3/15", None),
        ("0000", None),
        ("٢٠٢٦", None),
        ("99999", None),
    ],
)
def test_days_are_read_as_people_write_them(text: str, day: date | None) -> None:
    assert first_day(text) == day


def links(html: str, words: str) -> list[str]:
    return [
        unescape(href) for href in re.findall(rf'<a class="chip" href="([^"]*)">(?:(?!</a>).)*{words}', one_line(html))
    ]


def test_operators_become_chips_and_leave_the_box(client: Client, corpus: Cast) -> None:
    kane = corpus.kane.pk
    html = client.get("/search/", {"q": "county:Kane wifi after:2026", "size": "2500-4999"}).content.decode()
    assert 'name="q" value="wifi"' in html
    assert f'<input type="hidden" name="county" value="{kane}">' in html
    assert links(html, "Kane") == ["?q=wifi&size=2500-4999&after=2026-01-01"]
    assert links(html, "2,500 to 4,999") == [f"?q=wifi&county={kane}&after=2026-01-01"]
    assert links(html, "Jan 1, 2026") == [f"?q=wifi&county={kane}&size=2500-4999"]
    assert 'href="?q=wifi"' in html, "all can be taken away at once"


def test_phrases_and_excluded_words_are_chips_and_stay_in_the_box(client: Client, corpus: Cast) -> None:
    html = client.get("/search/", {"q": 'wifi "in gyms" -labs -"of buses" county:Kane'}).content.decode()
    county = f"&county={corpus.kane.pk}"
    assert 'name="q" value="wifi &quot;in gyms&quot; -labs -&quot;of buses&quot;"' in html
    assert links(html, "Phrase:</span> in gyms") == [f"?q=wifi+-labs+-%22of+buses%22{county}"]
    assert links(html, "Without:</span> labs") == [f"?q=wifi+%22in+gyms%22+-%22of+buses%22{county}"]
    assert links(html, "Without:</span> of buses") == [f"?q=wifi+%22in+gyms%22+-labs{county}"]
    assert '<a href="?q=wifi">Clear all</a>' in html
    assert 'class="chip"' not in client.get("/search/", {"q": 'wi-fi "" - -"'}).content.decode()


def test_what_is_left_out_is_a_chip_and_stays_in_the_box(client: Client, corpus: Cast) -> None:
    text = 'wifi -tag:gyms -county:"Kane County" tag:"student help desk"'
    html = client.get("/search/", {"q": text}).content.decode()
    assert 'name="q" value="wifi -tag:gyms -county:&quot;Kane County&quot;"' in html
    tag = "&tag=student+help+desk"
    assert links(html, "Not tag:</span> gyms") == [f"?q=wifi+-county%3A%22Kane+County%22{tag}"]
    assert links(html, "Not county:</span> Kane County") == [f"?q=wifi+-tag%3Agyms{tag}"]
    assert '<a href="?q=wifi">Clear all</a>' in html
    dated = client.get("/search/", {"q": "wifi -before:2026"}).content.decode()
    assert links(dated, "From:</span> Jan 1, 2026") == ["?q=wifi"]


def test_the_page_says_what_can_be_typed(client: Client, cast: Cast) -> None:
    html = client.get("/search/").content.decode()
    part = html.partition("What you can type")[2].partition("</details>")[0]
    assert {name for name in OPERATORS if f"{name}:" in part} == set(OPERATORS)
    assert "-tag:" in part
    kind = re.search(r"<code>(kind:[^<]*)</code>", part)
    assert kind, "a kind that is registered"
    assert not asked(kind[1]).filters.complaints


def test_what_was_not_understood_is_said_on_the_page(client: Client, corpus: Cast) -> None:
    html = client.get("/search/", {"q": "wifi county:Cane"}).content.decode()
    assert "No county is called “Cane”." in html
    assert 'name="q" value="wifi"' in html


def test_several_values_of_a_facet_may_be_chosen(client: Client, corpus: Cast) -> None:
    sign_in(client, corpus.member)
    html = client.get(
        "/search/", {"q": "wifi", "county": [str(corpus.kane.pk), str(corpus.dekalb.pk)]}
    ).content.decode()
    assert "2 results" in html
    assert html.count("checked") >= 2


def test_a_search_of_one_kind_says_so(client: Client, corpus: Cast) -> None:
    html = client.get("/search/", {"q": "wifi", "kind": "note"}).content.decode()
    assert "<h1>Search notes</h1>" in html
    assert '<input type="hidden" name="kind" value="note">' in html
