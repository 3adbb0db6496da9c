"""Every list costs the same number of queries with one row and with twenty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from knowledge.models import Product, Tag
from portal.districts.deeds.grant import grant
from portal.districts.models import District, RegionalOffice, Role
from portal.notices.deeds.tell import tell
from portal.saved.deeds.save import save_search
from portal.search.asking.finding import FEW
from purchasing.models import Agreement
from tests.architecture.queries import cost
from tests.architecture.urlconf import own_routes
from tests.conftest import sign_in
from tests.districts.makers import make_invitation, make_join_request, make_waiting
from tests.events.makers import make_item, make_meeting
from tests.knowledge.makers import NOON, make_adoption, make_answer, make_practice, make_question
from tests.pages.makers import make_news, make_toolkit, news_index, toolkit_index
from tests.people import Cast, join, make_district, make_user
from tests.purchasing.makers import make_agreement, make_commitment
from tests.search import differences

MORE = 19
NOW = timezone.now()
Add = Callable[[Cast, int], None]
"""Makes row number n of the list, and all that hangs on such a row."""


@dataclass(frozen=True)
class Listing:
    """A page that shows rows. `who` names the readers in the cast; `make` runs once before the rows are made."""

    url: Callable[[Cast], str]
    add: Add
    who: tuple[str, ...]
    template: str
    route: str = ""
    least: int = 1
    """Rows to begin with. Search asks more where little is found."""


def domain_row(cast: Cast, n: int) -> None:
    make_district(f"Sure {n}", f"21{n:05}", None, None, 1, website=f"http://sure{n}.org")
    make_district(f"Unsure {n}", f"22{n:05}", None, None, 1, website=f"http://d1.unsure{n}.org")
    make_district(f"Without {n}", f"23{n:05}", None, None, 1)


def host_row(cast: Cast, n: int) -> None:
    join(make_user(f"host{n}@roe31.example", f"Host {n}"), Role.HOST, office=cast.roe31)
    RegionalOffice.objects.create(code=f"A{n}", contact="555-0100")


def practice_row(cast: Cast, n: int) -> None:
    practice = make_practice(
        cast.geneva, title=f"Chromebook repair {n}", tags=("repair",), products=("Incident IQ",), audience="public"
    )
    make_adoption(practice, cast.batavia, note="It works.")


def question_row(cast: Cast, n: int) -> None:
    practice, at = make_practice(cast.batavia, title=f"Chromebook case {n}"), NOON + timedelta(hours=n)
    title = f"Which chromebook {n}?"
    question = make_question(
        title=title, practice=practice, district=cast.kaneland, by=cast.buyer, at=at, tags=("repair",)
    )
    make_answer(question, district=cast.geneva, by=cast.neighbor, at=at)
    make_question(title=f"Alone {n}?", district=cast.geneva, by=cast.neighbor, at=at)


def topic_row(cast: Cast, n: int) -> None:
    practice_row(cast, n)
    question_row(cast, n)


def district_row(cast: Cast, n: int) -> District:
    return make_district(f"Elgin {n}", f"98{n:05d}", cast.kane, cast.roe31, 3000 + n)


def meeting_row(cast: Cast, n: int) -> None:
    practice = make_practice(cast.geneva, title=f"On the agenda {n}")
    meeting = make_meeting(cast, days=3 + n % 5, name=f"Series {n}", dates_public=True)
    make_item(meeting, link=("practice", practice.pk), owner=cast.geneva)


def agreement_row(cast: Cast, n: int) -> None:
    agreement = make_agreement(cast, at=timezone.now() - timedelta(days=30 + n), teaser_public=True)
    make_commitment(agreement, cast.geneva, 40, buyer=cast.neighbor)


def history_row(cast: Cast, n: int) -> None:
    make_commitment(_agreement(cast), cast.geneva, 40 + n, buyer=cast.neighbor)


def _agreement(cast: Cast) -> Agreement:
    return Agreement.objects.first() or make_agreement(cast)


def person_row(cast: Cast, n: int) -> None:
    place = district_row(cast, n)
    for district in (place, cast.kaneland):
        person = make_user(f"person{n}@{district.slug}.example", f"Person {n}")
        join(person, Role.MEMBER, district=district)
        join(person, Role.BUYER, district=district)
    make_join_request(make_user(f"asks{n}@kaneland.example", f"Asks {n}"), cast.kaneland)
    make_invitation(f"invited{n}@kaneland.example", cast.kaneland, by=cast.host)
    make_waiting(f"waits{n}@elsewhere.example", cast.kaneland, role=Role.BUYER, by=cast.host)
    grant(make_user(f"granted{n}@kaneland.example", f"Granted {n}"), Role.MEMBER, cast.kaneland, by=cast.host, at=NOW)


def notice_row(cast: Cast, n: int) -> None:
    tell("weekly-summary", [cast.member], key=str(n), at=timezone.now(), sections=[], until=timezone.now())


def saved_row(cast: Cast, n: int) -> None:
    for person in (cast.member, cast.host):
        save_search(person, f"q=wifi+{n}", f"wifi {n}", at=timezone.now())


def district_page_row(cast: Cast, n: int) -> None:
    """What stands on Kaneland's page: people, practices, what it does too, agreements, requests."""
    person_row(cast, n)
    make_practice(cast.kaneland, title=f"Ours {n}")
    make_adoption(make_practice(cast.geneva, title=f"Theirs {n}"), cast.kaneland, by=cast.buyer)
    agreement_row(cast, n)


