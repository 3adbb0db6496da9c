from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page, Site

from portal.districts.models.chapter import Chapter
from portal.pages.models import Audience, HomePage
from portal.registry import Need, NeedSource, PanelContext, need_sources
from tests.conftest import sign_in
from tests.pages.makers import home, make_board, make_news, make_page, make_toolkit
from tests.people import Cast


@pytest.fixture
def full_tree() -> None:
    page = home()
    page.how_it_works = [("step", {"title": "Share", "text": "Students repair Chromebooks.", "url": "/practices/"})]
    page.save()
    for number in range(8):
        make_toolkit(f"Toolkit {number}", summary="Links and practices.")
        make_news(f"News {number}")
    make_board(seats=[("seat", {"role": "Treasurer", "who": "Tech director of a unit district", "term": ""})])
    make_page("About", show_in_menus=True)


def test_the_site_starts_with_a_home_page_that_everyone_sees(db: None) -> None:
    page = home()
    assert Site.objects.get().root_page.specific == page
    assert (page.url, page.shown_to, page.depth) == ("/", Audience.PUBLIC, 2)


def test_a_visitor_reads_the_one_sentence_and_can_find_a_district(client: Client, full_tree: None) -> None:
    text = client.get("/").content.decode()
    assert str(Chapter.current().sentence) in text
    assert 'action="/districts/"' in text
    for words in ("Toolkit 0", "News 7", "Treasurer", "Students repair Chromebooks."):
        assert words in text
    assert "News 0" not in text


def test_a_member_reads_what_the_district_needs(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()

    def load(context: PanelContext) -> list[Need]:
        assert context.user == cast.member
        return [Need(f"Chromebooks {n}: 37 short.", "/agreements/1/", "See our price", by=now) for n in range(5)]

    monkeypatch.setattr(need_sources, "_things", {"test": NeedSource("test", load)})
    text = sign_in(client, cast.member).get("/").content.decode()
    assert "Needs Kaneland" in text
    assert text.count("37 short.") == 6  # three rows, each said once more for screen readers in its button
    assert str(Chapter.current().sentence) not in text.split("<main")[1]


@pytest.mark.parametrize("who", ["stranger", "outsider", "host", "officer"])
def test_everyone_has_a_home(client: Client, cast: Cast, full_tree: None, who: str) -> None:
    response = sign_in(client, getattr(cast, who)).get("/")
    assert response.status_code == 200
    assert ("Find your district" in response.content.decode()) == (who == "stranger")


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_home_works_without_a_page_tree(client: Client, cast: Cast, who: str) -> None:
    Site.objects.all().delete()
    for page in HomePage.objects.all():
        page.delete()
    assert Page.objects.count() == 1
    assert sign_in(client, getattr(cast, who)).get("/").status_code == 200


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_home_costs_at_most_twelve_queries(
    client: Client,
    cast: Cast,
    full_tree: None,
    who: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    sign_in(client, getattr(cast, who))
    signed_in = 0 if who == "visitor" else 3  # session, person, memberships
    client.get("/")  # the chapter and the menu are kept in the process
    with django_assert_max_num_queries(12 + signed_in):
        client.get("/")


def test_the_sitemap_names_public_pages_and_no_others(client: Client, db: None) -> None:
    make_page("Open")
    closed = make_page("Closed", audience=Audience.MEMBERS)
    make_page("Below closed", parent=closed)
    make_page("Draft", live=False)
    text = client.get(reverse("pages:sitemap")).content.decode()
    assert "<loc>http://testserver/</loc>" in text
    assert "<loc>http://testserver/open/</loc>" in text
    assert text.count("<loc>") == 2


def test_robots_are_told_where_the_sitemap_is(client: Client, db: None) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text
