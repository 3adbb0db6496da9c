"""Who sees which page: on the web, in lists and menus, under ancestors that are tighter."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from wagtail.models import Page

from portal.pages.models import Audience, HomePage, PortalPage, StandardPage
from portal.pages.screens.menu import pages_in_menu
from tests.conftest import sign_in
from tests.pages.makers import make_news, make_page, make_toolkit, news_index, toolkit_index
from tests.people import Cast

SEES = {
    "visitor": {Audience.PUBLIC},
    "stranger": {Audience.PUBLIC},
    "outsider": {Audience.PUBLIC, Audience.MEMBERS},
    "member": {Audience.PUBLIC, Audience.MEMBERS},
    "buyer": {Audience.PUBLIC, Audience.MEMBERS},
    "neighbor": {Audience.PUBLIC, Audience.MEMBERS},
    "host": {Audience.PUBLIC, Audience.MEMBERS},
    "officer": {Audience.PUBLIC, Audience.MEMBERS, Audience.OFFICERS},
}


@pytest.mark.parametrize("who", SEES)
def test_each_of_the_cast_sees_what_is_theirs_and_404_else(cast: Cast, client: Client, who: str) -> None:
    pages = {audience: make_page(f"For {audience}", audience=audience, show_in_menus=True) for audience in Audience}
    person = getattr(cast, who)
    sign_in(client, person)
    expected = {audience.value for audience in SEES[who]}
    assert {a.value for a, page in pages.items() if client.get(page.url).status_code == 200} == expected
    assert {client.get(page.url).status_code for page in pages.values()} <= {200, 404}
    assert {p.shown_to for p in PortalPage.objects.visible_to(person).filter(depth=3)} == expected
    assert {item.title for item in pages_in_menu(person)} == {f"For {audience}" for audience in expected}


def test_an_ancestors_tighter_audience_wins(cast: Cast, client: Client) -> None:
    closed = make_page("Closed", audience=Audience.OFFICERS)
    inner = make_page("Inner", parent=closed, audience=Audience.MEMBERS)
    leaf = make_page("Leaf", parent=inner, audience=Audience.PUBLIC)
    assert [page.shown_to for page in (closed, inner, leaf)] == [Audience.OFFICERS] * 3
    assert client.get(leaf.url).status_code == 404
    assert sign_in(client, cast.member).get(leaf.url).status_code == 404
    assert sign_in(client, cast.officer).get(leaf.url).status_code == 200


def test_changing_an_ancestor_changes_what_lies_below_it() -> None:
    top = make_page("Top")
    middle = make_page("Middle", parent=top)
    leaf = make_page("Leaf", parent=middle, audience=Audience.MEMBERS)
    top.audience = Audience.OFFICERS
    top.save()
    assert _shown(top, middle, leaf) == [Audience.OFFICERS] * 3
    top.audience = Audience.PUBLIC
    top.save()
    assert _shown(top, middle, leaf) == [Audience.PUBLIC, Audience.PUBLIC, Audience.MEMBERS]
    PortalPage.objects.filter(pk=middle.pk).update(audience=Audience.MEMBERS)
    assert _shown(top, middle, leaf) == [Audience.PUBLIC, Audience.MEMBERS, Audience.MEMBERS]


def _shown(*pages: PortalPage) -> list[str]:
    return [PortalPage.objects.get(pk=page.pk).shown_to for page in pages]


@pytest.mark.django_db
def test_a_moved_page_takes_on_its_new_place() -> None:
    closed, leaf = make_page("Closed", audience=Audience.OFFICERS), make_page("Leaf")
    below = make_page("Below", parent=leaf)
    Page.objects.get(pk=leaf.pk).move(Page.objects.get(pk=closed.pk), pos="last-child")
    assert _shown(leaf, below) == [Audience.OFFICERS, Audience.OFFICERS]


def test_a_draft_and_a_revision_show_nothing_before_they_are_published(cast: Cast, client: Client) -> None:
    draft = make_page("Draft", live=False)
    page = make_page("Page")
    page.audience, page.summary = Audience.OFFICERS, "Not yet said"
    revision = page.save_revision()
    sign_in(client, cast.officer)
    assert client.get(draft.url).status_code == 404
    assert "Not yet said" not in client.get(page.url).content.decode()
    assert _shown(page) == [Audience.PUBLIC]
    revision.publish()
    assert _shown(page) == [Audience.OFFICERS]


@pytest.mark.parametrize("rows", [1, 12])
def test_page_and_list_cost_the_same_however_many_there_are(
    cast: Cast, client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        make_news(f"News {number}", summary="What happened.")
        make_toolkit(f"Toolkit {number}", tags=("repair",))
    leaf = make_page("Leaf", parent=make_page("Top"))
    sign_in(client, cast.member)
    client.get("/robots.txt")
    for url, baseline in ((news_index().url, 3), (toolkit_index().url, 3), (leaf.url, 3)):
        client.get(url)  # the menu is kept in the process
        with django_assert_num_queries(baseline + 3):
            assert client.get(url).status_code == 200


def test_a_page_cannot_take_an_address_of_the_portal(cast: Cast, client: Client) -> None:
    sign_in(client, cast.officer)
    data = {
        "title": "Districts",
        "slug": "districts",
        "audience": "public",
        "summary": "",
        "body-count": "0",
        "action-publish": "1",
    }
    home_pk = news_index().get_parent().pk
    response = client.post(f"/admin/pages/add/pages/standardpage/{home_pk}/", data)
    assert "The portal itself uses this address" in response.content.decode()
    assert not StandardPage.objects.exists()
    response = client.post(f"/admin/pages/add/pages/standardpage/{home_pk}/", data | {"slug": "our-districts"})
    assert response.status_code == 302
    assert client.get("/our-districts/").status_code == 200


@pytest.mark.parametrize(("audience", "status"), [(Audience.PUBLIC, 301), (Audience.MEMBERS, 404)])
def test_a_changed_address_leads_to_the_new_one_whom_it_concerns(
    client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    audience: Audience,
    status: int,
    cast: Cast,
) -> None:
    page = make_page("Old name", audience=audience)
    page.slug = "new-name"
    with django_capture_on_commit_callbacks(execute=True):
        page.save()
    response = client.get("/old-name/")
    assert response.status_code == status
    assert sign_in(client, cast.member).get("/old-name/").headers["Location"] == "/new-name/"


def test_only_public_pages_say_how_they_look_when_shared(cast: Cast, client: Client) -> None:
    sign_in(client, cast.member)
    assert 'property="og:title"' in client.get(make_page("Open", summary="Words.").url).content.decode()
    closed = client.get(make_page("Closed", audience=Audience.MEMBERS).url).content.decode()
    assert "og:" not in closed
    assert 'content="noindex"' in closed


def test_the_menu_has_eight_pages_at_most_in_the_order_an_officer_gave_them(db: None) -> None:
    names = [f"{letter} page" for letter in "ihgfedcba"]
    for name in names:
        make_page(name, show_in_menus=True)
    assert [item.title for item in pages_in_menu(AnonymousUser())] == names[:8]


def test_empty_lists_say_what_belongs_there(client: Client) -> None:
    for page in (news_index(), toolkit_index()):
        assert 'class="empty"' in client.get(page.url).content.decode()


def test_another_home_page_cannot_be_made() -> None:
    assert not HomePage.can_create_at(Page.get_first_root_node())