def home_row(cast: Cast, n: int) -> None:
    topic_row(cast, n)
    meeting_row(cast, n)
    agreement_row(cast, n)
    make_news(f"News {n}")


def county_row(cast: Cast, n: int) -> None:
    district_row(cast, n)
    join(make_user(f"host{n}@roe31.example", f"Host {n}"), Role.HOST, office=cast.roe31)


def news_row(cast: Cast, n: int) -> None:
    make_news(f"News {n}")


def toolkit_row(cast: Cast, n: int) -> None:
    make_toolkit(f"Toolkit {n}", tags=("repair",))


LISTS = {
    "practices": Listing(
        lambda cast: "/practices/",
        practice_row,
        ("visitor", "member", "host", "officer"),
        "knowledge/practice_list.html",
        "knowledge:practice-list",
    ),
    "questions": Listing(
        lambda cast: "/questions/",
        question_row,
        ("member", "officer"),
        "knowledge/question_list.html",
        "knowledge:question-list",
    ),
    "a tag": Listing(
        lambda cast: Tag.objects.get(slug="repair").get_absolute_url(),
        topic_row,
        ("visitor", "member"),
        "knowledge/tag_detail.html",
    ),
    "a product": Listing(
        lambda cast: Product.objects.get().get_absolute_url(),
        practice_row,
        ("visitor", "member"),
        "knowledge/product_detail.html",
    ),
    # Of one kind: each further kind on the page asks its own source for its facts.
    "search, practices": Listing(
        lambda cast: "/search/?q=chromebook&kind=practice",
        topic_row,
        ("visitor", "member", "officer"),
        "search/search_page.html",
        least=FEW,
    ),
    "search, questions": Listing(
        lambda cast: "/search/?q=chromebook&kind=question",
        question_row,
        ("member",),
        "search/search_page.html",
        least=FEW,
    ),
    "saved searches": Listing(
        lambda cast: "/search/saved/", saved_row, ("member", "host"), "saved/search_list.html", "saved:search-list"
    ),
    "people": Listing(lambda cast: "/people/", person_row, ("host", "officer"), "districts/people.html"),
    "notices": Listing(lambda cast: "/notices/", notice_row, ("member",), "notices/settings.html"),
    "districts": Listing(
        lambda cast: "/districts/?q=elgin",
        lambda cast, n: void(district_row(cast, n)),
        ("visitor", "member"),
        "districts/district_list.html",
        "districts:district-list",
    ),
    "mail domains": Listing(
        lambda cast: "/set-up/mail-domains/", domain_row, ("officer",), "districts/set_up_domains.html"
    ),
    "whom to ask": Listing(lambda cast: "/help/", host_row, ("visitor", "member"), "districts/whom_to_ask.html"),
    "a district": Listing(
        lambda cast: cast.kaneland.get_absolute_url(),
        district_page_row,
        ("visitor", "member", "buyer", "host"),
        "districts/district_detail.html",
    ),
    "a county": Listing(
        lambda cast: cast.kane.get_absolute_url(), county_row, ("visitor", "member"), "districts/county_detail.html"
    ),
    "meetings": Listing(
        lambda cast: "/meetings/",
        meeting_row,
        ("visitor", "member", "host"),
        "events/meeting_list.html",
        "events:meeting-list",
    ),
    "agreements": Listing(
        lambda cast: "/agreements/",
        agreement_row,
        ("buyer", "host", "officer"),
        "purchasing/agreement_list.html",
        "purchasing:agreement-list",
    ),
    "announcements": Listing(
        lambda cast: "/agreements/", agreement_row, ("visitor",), "purchasing/announcement_list.html"
    ),
    "an agreement's history": Listing(
        lambda cast: f"{_agreement(cast).get_absolute_url()}history/",
        history_row,
        ("neighbor", "host"),
        "purchasing/agreement_history.html",
    ),
    "home, signed out": Listing(lambda cast: "/", home_row, ("visitor",), "pages/home_visitor.html"),
    "home": Listing(lambda cast: "/", home_row, ("member", "buyer", "host", "officer"), "pages/home_member.html"),
    "news": Listing(lambda cast: news_index().get_url(), news_row, ("visitor", "member"), "pages/news_index.html"),
    "toolkits": Listing(
        lambda cast: toolkit_index().get_url(), toolkit_row, ("visitor", "member"), "pages/toolkit_index.html"
    ),
    "reach": Listing(lambda cast: "/reach/", person_row, ("officer",), "districts/reach.html"),
}
SAMPLES = {
    "style_guide/_lists.html": "shows the component with made-up rows",
    "demo/outbox.html": "exists in the demo only",
}


