"""What stands around every page: kept by what it shows, so that it is right on the next request."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from portal.districts.models import Membership, Role
from portal.districts.models.chapter import Chapter
from portal.templatetags import parts
from tests.conftest import sign_in
from tests.pages.makers import make_page
from tests.people import Cast, join


def header(client: Client, path: str = "/districts/") -> str:
    return client.get(path).content.decode().partition("<main")[0]


def test_a_part_is_rendered_once_for_what_it_shows() -> None:
    parts._rendered.cache_clear()
    first = parts.part("frame/themes.html", theme="dark")
    assert parts.part("frame/themes.html", theme="dark") is first
    assert parts.part("frame/themes.html", theme="light") != first
    with translation.override("es"):
        parts.part("frame/themes.html", theme="dark")
    assert parts._rendered.cache_info().misses == 3


def test_a_text_never_gets_what_was_kept_for_safe_html() -> None:
    trusted = mark_safe("<b>Search</b>")
    box = "components/search_box.html"
    assert "<b>Search</b>" in parts.part(box, id="a", label=trusted)
    assert "<b>Search</b>" not in parts.part(box, id="a", label=str.__str__("<b>Search</b>"))


def test_a_right_that_began_or_ended_shows_on_the_next_request(cast: Cast, client: Client) -> None:
    sign_in(client, cast.member)
    assert "Set up" not in header(client)
    join(cast.member, Role.OFFICER)
    assert "Set up" in header(client)
    Membership.objects.filter(person=cast.member, role=Role.OFFICER).update(until=timezone.localdate() - timedelta(1))
    assert "Set up" not in header(client)
    Membership.objects.filter(person=cast.member).delete()
    page = header(client)
    assert "Your district" not in page
    assert "Saved searches" not in page
    assert "Sign out" in page


def test_two_people_have_each_their_own_menu(cast: Cast) -> None:
    for person in (cast.member, cast.neighbor):
        page = header(sign_in(Client(), person))
        assert person.standing.district is not None
        assert person.name in page
        assert page.count(f'href="{person.standing.district.get_absolute_url()}"') == 2
    page = header(Client())
    assert page.count("Sign in") == 2
    assert "Sign out" not in page


def test_the_chapter_s_new_name_and_a_page_of_the_menu_show_at_once(cast: Cast, client: Client) -> None:
    page = make_page("About us", show_in_menus=True)
    assert "About us" in header(client)
    page.title = "Who we are"
    page.save()
    assert "Who we are" in header(client)
    page.unpublish()
    assert "Who we are" not in header(client)
    Chapter(name="Prairie Roundtable").save()
    assert "Prairie Roundtable" in header(client)


def test_the_menu_says_where_the_reader_is(cast: Cast, client: Client) -> None:
    page = make_page("About us", show_in_menus=True)
    here = 'aria-current="page"'
    assert header(client, "/districts/").count(f'href="/districts/" {here}') == 2
    assert header(client, cast.geneva.get_absolute_url()).count('href="/districts/" aria-current="true"') == 2
    assert header(client, page.get_url()).count(f'href="{page.get_url()}" {here}') == 2
    assert here not in header(client, "/search/")


def test_signing_out_is_a_form_of_every_page(cast: Cast, client: Client) -> None:
    page = sign_in(client, cast.member).get("/districts/").content.decode()
    assert page.count('<button type="submit" form="sign-out">') == 2
    assert page.count('<form id="sign-out" method="post" action="/accounts/logout/">') == 1
    client.post("/accounts/logout/")
    assert "sign-out" not in client.get("/districts/").content.decode()