def void(_: object) -> None:
    """For a maker whose row nobody needs."""


measured: dict[str, dict[str, tuple[int, int]]] = {}
"""By list and reader, the queries with one row and with twenty."""


def measure(cast: Cast, listing: Listing) -> dict[str, tuple[int, int]]:
    """For all its readers over the same rows: making the rows takes longer than looking at them."""
    number = count()
    for _ in range(listing.least):
        listing.add(cast, next(number))
    readers = {who: sign_in(Client(), cast.everyone()[who]) for who in listing.who}
    url = listing.url(cast)
    one = {who: cost(client, url) for who, client in readers.items()}
    for who, (_queries, templates) in one.items():
        assert listing.template in templates, who
    for _ in range(MORE):
        listing.add(cast, next(number))
    return {who: (one[who][0], cost(client, url)[0]) for who, client in readers.items()}


@pytest.mark.parametrize(
    ("name", "who"), [(name, who) for name, listing in LISTS.items() for who in listing.who], ids=str
)
def test_a_list_costs_the_same_with_one_row_and_with_twenty(cast: Cast, name: str, who: str) -> None:
    if name not in measured:
        measured[name] = measure(cast, LISTS[name])
    one, twenty = measured[name][who]
    if name.startswith("search") and differences.few_hits_may_cost_more():
        assert one - 1 <= twenty <= one
    else:
        assert twenty == one


def test_every_list_is_here() -> None:
    """Each template with paging, and each route that is named a list."""
    folder = Path(settings.BASE_DIR) / "templates"
    paged = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if '{% include "components/paging.html"' in path.read_text(encoding="utf-8")
    }
    assert paged - {listing.template for listing in LISTS.values()} == SAMPLES.keys()
    lists = {name for name in own_routes() if name.endswith("-list")}
    assert lists == {listing.route for listing in LISTS.values() if listing.route}
